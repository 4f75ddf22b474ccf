"""Where a sent frame went, read from its first bytes. Pure; made for speed, since every sent frame passes here."""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple

_ARP, _IPV4, _IPV6, _VLAN = 0x0806, 0x0800, 0x86DD, 0x8100
_PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp6"}  # IANA protocol numbers
_HOP_BY_HOP = 0
_PORTS = struct.Struct("!HH")


class Sent(NamedTuple):
    """The place that a frame went to, and the local port that it came from when its protocol has ports."""

    address: str
    protocol: str
    port: int | None
    source: int | None


def describe_frame(frame: bytes) -> Sent:
    """Address, protocol and ports of one Ethernet frame; for other protocols the MAC address and the frame's type."""
    start, kind = 14, int.from_bytes(frame[12:14])
    if kind == _VLAN:
        start, kind = 18, int.from_bytes(frame[16:18])
    if kind == _IPV4 and len(frame) >= start + 20:
        return _ipv4(frame, start)
    if kind == _IPV6 and len(frame) >= start + 40:
        return _ipv6(frame, start)
    if kind == _ARP and len(frame) >= start + 28:
        return Sent(socket.inet_ntoa(frame[start + 24 : start + 28]), "arp", None, None)
    return Sent(frame[:6].hex(":"), f"ethernet-{kind:04x}", None, None)


def _ipv4(frame: bytes, start: int) -> Sent:
    address = socket.inet_ntoa(frame[start + 16 : start + 20])
    later_fragment = int.from_bytes(frame[start + 6 : start + 8]) & 0x1FFF
    return _with_ports(address, frame[start + 9], frame, start + (frame[start] & 0x0F) * 4, not later_fragment)


def _ipv6(frame: bytes, start: int) -> Sent:
    address = socket.inet_ntop(socket.AF_INET6, frame[start + 24 : start + 40])
    following, begin = frame[start + 6], start + 40
    if following == _HOP_BY_HOP and len(frame) >= begin + 2:
        following, begin = frame[begin], begin + (frame[begin + 1] + 1) * 8
    return _with_ports(address, following, frame, begin, True)


def _with_ports(address: str, number: int, frame: bytes, start: int, first: bool) -> Sent:
    protocol = _PROTOCOLS.get(number, f"ip-{number}")
    if number in {6, 17} and first and len(frame) >= start + 4:
        source, port = _PORTS.unpack_from(frame, start)
        return Sent(address, protocol, port, source)
    return Sent(address, protocol, None, None)
