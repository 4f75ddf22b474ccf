"""Broadlink hello over UDP 80 (python-broadlink). Never 0x14 or 0x65: they join a network and open a session."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import field, filled, mac_text, number, text

PORT = 80
_COMMAND = 0x06
_CHECKSUM, _CHECKSUM_START = 0x20, 0xBEAF
_SHORTEST = 0x80
_STARTS = (bytes(4), bytes.fromhex("5aa5aa55"))
KEYS = ("broadlink.type", "broadlink.mac", "broadlink.name")


def encode_question() -> bytes:
    """The hello with the time left zero."""
    hello = bytearray(0x30)
    hello[0x26] = _COMMAND
    hello[_CHECKSUM : _CHECKSUM + 2] = ((_CHECKSUM_START + sum(hello)) & 0xFFFF).to_bytes(2, "little")
    return bytes(hello)


def decode_reply(data: bytes) -> dict[str, str]:
    """Device type as four hexadecimal digits, MAC and name."""
    if not _SHORTEST <= len(data) <= 1024 or data[:4] not in _STARTS:
        raise WireError("no Broadlink answer")
    address = mac_text(field(data, 0x3A, 6)[::-1].hex())
    if not address:
        raise WireError("a Broadlink answer without a MAC")
    name = text(data, 0x40, 0x3C)
    kind = f"{number(data, 0x34, 2, 'little'):04x}"
    return filled({"broadlink.type": kind, "broadlink.mac": address, "broadlink.name": name})
