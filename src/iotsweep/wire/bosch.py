"""Bosch cameras: RCP+ search over UDP 1757, answered on 1758 in binary or in XML (UniversalScanner)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, local_name, read_xml
from iotsweep.wire.layout import filled, ipv4, mac, mac_text

PORT, ANSWER_PORT = 1757, 1758
QUESTION = bytes.fromhex("9939a42700000001ff0006de")  # the last two bytes name the answer's port
KEYS = ("bosch.mac", "bosch.ip", "bosch.name", "bosch.serial")
_MAGIC = bytes.fromhex("9939a427")
_SHORTEST = 24
_LARGEST = 16 * 1024


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of either form. The session key and unit ids of the XML are never among them."""
    if data[:4] == _MAGIC and len(data) >= _SHORTEST:
        facts = {"bosch.mac": mac_text(mac(data, 8)), "bosch.ip": ipv4(data, 0x10)}
    elif data[:1] == b"<" and len(data) <= _LARGEST:
        facts = _read_xml(data)
    else:
        raise WireError("no Bosch answer")
    if not facts.get("bosch.mac"):
        raise WireError("a Bosch answer without a MAC")
    return filled(facts)


def _read_xml(data: bytes) -> dict[str, str]:
    device = next((element for element in read_xml(data) if local_name(element) == "device"), None)
    if device is None:
        raise WireError("no Bosch answer")
    return {
        "bosch.mac": mac_text(child_text(device, "physAddress")),
        "bosch.ip": child_text(device, "unitIPAddress"),
        "bosch.name": child_text(device, "friendlyName"),
        "bosch.serial": child_text(device, "serialNumber"),
    }
