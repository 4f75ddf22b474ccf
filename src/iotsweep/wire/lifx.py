"""LIFX LAN protocol over UDP 56700: GetService and its answer (lan.developer.lifx.com)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import mac, number

PORT = 56700
QUESTION = bytes.fromhex("240000340200000000000000000000000000000000000100000000000000000002000000")
KEYS = ("lifx.mac", "lifx.service", "lifx.port")
_STATE_SERVICE = 3
_PROTOCOL = 1024


def decode_reply(data: bytes) -> dict[str, str]:
    """The lamp's address, and the service that it names."""
    if len(data) < 41 or number(data, 2, 2, "little") & 0x0FFF != _PROTOCOL:
        raise WireError("no LIFX message")
    if number(data, 32, 2, "little") != _STATE_SERVICE:
        raise WireError("a LIFX message of another type")
    return {
        "lifx.mac": mac(data, 8),
        "lifx.service": str(data[36]),
        "lifx.port": str(number(data, 37, 4, "little")),
    }
