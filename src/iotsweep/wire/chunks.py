"""The chunked transfer coding of HTTP (RFC 9112 section 7.1)."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"[ \t]{0,8}([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]{0,256})?\r?\n")
_MOST_CHUNKS = 2048  # of one reply: 64 bytes in each chunk already fill what is ever read


def join_chunks(data: bytes) -> tuple[bytes, bool]:
    """The body, and whether its last chunk arrived; what is cut off or no chunk ends it."""
    parts: list[bytes] = []
    place = 0
    while len(parts) < _MOST_CHUNKS and (size := _SIZE.match(data, place)):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts), True
        parts.append(data[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if data[place : place + 2] == b"\r\n" else 1
    return b"".join(parts), False
