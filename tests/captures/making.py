"""Frames and capture files made by hand, as small as the tests need them."""

from __future__ import annotations

import struct
from pathlib import Path

CAMERA = bytes.fromhex("50c7bf010203")
PHONE = bytes.fromhex("8c8590aabbcc")
ROUTER = bytes.fromhex("f4f26d112233")
EVERYBODY = b"\xff" * 6
CAMERA_IP, PHONE_IP, ROUTER_IP = "192.168.1.10", "192.168.1.20", "192.168.1.1"
SERVER_IP = "93.184.216.34"


def packed(ip: str) -> bytes:
    return bytes(map(int, ip.split(".")))


def ethernet(source: bytes, target: bytes, kind: int, body: bytes, tags: tuple[int, ...] = ()) -> bytes:
    tagged = b"".join(struct.pack("!HH", tag, 7) for tag in tags)
    return (target + source + tagged + struct.pack("!H", kind) + body).ljust(60, b"\0")


def ipv4(source: str, target: str, protocol: int, body: bytes, fragment: int = 0, *, lives: int = 64) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, fragment, lives, protocol, 0)
    return head + packed(source) + packed(target) + body


def ipv6(source: bytes, target: bytes, protocol: int, body: bytes) -> bytes:
    return struct.pack("!IHBB", 6 << 28, len(body), protocol, 255) + source + target + body


def udp(source: int, target: int, body: bytes) -> bytes:
    return struct.pack("!HHHH", source, target, 8 + len(body), 0) + body


def tcp(source: int, target: int, body: bytes, sequence: int = 1, flags: int = 0x18) -> bytes:
    return struct.pack("!HHIIBBHHH", source, target, sequence, 1, 0x50, flags, 1024, 0, 0) + body


def arp(mac: bytes, ip: str, target: str, operation: int = 1) -> bytes:
    body = b"\0\1\x08\0\6\4" + struct.pack("!H", operation) + mac + packed(ip) + bytes(6) + packed(target)
    return ethernet(mac, EVERYBODY, 0x0806, body)


def said(
    mac: bytes, ip: str, target: str, source_port: int, target_port: int, body: bytes, to: bytes = ROUTER
) -> bytes:
    """A UDP message in a frame."""
    return ethernet(mac, to, 0x0800, ipv4(ip, target, 17, udp(source_port, target_port, body)))


def sent(
    mac: bytes, ip: str, target: str, ports: tuple[int, int], body: bytes, to: bytes = ROUTER, *, at: int = 1
) -> bytes:
    """A TCP segment in a frame; `at` is its sequence number."""
    return ethernet(mac, to, 0x0800, ipv4(ip, target, 6, tcp(*ports, body, at)))


def labels(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def question(name: str, id: int = 1, kind: int = 1) -> bytes:
    return struct.pack("!6H", id, 0x0100, 1, 0, 0, 0) + labels(name) + struct.pack("!HH", kind, 1)


def hello(name: str) -> bytes:
    host = name.encode()
    extensions = struct.pack("!HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    body = b"\3\3" + bytes(32) + b"\0\0\2\x13\1\1\0" + struct.pack("!H", len(extensions)) + extensions
    return b"\x16\3\1" + struct.pack("!H", len(body) + 4) + b"\1" + struct.pack("!I", len(body))[1:] + body


def dhcp(mac: bytes, options: dict[int, bytes], operation: int = 1, given: str = "0.0.0.0") -> bytes:
    head = bytes([operation, 1, 6, 0]) + bytes(12) + packed(given) + bytes(8) + mac.ljust(16, b"\0") + bytes(192)
    return head + b"\x63\x82\x53\x63" + b"".join(bytes([c, len(v)]) + v for c, v in options.items()) + b"\xff"


def pcap(*frames: bytes, order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1, start: int = 1_700_000_000) -> bytes:
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    records = (
        struct.pack(order + "IIII", start + number, 500, len(frame), len(frame)) + frame
        for number, frame in enumerate(frames)
    )
    return head + b"".join(records)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body = body.ljust(len(body) + -len(body) % 4, b"\0")
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(
    *frames: bytes, order: str = "<", link: int = 1, options: bytes = b"", ticks: int = 1_700_000_000_000_000
) -> bytes:
    data = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    data += block(1, struct.pack(order + "HHI", link, 0, 0) + options, order)
    for frame in frames:
        head = struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
        data += block(6, head + frame, order)
    return data


def write(folder: Path, data: bytes, name: str = "visit.pcap") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
