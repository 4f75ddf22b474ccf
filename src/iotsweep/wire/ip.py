"""IPv4 and IPv6 headers (RFC 791, RFC 8200), read where they lie; fragments after the first carry no ports."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from iotsweep.wire.error import WireError

TCP, UDP, ICMPV6 = 6, 17, 58
_EXTENSIONS = frozenset({0, 43, 60, 135})  # hop-by-hop, routing, destination, mobility: RFC 8200 section 4
_FRAGMENT = 44
_MOST_EXTENSIONS = 8
_UNSPECIFIED = frozenset({bytes(4), bytes(16)})
_FIRST_LIVES = frozenset({64, 128, 255})  # with which systems send; each router on the way takes one off


class Packet(NamedTuple):  # made for many frames: three times as quick as a frozen dataclass
    """One packet: its payload lies in the same buffer, from `place` to `end`."""

    source: bytes
    target: bytes
    protocol: int
    place: int
    end: int
    later_fragment: bool


def read_ipv4(data: bytes, place: int, end: int) -> Packet:
    """The packet at `place`. Raises WireError."""
    if place + 20 > end or data[place] >> 4 != 4:
        raise WireError("an IPv4 header is cut off")
    size = (data[place] & 15) * 4
    total = data[place + 2] << 8 | data[place + 3]
    if size < 20 or place + size > end or 0 < total < size:
        raise WireError("an IPv4 header with a length that cannot be")
    fragment = (data[place + 6] & 0x1F) << 8 | data[place + 7]
    last = min(end, place + total) if total else end  # 0: left to the network card (TCP segmentation offload)
    source, target = data[place + 12 : place + 16], data[place + 16 : place + 20]
    return Packet(source, target, data[place + 9], place + size, last, bool(fragment))


def read_ipv6(data: bytes, place: int, end: int) -> Packet:
    """The packet at `place`, behind its extension headers. Raises WireError."""
    if place + 40 > end or data[place] >> 4 != 6:
        raise WireError("an IPv6 header is cut off")
    length, kind = struct.unpack_from("!HB", data, place + 4)
    source, target = data[place + 8 : place + 24], data[place + 24 : place + 40]
    last = min(end, place + 40 + length) if length else end
    place += 40
    for _ in range(_MOST_EXTENSIONS):
        if kind == _FRAGMENT and place + 8 <= last:
            later = bool(struct.unpack_from("!H", data, place + 2)[0] & 0xFFF8)
            return Packet(source, target, data[place], place + 8, last, later)
        if kind not in _EXTENSIONS or place + 8 > last:
            break
        kind, place = data[place], place + 8 + data[place + 1] * 8
    if place > last:
        raise WireError("an IPv6 extension header with a length that cannot be")
    return Packet(source, target, kind, place, last, later_fragment=False)


def is_private(address: bytes) -> bool:
    """Whether an address belongs inside homes: RFC 1918, RFC 6598, link-local, RFC 4193. No groups."""
    if len(address) == 4:
        first, second = address[0], address[1]
        return (
            first == 10
            or (first == 192 and second == 168)
            or (first == 172 and 16 <= second < 32)
            or (first == 169 and second == 254)
            or (first == 100 and 64 <= second < 128)
        )
    return len(address) == 16 and (is_link_local(address) or address[0] & 0xFE == 0xFC)


def is_fresh(data: bytes, place: int) -> bool:
    """Whether no router has passed on the packet with its IPv4 header at `place`, by its time to live."""
    return data[place + 8] in _FIRST_LIVES


def is_link_local(address: bytes) -> bool:
    """RFC 3927, RFC 4291 section 2.5.6."""
    if len(address) == 4:
        return address[:2] == b"\xa9\xfe"
    return address[0] == 0xFE and address[1] & 0xC0 == 0x80


def is_host(address: bytes) -> bool:
    """Whether an address can be that of one machine: no group, no broadcast, not unspecified, not loopback."""
    if address in _UNSPECIFIED:
        return False
    if len(address) == 4:
        return 0 < address[0] < 224 and address[0] != 127
    return address[0] != 0xFF and address != b"\0" * 15 + b"\1"


def text_of(address: bytes) -> str:
    """The address as people write it."""
    return str(IPv4Address(address) if len(address) == 4 else IPv6Address(address))
