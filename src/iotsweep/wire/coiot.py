"""Shelly's CoIoT announcements: CoAP by multicast on UDP 5683 (CoIoT specification of Allterco, RFC 7252)."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled

GROUP, PORT = "224.0.1.187", 5683
KEYS = ("coap.shelly_type", "coap.shelly_id", "coap.shelly_version")
_STATUS = 30  # code 0.30, CoIoT's own
_DEVICE = 3332  # the option that names the device: type#id#version
_LARGEST = 4096
_MOST_OPTIONS = 32


def decode_announcement(data: bytes) -> dict[str, str]:
    """Who announces itself; what it measures or switches is not read."""
    if not 4 <= len(data) <= _LARGEST or data[0] >> 6 != 1 or data[1] != _STATUS:
        raise WireError("no CoIoT announcement")
    for number, value in _options(data[4 + (data[0] & 15) :]):
        parts = value.decode("utf-8", "replace").split("#")
        if number == _DEVICE and len(parts) == 3:
            return filled({key: part.strip()[:64] for key, part in zip(KEYS, parts, strict=True)})
    raise WireError("a CoIoT announcement without a device")


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    """RFC 7252 section 3.1: each option's number is the one before plus a delta."""
    place = number = 0
    for _ in range(_MOST_OPTIONS):
        if place >= len(data) or data[place] == 0xFF:
            return
        head, place = data[place], place + 1
        delta, place = _extended(data, head >> 4, place)
        length, place = _extended(data, head & 15, place)
        number += delta
        yield number, data[place : place + length]
        place += length


def _extended(data: bytes, value: int, place: int) -> tuple[int, int]:
    if value == 13:
        return 13 + int.from_bytes(data[place : place + 1], "big"), place + 1
    if value == 14:
        return 269 + int.from_bytes(data[place : place + 2], "big"), place + 2
    if value == 15:
        raise WireError("a CoAP option that may not be")
    return value, place
