"""Multicast DNS packets for tests, written label by label."""

from __future__ import annotations

import ipaddress
import struct

from iotsweep.wire.mdns import AAAA, PTR, SRV, TXT, A, Name

RESPONSE = 0x8400
FLUSH_IN = 0x8001


def name(labels: Name) -> bytes:
    return b"".join(bytes([len(label.encode())]) + label.encode() for label in labels) + b"\0"


def record(owner: Name, kind: int, data: bytes, ttl: int = 120) -> bytes:
    return name(owner) + struct.pack("!HHIH", kind, FLUSH_IN, ttl, len(data)) + data


def pointer(owner: Name, target: Name, ttl: int = 4500) -> bytes:
    return record(owner, PTR, name(target), ttl)


def server(owner: Name, host: Name, port: int) -> bytes:
    return record(owner, SRV, struct.pack("!HHH", 0, 0, port) + name(host))


def text(owner: Name, *pairs: bytes) -> bytes:
    return record(owner, TXT, b"".join(bytes([len(pair)]) + pair for pair in pairs) or b"\0")


def address(owner: Name, ip: str) -> bytes:
    packed = ipaddress.ip_address(ip).packed
    return record(owner, A if len(packed) == 4 else AAAA, packed)


def response(*records: bytes) -> bytes:
    return struct.pack("!6H", 0, RESPONSE, 0, len(records), 0, 0) + b"".join(records)


def query(*names: Name) -> bytes:
    return struct.pack("!6H", 0, 0, len(names), 0, 0, 0) + b"".join(name(n) + b"\0\x0c\0\1" for n in names)


IPP: Name = ("_ipp", "_tcp", "local")
PRINTER: Name = ("Dr. Köhler's v1.2 printer", *IPP)
PRINTER_HOST: Name = ("BRN30055C", "local")


def printer(ip: str = "192.168.50.20") -> bytes:
    """Everything about one printer in one packet."""
    return response(
        pointer(IPP, PRINTER),
        server(PRINTER, PRINTER_HOST, 631),
        text(PRINTER, b"TY=Brother HL", b"ty=second", b"flag", b"=nokey"),
        address(PRINTER_HOST, ip),
        address(PRINTER_HOST, "fe80::1"),
    )
