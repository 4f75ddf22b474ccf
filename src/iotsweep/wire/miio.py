"""Xiaomi miIO hello over UDP 54321 (python-miio, protocol.py)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import number

QUESTION = bytes.fromhex("21310020" + "ff" * 28)
KEYS = ("miio.device_id",)
_NOBODY = 0xFFFFFFFF


def decode_reply(data: bytes) -> dict[str, str]:
    """The device's id. Bytes 16 to 31 can be the control token: they are never looked at."""
    if len(data) != 32 or data[:4] != QUESTION[:4]:
        raise WireError("no miIO hello")
    device = number(data, 8, 4)
    if device == _NOBODY:
        raise WireError("a miIO question, not a reply")
    return {"miio.device_id": str(device)}
