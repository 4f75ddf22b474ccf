"""Multicast DNS questions as ready-made packets (RFC 6762 section 5.2): which instances are there of these types."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from iotsweep.wire.mdns import PTR, Name

_INTERNET = 1  # with the top bit clear: answers go to the group
_PER_PACKET = 40  # questions; stays below one Ethernet frame


def encode_questions(names: Iterable[Name]) -> tuple[bytes, ...]:
    """One PTR question for each name, in as few packets as fit. Labels are ASCII and at most 63 letters long."""
    asked = [_encode_name(name) + struct.pack("!2H", PTR, _INTERNET) for name in names]
    return tuple(
        struct.pack("!6H", 0, 0, len(part), 0, 0, 0) + b"".join(part)
        for part in (asked[first : first + _PER_PACKET] for first in range(0, len(asked), _PER_PACKET))
    )


def _encode_name(name: Name) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name) + b"\0"
