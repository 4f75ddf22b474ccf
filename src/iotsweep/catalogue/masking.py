"""Takes out of a device's facts what tells of a person or of one single device. Only listed keys pass at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iotsweep.catalogue.personal import NAME, PLACE, WIFI, sort_personal
from iotsweep.model import Observation

# What the product says of itself, the most telling first. Everything that is on no list is left out.
STATED = (
    *("tapo.device_model", "tapo.device_type", "kasa.model", "sadp.model", "dhip.device_type", "ubiquiti.model"),
    *("yeelight.model", "hanwha.model", "tvt.model", "matter.product_id", "matter.vendor_id", "onvif.hardware"),
    *("mdns.txt.md", "mdns.txt.model", "mdns.txt.ty", "mdns.txt.product", "mdns.txt.usb_mdl", "mdns.txt.am"),
    *("mdns.txt.manufacturer", "mdns.txt.vendor", "mdns.txt.usb_mfg", "mdns.txt.brand", "mdns.txt.devtype"),
    *("upnp.model_name", "upnp.model_number", "upnp.manufacturer", "upnp.model_description", "snmp.sys_descr"),
    *("http.favicon", "http.title", "http.realm", "rtsp.server", "rtsp.realm", "tls.subject", "sip.server"),
    *("ftp.banner", "telnet.banner", "dhcp.vendor_class", "ssdp.server", "nmap.product"),
)
# What many products share: worth something only beside the above.
CONTEXT = ("mdns.service", "mdns.txt.ci", "upnp.device_type", "ssdp.st", "wsd.types", "http.server", "tls.issuer")
# Names that a person may have chosen: kept only where they repeat what the product says of itself.
NAMES = ("dhcp.hostname", "mdns.host", "mdns.name", "netbios.name", "dns.name", "upnp.friendly_name", "onvif.name")

HOLE = "\x00"
_MAC = re.compile(
    r"\b[0-9a-f]{2}(?:([:\-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}\b|(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])", re.I
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_SERIAL = re.compile(
    r"(?<![a-z0-9])(?=[a-z]{0,6}\d)[a-z0-9]{0,6}\d{8,}[a-z0-9]*|(?<![0-9a-f])[0-9a-f]{14,}(?![0-9a-f])", re.I
)
_TAIL = re.compile(r"(?:(?<=[\-_ ])[0-9a-f]{4,12}|(?<=[g-z_\- ])[0-9a-f]{6,12})$", re.I)
_ADDRESS = re.compile(r"\S+@\S+")
_WORD = re.compile(r"[^\W\d_]{3,}")


def private_words(observations: Iterable[Observation]) -> frozenset[str]:
    """Words of the names that somebody gave the device, but for those that the product itself uses."""
    given: set[str] = set()
    said: set[str] = set()
    for observation in observations:
        for key, value in observation.facts:
            words = set(_WORD.findall(value.casefold()))
            if sort_personal(key) in (NAME, PLACE, WIFI):
                given |= words
            elif key in STATED and key not in ("http.title", "http.realm"):
                said |= words
    return frozenset(given - said)


def mask(key: str, value: str, private: frozenset[str]) -> str | None:
    """`value` with a HOLE for each personal part; None when it is better left out."""
    if key in NAMES:
        masked = _TAIL.sub(HOLE, _mask_numbers(value))
        return None if private & set(_WORD.findall(masked.casefold())) or not _WORD.search(masked) else masked
    if key not in STATED and key not in CONTEXT:
        return None
    if private & set(_WORD.findall(value.casefold())):
        return None
    return value if key == "http.favicon" else _mask_numbers(value)


def _mask_numbers(value: str) -> str:
    for pattern in (_ADDRESS, _UUID, _MAC, _IPV4, _SERIAL):
        value = pattern.sub(HOLE, value)
    return value


def as_example(masked: str) -> str:
    """Something that could have stood there."""
    return masked.replace(HOLE, "000000")


def as_clue(masked: str) -> str:
    """What fits whatever stood there."""
    return re.sub(r"\*+", "*", masked.replace(HOLE, "*"))
