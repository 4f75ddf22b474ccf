"""UPnP device descriptions (UPnP Device Architecture 2.0, section 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, local_name, read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_DEVICES = 24
_MOST_SERVICES = 48
_FIELDS = {
    "friendlyName": "upnp.friendly_name",
    "manufacturer": "upnp.manufacturer",
    "manufacturerURL": "upnp.manufacturer_url",
    "modelName": "upnp.model_name",
    "modelNumber": "upnp.model_number",
    "modelDescription": "upnp.model_description",
    "modelURL": "upnp.model_url",
    "serialNumber": "upnp.serial",
    "UDN": "upnp.udn",
}
KEYS = ("upnp.device_type", "upnp.service_type", *_FIELDS.values())
_IDENTITY = ("upnp.manufacturer", "upnp.model_name", "upnp.model_number")


@dataclass(frozen=True, slots=True)
class UpnpDevice:
    """One device of a description, the root or an embedded one."""

    device_type: str
    facts: tuple[tuple[str, str], ...]
    service_types: tuple[str, ...] = ()


def decode_description(data: bytes) -> tuple[UpnpDevice, ...]:
    """The root device and then its embedded ones. Raises WireError when there is none."""
    found = [element for element in read_xml(data).iter() if local_name(element) == "device"]
    if not found:
        raise WireError("a description without a device")
    return tuple(_device(element) for element in found[:_MOST_DEVICES])


def _device(element: Element) -> UpnpDevice:
    values = {key: child_text(element, name) for name, key in _FIELDS.items()}
    services = [child_text(each, "serviceType") for each in element.iter() if local_name(each) == "service"]
    return UpnpDevice(
        child_text(element, "deviceType"),
        tuple((key, value) for key, value in values.items() if value),
        tuple(dict.fromkeys(filter(None, services[:_MOST_SERVICES]))),
    )


def to_facts(devices: tuple[UpnpDevice, ...]) -> tuple[dict[str, list[str]], ...]:
    """One set of facts for the root device with every device type, and one for each embedded device of another make."""
    root = dict(devices[0].facts)
    types = list(dict.fromkeys(device.device_type for device in devices if device.device_type))
    told = [_told(types, devices[0])]
    makes = {_make(root)}
    for device in devices[1:]:
        facts = dict(device.facts)
        if _make(facts) not in makes and any(_make(facts)):
            makes.add(_make(facts))
            told.append(_told([device.device_type], device))
    return tuple(told)


def _told(types: list[str], device: UpnpDevice) -> dict[str, list[str]]:
    services = {"upnp.service_type": list(device.service_types)} if device.service_types else {}
    return {"upnp.device_type": types} | services | {key: [value] for key, value in device.facts}


def _make(facts: dict[str, str]) -> tuple[str, ...]:
    return tuple(facts.get(key, "").lower() for key in _IDENTITY)
