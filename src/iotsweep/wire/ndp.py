"""ICMPv6 echo (RFC 4443) and what macOS and Windows print about their IPv6 neighbours."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from iotsweep.wire.error import WireError
from iotsweep.wire.neighbours import Neighbour, is_ipv6_host, plain_mac

ALL_NODES = "ff02::1"  # RFC 4291 section 2.7.1: every node on this link, never forwarded
_REQUEST, _REPLY = 128, 129
_HEAD = struct.Struct("!BBHHH")
_LONGEST = 1 << 20
_WORDS = re.compile(r"\S+")


def encode_echo(identity: int, sequence: int) -> bytes:
    """An echo request without data; the system fills in the checksum."""
    return _HEAD.pack(_REQUEST, 0, 0, identity & 0xFFFF, sequence & 0xFFFF)


def decode_echo_reply(data: bytes) -> int:
    """The sequence number of an echo reply. Raises WireError for anything else."""
    if len(data) < _HEAD.size or data[0] != _REPLY or data[1]:
        raise WireError("not an ICMPv6 echo reply")
    return int(_HEAD.unpack_from(data)[4])


def decode_ndp(text: str, interface: str) -> tuple[Neighbour, ...]:
    """The IPv6 neighbours on `interface` in what `ndp -an` (macOS, BSD) or `netsh ... show neighbors` prints.

    Both give one neighbour a line, address first and MAC address second, whatever the language; macOS writes the
    interface behind the address, and netsh is asked for one interface only.
    """
    return tuple(_each(text, interface))


def _each(text: str, interface: str) -> Iterator[Neighbour]:
    for line in text[:_LONGEST].splitlines():
        words = _WORDS.findall(line)[:2]
        if len(words) < 2:
            continue
        address, _, zone = words[0].partition("%")
        mac = plain_mac(words[1])
        if mac and (not zone or zone == interface or zone.isdecimal()) and is_ipv6_host(address):
            yield Neighbour(address.lower(), mac, interface)
