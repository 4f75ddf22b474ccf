"""Reolink's search over UDP 2000, answered with 388 bytes on 3000 (reolink-cli). Never C2D_C, which wakes cameras."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text, text

PORT, ANSWER_PORT = 2000, 3000
QUESTION = bytes.fromhex("aaaa0000")
KEYS = ("reolink.mac", "reolink.model")
_LENGTH = 388


def decode_reply(data: bytes) -> dict[str, str]:
    """MAC and model. The rest holds an access key: never looked at."""
    if len(data) != _LENGTH:
        raise WireError("no Reolink answer")
    address = mac_text(text(data, 164, 32))
    if not address:
        raise WireError("a Reolink answer without a MAC")
    return filled({"reolink.mac": address, "reolink.model": text(data, 196, 32)})
