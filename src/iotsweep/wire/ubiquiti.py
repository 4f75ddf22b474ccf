"""Ubiquiti discovery over UDP 10001: type-length-value fields (unifi-discovery, nmap ubiquiti-discovery)."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import mac_text

GROUP, PORT = "233.89.188.1", 10001
QUESTION_V1 = bytes.fromhex("01000000")
QUESTION_V2 = bytes.fromhex("02080000")
_REPLIES = {(1, 0), (2, 6), (2, 9), (2, 11)}
_TEXTS = {
    0x03: "ubiquiti.firmware",
    0x0B: "ubiquiti.hostname",
    0x0C: "ubiquiti.platform",
    0x14: "ubiquiti.model",
    0x15: "ubiquiti.product",
    0x16: "ubiquiti.version",
}
_MACS = {0x01, 0x02, 0x05, 0x13}
_MANAGED = 0x17
KEYS = (*_TEXTS.values(), "ubiquiti.mac", "ubiquiti.managed")


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a reply or an announcement."""
    if len(data) <= 4 or (data[0], data[1]) not in _REPLIES:
        raise WireError("no Ubiquiti reply")
    facts: dict[str, str] = {}
    for kind, value in _fields(data[4 : 4 + int.from_bytes(data[2:4], "big")]):
        if kind in _TEXTS:
            facts.setdefault(_TEXTS[kind], value.partition(b"\0")[0].decode("utf-8", "replace").strip())
        elif kind in _MACS and len(value) >= 6:
            facts.setdefault("ubiquiti.mac", mac_text(value[:6].hex()))
        elif kind == _MANAGED and value:
            facts.setdefault("ubiquiti.managed", "true" if not any(value) else "false")  # 0 means managed
    facts = {key: value for key, value in facts.items() if value}
    if not facts:
        raise WireError("a Ubiquiti reply that tells nothing")
    return facts


def _fields(body: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 3 <= len(body):
        length = int.from_bytes(body[place + 1 : place + 3], "big")
        value = body[place + 3 : place + 3 + length]
        if len(value) < length:
            return
        yield body[place], value
        place += 3 + length
