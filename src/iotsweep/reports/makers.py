"""Facts of makers' own discovery in words: whose question was answered, and with what."""

from __future__ import annotations

# Whose protocol it is, as it fits into "It answers ... own discovery".
_WHOSE = {
    "bosch": "Bosch's",
    "broadlink": "Broadlink's",
    "coap": "Shelly's",
    "dahua": "Dahua's",
    "dhip": "Dahua's",
    "dvrip": "Xiongmai's (XMEye, iCSee)",
    "foscam": "Foscam's",
    "govee": "Govee's",
    "gree": "Gree's",
    "hanwha": "Hanwha's (Wisenet)",
    "kasa": "TP-Link's",
    "lifx": "LIFX's",
    "magichome": "Magic Home's",
    "midea": "Midea's",
    "miio": "Xiaomi's",
    "panasonic": "Panasonic's",
    "pppp": "the peer-to-peer cameras'",
    "reolink": "Reolink's",
    "roku": "Roku's",
    "sadp": "Hikvision's",
    "shelly": "Shelly's",
    "sony": "Sony's",
    "tapo": "TP-Link's",
    "tuya": "Tuya's",
    "tvt": "TVT's",
    "ubiquiti": "Ubiquiti's",
    "v380": "V380's",
    "vision360": "360 Vision's",
    "vivotek": "Vivotek's",
    "vstarcam": "VStarcam's",
    "wiz": "WiZ's",
    "yeelight": "Yeelight's",
}
_WHAT = {
    "alias": "the name",
    "dev_name": "the product name",
    "device_class": "the class",
    "device_description": "the model",
    "device_id": "the id",
    "device_model": "the model",
    "device_name": "the name",
    "device_sn": "the serial number",
    "device_type": "the type",
    "family": "the family",
    "firmware": "the firmware",
    "gw_id": "the id",
    "host_name": "the name",
    "hostname": "the name",
    "mac": "the hardware address",
    "machine_name": "the name",
    "model": "the model",
    "module_name": "the module",
    "name": "the name",
    "platform": "the product",
    "prefix": "an id that starts with",
    "product": "the product",
    "product_key": "the product key",
    "serial": "the serial number",
    "serial_no": "the serial number",
    "sku": "the model",
    "sn": "the serial number",
    "type": "the type",
    "uid": "the id",
    "vendor": "the maker",
    "version": "the version",
}


def find_sentence(key: str) -> str | None:
    """The sentence for a fact of a maker's protocol, {} for its value; None when nobody knows the protocol."""
    protocol, _, field = key.partition(".")
    whose = _WHOSE.get(protocol)
    if whose is None or not field:
        return None
    return f"It answers {whose} own discovery with {_WHAT.get(field, '{key} =')} {{}}."
