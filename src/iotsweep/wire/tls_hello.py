"""The greeting with which a TLS client asks for a server by name (RFC 8446 section 4.1.2, RFC 6066 section 3)."""

from __future__ import annotations

import struct

from iotsweep.wire.error import WireError

KEYS = ("tls.sni",)
_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME, _HOST = 22, 1, 0, 0
_LONGEST = 16 << 10
_MOST_EXTENSIONS = 64


def is_client_hello(data: bytes, place: int, end: int) -> bool:
    """Whether a TCP payload from `place` on begins with a client's greeting."""
    return place + 6 <= end and data[place] == _HANDSHAKE and data[place + 1] == 3 and data[place + 5] == _CLIENT_HELLO


def is_server_hello(data: bytes, place: int, end: int) -> bool:
    """Whether a TCP payload from `place` on begins with a server's greeting."""
    return place + 6 <= end and data[place] == _HANDSHAKE and data[place + 1] == 3 and data[place + 5] == 2


def decode_server_name(data: bytes) -> str:
    """The server's name that a client asks for, "" when it names none.

    `data` is the beginning of what the client sent; a greeting that is cut off after the name is good enough.
    Raises WireError for anything else, and when the name was not reached.
    """
    data = data[:_LONGEST]
    if not is_client_hello(data, 0, len(data)):
        raise WireError("no client's greeting")
    whole = 5 + int.from_bytes(data[3:5], "big") <= len(data)
    place = 5 + 4 + 2 + 32  # record, handshake, version, random
    for width in (1, 2, 1):  # session, cipher suites, compression
        place = _after(data, place, width)
    limit = place + 2 + int.from_bytes(data[place : place + 2], "big")
    place += 2
    for _ in range(_MOST_EXTENSIONS):
        if place + 4 > min(limit, len(data)):
            break
        kind, length = struct.unpack_from("!HH", data, place)
        if kind == _SERVER_NAME:
            return _host_name(data[place + 4 : place + 4 + length])
        place += 4 + length
    if not whole:
        raise WireError("a client's greeting is cut off before the server's name")
    return ""


def _after(data: bytes, place: int, width: int) -> int:
    """The place behind a field with a length of `width` bytes in front."""
    if place + width > len(data):
        raise WireError("a client's greeting is cut off")
    return place + width + int.from_bytes(data[place : place + width], "big")


def _host_name(body: bytes) -> str:
    length = int.from_bytes(body[3:5], "big")
    name = body[5 : 5 + length]
    if len(body) < 5 or body[2] != _HOST or len(name) < length:
        raise WireError("a server's name is cut off")
    return name.decode("ascii", "replace")
