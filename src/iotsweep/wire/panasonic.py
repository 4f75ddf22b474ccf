"""Panasonic and i-PRO network cameras: search over UDP 10670, answered on 10669 (UniversalScanner)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac, mac_text

PORT, ANSWER_PORT = 10670, 10669
KEYS = ("panasonic.name", "panasonic.model", "panasonic.firmware", "panasonic.mac", "panasonic.ip")
_TEXTS = {0xA7: "panasonic.name", 0xA8: "panasonic.model", 0xA9: "panasonic.firmware"}
_ADDRESS = 0x20
_FIELDS_START = 53
_LARGEST = 4096
_HEAD = bytes.fromhex("00010000000d000000000000")
_ASKED = bytes.fromhex("000120111e11231f1e19130000020000") + bytes(8) + bytes.fromhex("0000ffff")
# The answer to everybody comes as a broadcast, so no MAC of ours needs to stand here.
_NOBODY = b"\xff" * 6


def encode_question(address: str) -> bytes:
    """The search in the name of this laptop's own `address`; the checksum is left zero, as the vendor's tool does."""
    return _HEAD + _NOBODY + IPv4Address(address).packed + _ASKED + bytes(2)


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer: fields with a type and a length of two bytes each."""
    if not _FIELDS_START < len(data) <= _LARGEST or data[:2] != b"\0\1" or data[4:6] != b"\0\x0e":
        raise WireError("no Panasonic answer")
    facts: dict[str, str] = {"panasonic.mac": mac_text(mac(data, 6))}
    for kind, value in _fields(data):
        if kind in _TEXTS:
            facts.setdefault(_TEXTS[kind], value.partition(b"\0")[0].decode("utf-8", "replace").strip())
        elif kind == _ADDRESS and len(value) == 4:
            facts.setdefault("panasonic.ip", ".".join(map(str, value)))
    if not facts.get("panasonic.name") and not facts.get("panasonic.model"):
        raise WireError("a Panasonic answer without a name")
    return filled(facts)


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = _FIELDS_START
    while place + 4 <= len(data):
        kind, length = struct.unpack_from("!2H", data, place)
        value = data[place + 4 : place + 4 + length]
        if len(value) < length:
            return
        yield kind, value
        place += 4 + length
