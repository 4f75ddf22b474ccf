"""Multicast DNS questions as ready-made packets (RFC 6762 section 5.2): which instances there are, what they say."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from iotsweep.wire.mdns import PTR, Name

_INTERNET = 1  # with the top bit clear: answers go to the group
_PER_PACKET = 40  # questions; stays below one Ethernet frame
_LONGEST = 1232  # bytes of a datagram that every link of IPv6 carries whole (RFC 8200 section 5)
_HEADER = 12
_LONGEST_LABEL, _LONGEST_NAME = 63, 255  # RFC 1035 section 2.3.4


def encode_questions(names: Iterable[Name]) -> tuple[bytes, ...]:
    """One PTR question for each name, in as few packets as fit."""
    return encode_asks((name, PTR) for name in names)


def encode_asks(asks: Iterable[tuple[Name, int]]) -> tuple[bytes, ...]:
    """One question for each name and record type, in as few packets as fit. A name that DNS cannot spell is left."""
    return tuple(
        struct.pack("!6H", 0, 0, len(part), 0, 0, 0) + b"".join(part)
        for part in _pack(
            _encode_name(name) + struct.pack("!2H", kind, _INTERNET) for name, kind in asks if _fits(name)
        )
    )


def _pack(questions: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    for question in questions:
        if len(part) >= _PER_PACKET or _HEADER + sum(map(len, part)) + len(question) > _LONGEST:
            yield part
            part = []
        part.append(question)
    if part:
        yield part


def _fits(name: Name) -> bool:
    sizes = [len(label.encode()) for label in name]
    return bool(name) and all(0 < size <= _LONGEST_LABEL for size in sizes) and sum(sizes) + len(sizes) < _LONGEST_NAME


def _encode_name(name: Name) -> bytes:
    return b"".join(bytes([len(label.encode())]) + label.encode() for label in name) + b"\0"
