"""What devices say unasked, as frames: for tests of listening."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

ALL = bytes.fromhex("ffffffffffff")
CAMERA, PRINTER, PHONE, SENSOR, BOX = (f"02:aa:00:00:00:0{number}" for number in range(1, 6))
FIREWALLA = "20:6d:31:00:00:01"  # an address block of Firewalla Inc. in the IEEE's list


def ethernet(target: bytes, mac: str, kind: int, payload: bytes) -> bytes:
    """One frame, padded as on the wire."""
    return (target + _mac(mac) + struct.pack("!H", kind) + payload).ljust(60, b"\0")


def arp(mac: str, ip: str, target: str, *, operation: int = 1) -> bytes:
    """A question for `target` to everybody; from 0.0.0.0 it looks whether the address is free."""
    addresses = _mac(mac) + IPv4Address(ip).packed + bytes(6) + IPv4Address(target).packed
    return ethernet(ALL, mac, 0x0806, bytes.fromhex("000108000604") + struct.pack("!H", operation) + addresses)


def dhcp_request(mac: str, options: Sequence[tuple[int, bytes]], *, message: int = 3, ip: str = "0.0.0.0") -> bytes:
    """A client that asks for an address, or renews the one that it has."""
    body = struct.pack("!4B I HH 4s 4s 4s 4s", 1, 1, 6, 0, 7, 0, 0x8000, IPv4Address(ip).packed, *([bytes(4)] * 3))
    body += _mac(mac) + bytes(10 + 64 + 128) + bytes.fromhex("63825363")
    listed = [(53, bytes([message])), *options]
    body += b"".join(bytes([code, len(value)]) + value for code, value in listed) + b"\xff"
    return udp(mac, ip, "255.255.255.255", 68, 67, body)


def dhcp_offer(mac: str, server: str, given: str, *, message: int = 2) -> bytes:
    """A server's offer to everybody."""
    body = struct.pack(
        "!4B I HH 4s 4s 4s 4s", 2, 1, 6, 0, 7, 0, 0x8000, bytes(4), IPv4Address(given).packed, *([bytes(4)] * 2)
    )
    body += _mac(PHONE) + bytes(10 + 64 + 128) + bytes.fromhex("63825363")
    body += bytes([53, 1, message, 54, 4]) + IPv4Address(server).packed + b"\xff"
    return udp(mac, server, "255.255.255.255", 67, 68, body)


def advertisement(mac: str, source: str, lifetime: int = 1800) -> bytes:
    """A router that announces itself by IPv6 (RFC 4861 section 4.2); a lifetime of 0 leads nowhere."""
    return ipv6(mac, source, "ff02::1", 58, struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, lifetime, 0, 0))


def tagged(frame: bytes, vlan: int) -> bytes:
    """The same frame as a cable carries it that divides networks (IEEE 802.1Q)."""
    return frame[:12] + struct.pack("!HH", 0x8100, vlan) + frame[12:]


def udp(mac: str, source: str, target: str, sport: int, port: int, payload: bytes) -> bytes:
    """One IPv4 datagram to a group or to everybody."""
    to = IPv4Address(target)
    group = bytes.fromhex("01005e") + bytes([to.packed[1] & 0x7F]) + to.packed[2:]
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 0, 0, 1, 17, 0, IPv4Address(source).packed, to.packed
    )
    head = head[:10] + struct.pack("!H", _checksum(head)) + head[12:]
    body = struct.pack("!4H", sport, port, 8 + len(payload), 0) + payload
    return ethernet(group if to.is_multicast else ALL, mac, 0x0800, head + body)


def ipv6(mac: str, source: str, target: str, protocol: int, payload: bytes) -> bytes:
    """One IPv6 packet to a group of this link."""
    to = IPv6Address(target).packed
    head = struct.pack("!IHBB", 0x60000000, len(payload), protocol, 255) + IPv6Address(source).packed + to
    return ethernet(b"\x33\x33" + to[12:], mac, 0x86DD, head + payload)


def solicitation(mac: str, source: str, target: str) -> bytes:
    """Neighbour discovery: who has `target`; from :: it looks whether the address is free."""
    body = struct.pack("!BBHI", 135, 0, 0, 0) + IPv6Address(target).packed
    return ipv6(mac, source, "ff02::1:ff00:1", 58, body)


def name(*labels: str) -> bytes:
    """A DNS name."""
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def mdns_announcement(service: str, instance: str, host: str, address: str, txt: Sequence[str] = ()) -> bytes:
    """The records with which a device announces one service."""
    kind = name(*service.split("."), "local")
    full = name(instance, *service.split("."), "local")
    text = b"".join(bytes([len(part)]) + part.encode() for part in txt) or b"\0"
    records = [
        (kind, 12, full),
        (full, 33, struct.pack("!3H", 0, 0, 554) + name(host, "local")),
        (full, 16, text),
        (name(host, "local"), 1, IPv4Address(address).packed),
    ]
    body = b"".join(owner + struct.pack("!HHIH", kind, 1, 120, len(data)) + data for owner, kind, data in records)
    return struct.pack("!6H", 0, 0x8400, 0, len(records), 0, 0) + body


def play(frames: Sequence[bytes], *, seconds: float = 60, interface: str = "h0") -> None:
    """Send every frame twice a second from the home's end of the wire."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as own:
        own.bind((interface, 0))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for frame in frames:
                own.send(frame)
            time.sleep(0.5)


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def _checksum(head: bytes) -> int:
    total = sum(struct.unpack("!10H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return int(~total & 0xFFFF)
