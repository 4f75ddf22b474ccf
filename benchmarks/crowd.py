"""Many hosts by one process: answers ARP, ping, TCP and UDP for many addresses on one cable, as a lossy home would.

Runs inside the lab: `python -m benchmarks.crowd --hosts 250 --loss 0.1 --delay 0.05 --seed 7`. The kernel's own ARP is
off on that cable. Every host has a MAC of its own, refuses every TCP port and says of every UDP port that it is closed.
"""

from __future__ import annotations

import argparse
import heapq
import random
import select
import socket
import struct
import time
from ipaddress import IPv4Address, IPv4Network

from tests.lab.node import LAPTOP_ADDRESS, NETWORK

_PREFIXES = ("50c7bf", "b827eb", "001788", "44650d", "240ac4", "3cd92b", "18b430", "5caafd")
_ETH_P_ALL = 0x0003
_SOL_PACKET, _ADD_MEMBERSHIP, _PROMISCUOUS = 263, 1, 1  # linux/if_packet.h
_RST, _ACK, _SYN = 4, 16, 2


def hosts(count: int, prefix: int = 24) -> dict[bytes, bytes]:
    """Address -> MAC of `count` addresses around the laptop's that are not its own, the lab's own network first."""
    around = IPv4Network(NETWORK).supernet(new_prefix=prefix)
    addresses = [*IPv4Network(NETWORK).hosts(), *(ip for ip in around.hosts() if ip not in IPv4Network(NETWORK))]
    free = [address.packed for address in addresses if address != IPv4Address(LAPTOP_ADDRESS)]
    return {
        address: bytes.fromhex(_PREFIXES[number % len(_PREFIXES)]) + number.to_bytes(3)
        for number, address in enumerate(free[:count])
    }


def answer(frame: bytes, crowd: dict[bytes, bytes]) -> bytes | None:
    """The frame that one of the crowd would send back, or None."""
    kind = frame[12:14]
    if kind == b"\x08\x06":
        return _answer_arp(frame, crowd)
    mac = crowd.get(frame[30:34])
    if kind != b"\x08\x00" or mac is None or frame[:6] != mac:
        return None
    start = 14 + (frame[14] & 15) * 4
    size = int.from_bytes(frame[16:18])
    body = frame[start : 14 + size]
    answers = {1: _answer_ping, 6: _answer_tcp, 17: _answer_udp}
    if frame[23] not in answers:
        return None
    reply = answers[frame[23]](frame, body)
    if reply is None:
        return None
    protocol, data = reply
    return frame[6:12] + mac + b"\x08\x00" + _ip(frame[30:34], frame[26:30], protocol, data)


def _answer_arp(frame: bytes, crowd: dict[bytes, bytes]) -> bytes | None:
    mac = crowd.get(frame[38:42])
    if mac is None or frame[20:22] != b"\x00\x01":
        return None
    # RFC 826: sender and target change places
    return frame[6:12] + mac + frame[12:20] + b"\x00\x02" + mac + frame[38:42] + frame[22:32]


def _answer_ping(_: bytes, body: bytes) -> tuple[int, bytes] | None:
    if body[0] != 8:
        return None
    echo = b"\x00\x00\x00\x00" + body[4:]
    return 1, echo[:2] + _checksum(echo) + echo[4:]


def _answer_tcp(frame: bytes, body: bytes) -> tuple[int, bytes] | None:
    source, target, sequence = struct.unpack_from("!HHI", body)
    if not body[13] & _SYN:
        return None
    head = struct.pack("!HHIIBBHHH", target, source, 0, (sequence + 1) & 0xFFFFFFFF, 0x50, _RST | _ACK, 0, 0, 0)
    pseudo = frame[30:34] + frame[26:30] + struct.pack("!BBH", 0, 6, len(head))
    return 6, head[:16] + _checksum(pseudo + head) + head[18:]


def _answer_udp(frame: bytes, _: bytes) -> tuple[int, bytes]:
    unreachable = b"\x03\x03\x00\x00\x00\x00\x00\x00" + frame[14:42]  # RFC 792: the IP head and eight bytes more
    return 1, unreachable[:2] + _checksum(unreachable) + unreachable[4:]


def _ip(source: bytes, target: bytes, protocol: int, data: bytes) -> bytes:
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0x4000, 64, protocol, 0, source, target)
    return head[:10] + _checksum(head) + head[12:] + data


def _checksum(data: bytes) -> bytes:
    """RFC 1071."""
    total: int = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\x00" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).to_bytes(2)


def serve(crowd: dict[bytes, bytes], loss: float, delay: float, seed: int) -> None:
    """Answer until killed: each reply is lost with probability `loss` and comes up to `delay` seconds late."""
    chance = random.Random(seed)
    later: list[tuple[float, int, bytes]] = []
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)) as cable:
        cable.bind(("eth0", _ETH_P_ALL))
        membership = struct.pack("iHH8s", socket.if_nametoindex("eth0"), _PROMISCUOUS, 0, b"")
        cable.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, membership)
        cable.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE: asm-generic/socket.h
        number = 0
        while True:
            wait = max(0.0, later[0][0] - time.monotonic()) if later else None
            if select.select([cable], [], [], wait)[0]:
                frame, address = cable.recvfrom(2048)
                reply = None if address[2] == socket.PACKET_OUTGOING else answer(frame, crowd)
                if reply and chance.random() >= loss:
                    number += 1
                    heapq.heappush(later, (time.monotonic() + chance.random() * delay, number, reply))
            while later and later[0][0] <= time.monotonic():
                cable.send(heapq.heappop(later)[2])


def main() -> None:
    """Parse and serve."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    options.add_argument("--hosts", type=int, default=250)
    options.add_argument("--prefix", type=int, default=24)
    options.add_argument("--loss", type=float, default=0.0)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    serve(hosts(chosen.hosts, chosen.prefix), chosen.loss, chosen.delay, chosen.seed)


if __name__ == "__main__":
    main()
