"""Frames as the watcher kept them, read back into packets. Independent of the product's own decoders on purpose."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

FIN, SYN, RST, ACK = 1, 2, 4, 16
_PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp6"}
_PCAP = struct.Struct("<IHHiIII")  # magic, version 2.4, zone, accuracy, longest frame, link type 1 (Ethernet)
PCAP_HEADER = _PCAP.pack(0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
PCAP_RECORD = struct.Struct("<IIII")


@dataclass(frozen=True, slots=True)
class Packet:
    """One frame. `address` is where it goes, for ARP the address that is asked for; `size` is that of the IP packet."""

    time: float
    outgoing: bool
    protocol: str  # arp, icmp, igmp, tcp, udp, icmp6, or the number of another
    source: str
    address: str
    source_port: int | None = None
    port: int | None = None
    flags: int = 0  # of TCP; for ARP the operation
    payload: bytes = b""
    size: int = 0
    hops: int = 0  # TTL, or IPv6's hop limit
    to_all: bool = False  # broadcast or multicast on the cable


def read(folder: Path) -> tuple[Packet, ...]:
    """Everything that a watcher kept in `folder`, in order of time."""
    packets = [*_read(folder / "sent.pcap", True), *_read(folder / "received.pcap", False)]
    return tuple(sorted(packets, key=lambda packet: packet.time))


def _read(path: Path, outgoing: bool) -> Iterator[Packet]:
    data = path.read_bytes()
    offset = _PCAP.size
    while offset < len(data):
        seconds, microseconds, size, _ = PCAP_RECORD.unpack_from(data, offset)
        offset += PCAP_RECORD.size
        yield decode(data[offset : offset + size], seconds + microseconds / 1e6, outgoing)
        offset += size


def decode(frame: bytes, time: float, outgoing: bool) -> Packet:
    """One Ethernet frame."""
    return replace(_network(frame, time, outgoing), to_all=bool(frame[0] & 1))


def _network(frame: bytes, time: float, outgoing: bool) -> Packet:
    kind = int.from_bytes(frame[12:14])
    data = frame[14:]
    if kind == 0x0806:
        source, target = socket.inet_ntoa(data[14:18]), socket.inet_ntoa(data[24:28])
        return Packet(time, outgoing, "arp", source, target, flags=int.from_bytes(data[6:8]), size=28)
    if kind == 0x0800:
        size = int.from_bytes(data[2:4])
        body = data[(data[0] & 15) * 4 : size]
        packet = _transport(time, outgoing, data[9], (data[12:16], data[16:20]), body, size)
        return replace(packet, hops=data[8])
    if kind == 0x86DD:
        protocol, body = _skip_hop_by_hop(data[6], data[40:])
        packet = _transport(time, outgoing, protocol, (data[8:24], data[24:40]), body, len(data))
        return replace(packet, hops=data[7])
    return Packet(time, outgoing, f"ethertype {kind:04x}", frame[6:12].hex(":"), frame[:6].hex(":"), size=len(data))


def _skip_hop_by_hop(protocol: int, body: bytes) -> tuple[int, bytes]:
    return (body[0], body[8 * (body[1] + 1) :]) if protocol == 0 else (protocol, body)


def _transport(
    time: float, outgoing: bool, number: int, addresses: tuple[bytes, bytes], body: bytes, size: int
) -> Packet:
    family = socket.AF_INET if len(addresses[0]) == 4 else socket.AF_INET6
    source, address = (socket.inet_ntop(family, raw) for raw in addresses)
    name = _PROTOCOLS.get(number, str(number))
    if name not in {"tcp", "udp"}:
        return Packet(time, outgoing, name, source, address, flags=body[0] if body else 0, payload=body, size=size)
    source_port, port = struct.unpack_from("!HH", body)
    flags, start = (body[13], (body[12] >> 4) * 4) if name == "tcp" else (0, 8)
    return Packet(time, outgoing, name, source, address, source_port, port, flags, body[start:], size)
