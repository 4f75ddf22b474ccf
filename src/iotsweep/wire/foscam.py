"""Foscam's search over UDP 10000: "MO_I" frames, some with the body XORed (UniversalScanner, python-dvr)."""

from __future__ import annotations

from itertools import cycle

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import field, filled, ipv4, mac_text, number, text

PORT = 10000
QUESTIONS = (
    bytes.fromhex("4d4f5f490000000000000000000000040000000400000000000001"),
    bytes.fromhex("4d4f5f490000000000000000000000040000000000000000000001"),
)
KEYS = (
    "foscam.name",
    "foscam.serial",
    "foscam.mac",
    "foscam.ip",
    "foscam.firmware",
    "foscam.web_firmware",
    "foscam.port",
)
_ANSWER = 1
_HEADER, _END = 0x17, 0x57


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer."""
    if len(data) < _END or data[:4] != b"MO_I" or number(data, 4, 2, "little") != _ANSWER:
        raise WireError("no Foscam answer")
    if data[6]:
        body = data[_HEADER:_END]
        data = data[:_HEADER] + bytes(byte ^ key for byte, key in zip(body, cycle(data[7:15]), strict=False))
    serial = text(data, 0x17, 13)
    return filled(
        {
            "foscam.serial": serial,
            "foscam.mac": mac_text(serial),  # the serial is the MAC on real cameras
            "foscam.name": text(data, 0x24, 21),
            "foscam.ip": ipv4(data, 0x39),
            "foscam.firmware": _version(field(data, 0x4D, 4)),
            "foscam.web_firmware": _version(field(data, 0x51, 4)),
            "foscam.port": str(number(data, 0x55, 2)),
        }
    )


def _version(raw: bytes) -> str:
    return ".".join(str(byte) for byte in raw)
