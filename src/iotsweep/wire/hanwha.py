"""Hanwha (Samsung Wisenet) search over UDP 7701, answered on 7711 (UniversalScanner)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text, text

PORT, ANSWER_PORT = 7701, 7711
QUESTION = b"\x01" + bytes(261)
KEYS = ("hanwha.mac", "hanwha.ip", "hanwha.model", "hanwha.url")
_ANSWER = 0x0B


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer."""
    if data[:1] != bytes([_ANSWER]):
        raise WireError("no Hanwha answer")
    address = mac_text(text(data, 0x13, 17))
    if not address:
        raise WireError("a Hanwha answer without a MAC")
    return filled(
        {
            "hanwha.mac": address,
            "hanwha.ip": text(data, 0x25, 16),
            "hanwha.model": text(data, 0x6D, 10),
            "hanwha.url": text(data, 0x85, 39),
        }
    )
