"""Vivotek's search over UDP 10000, which is Foscam's port too: a session byte, a magic, fields (UniversalScanner)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text

PORT = 10000
QUESTION = bytes.fromhex("014a5d8f1c")
KEYS = ("vivotek.name", "vivotek.model", "vivotek.mac", "vivotek.ip")
_ANSWER = bytes.fromhex("024a5d8f1c")
_LONG_NAME, _MAC, _ADDRESS, _HOLDER, _SHORT_NAME = 1, 2, 3, 4, 9
_MOST_FIELDS = 64
_LARGEST = 2048


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer: type and length of one byte each, then the value."""
    if data[:5] != _ANSWER or len(data) > _LARGEST:
        raise WireError("no Vivotek answer")
    fields, place = dict[int, bytes](), 5
    while place + 2 <= len(data) and len(fields) < _MOST_FIELDS:
        value = data[place + 2 : place + 2 + data[place + 1]]
        fields.setdefault(data[place], value)
        place += 2 if data[place] == _HOLDER else 2 + data[place + 1]  # more fields stand inside the holder
    address = fields.get(_ADDRESS, b"")
    facts = {
        "vivotek.name": _text(fields.get(_LONG_NAME, b"")),
        "vivotek.model": _text(fields.get(_SHORT_NAME, b"")),
        "vivotek.mac": mac_text(fields.get(_MAC, b"").hex()),
        "vivotek.ip": ".".join(map(str, address)) if len(address) == 4 else "",
    }
    if not filled(facts):
        raise WireError("a Vivotek answer that tells nothing")
    return filled(facts)


def _text(value: bytes) -> str:
    return value.partition(b"\0")[0].decode("utf-8", "replace").strip()
