"""Hikvision SADP: XML by multicast on UDP 37020 (hiktools). Only the type "inquiry" is ever asked."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_texts, local_name, read_xml
from iotsweep.wire.layout import filled, mac_text

GROUP, PORT = "239.255.255.250", 37020
_FIELDS = {
    "DeviceDescription": "sadp.device_description",
    "DeviceType": "sadp.device_type",
    "DeviceSN": "sadp.device_sn",
    "SoftwareVersion": "sadp.software_version",
    "DSPVersion": "sadp.dsp_version",
    "CommandPort": "sadp.command_port",
    "HttpPort": "sadp.http_port",
    "IPv4Address": "sadp.ipv4_address",
    "BootTime": "sadp.boot_time",
    "Activated": "sadp.activated",
    "AnalogChannelNum": "sadp.analog_channel_num",
    "DigitalChannelNum": "sadp.digital_channel_num",
    "DiskNumber": "sadp.disk_number",
    "OEMInfo": "sadp.oem_info",
}
KEYS = (*_FIELDS.values(), "sadp.mac")
_LARGEST = 8192


def encode_question(message_id: str) -> bytes:
    """The inquiry that Hikvision's own search tool sends."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>{message_id.upper()}</Uuid><Types>inquiry</Types></Probe>'
    ).encode()


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a ProbeMatch or Hello. Salt and password-reset fields are never among them."""
    if len(data) > _LARGEST:
        raise WireError(f"{len(data)} bytes are too much for a SADP reply")
    root = read_xml(data)
    if local_name(root) not in {"ProbeMatch", "Hello"}:
        raise WireError("no SADP reply")
    said = child_texts(root)
    facts = filled({key: said.get(name, "") for name, key in _FIELDS.items()})
    facts |= filled({"sadp.mac": mac_text(said.get("MAC", ""))})
    if not facts:
        raise WireError("a SADP reply that tells nothing")
    return facts
