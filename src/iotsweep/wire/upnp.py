"""UPnP device descriptions (UPnP Device Architecture 2.0, section 2.3)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, child_texts, local_name, read_xml

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
    elements = list(read_xml(data).iter())
    found = [element for element in elements if local_name(element) == "device"]
    if not found:
        raise WireError("a description without a device")
    service_tags = {element.tag for element in elements if local_name(element) == "service"}
    return tuple(_device(element, service_tags) for element in found[:_MOST_DEVICES])


def _device(element: Element, service_tags: Set[str]) -> UpnpDevice:
    """`service_tags`: the names, with their namespaces, under which services stand in this description."""
    values = child_texts(element)
    services = [child_text(each, "serviceType") for each in element.iter() if each.tag in service_tags]
    return UpnpDevice(
        values.get("deviceType", ""),
        tuple((key, values[name]) for name, key in _FIELDS.items() if values.get(name)),
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
