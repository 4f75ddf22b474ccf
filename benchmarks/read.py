"""`python -m benchmarks.read`: how many frames of a mixed capture are read per second, and in how much memory.

The capture is made up (no real device's words are in it) and lies in a temporary folder: a home of 40 devices, nine of
ten frames data of conversations as in real homes, the rest what is worth reading. tshark reads the same file, and dpkt
when it is installed. The command line's own start-up is measured apart, with a capture of no frames.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Cost, machine, table

_SOURCE = Path(__file__).parents[1] / "src"
_GATEWAY = bytes.fromhex("02000000fffe")
_DEVICES = 40
_CONVERSATIONS = 12
_TSHARK = (
    *("frame.time_epoch", "eth.src", "ip.src", "ip.dst", "arp.src.proto_ipv4", "dns.qry.name"),
    *("tls.handshake.extensions_server_name", "dhcp.option.hostname", "http.server"),
)
_DPKT = """
import sys, dpkt
names = set()
with open(sys.argv[1], "rb") as file:
    for stamp, frame in dpkt.pcap.Reader(file):
        ethernet = dpkt.ethernet.Ethernet(frame)
        packet = ethernet.data
        if isinstance(packet, dpkt.ip.IP) and isinstance(packet.data, dpkt.udp.UDP) and packet.data.dport == 53:
            names.update(question.name for question in dpkt.dns.DNS(packet.data.data).qd)
print(len(names))
"""


def mac_of(number: int) -> bytes:
    """The hardware address of a made-up device."""
    return bytes.fromhex("50c7bf0000") + bytes([number])


def ip_of(number: int) -> bytes:
    """Its IP address."""
    return bytes([192, 168, 1, number])


def ethernet(source: bytes, target: bytes, kind: int, body: bytes) -> bytes:
    """An Ethernet frame, padded as cards do."""
    return (target + source + struct.pack("!H", kind) + body).ljust(60, b"\0")


def packet(source: bytes, target: bytes, protocol: int, body: bytes) -> bytes:
    """An IPv4 packet."""
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0, source, target) + body


def udp(source: int, target: int, body: bytes) -> bytes:
    """A UDP datagram."""
    return struct.pack("!HHHH", source, target, 8 + len(body), 0) + body


def tcp(source: int, target: int, body: bytes, sequence: int = 1, flags: int = 0x18) -> bytes:
    """A TCP segment."""
    return struct.pack("!HHIIBBHHH", source, target, sequence, 1, 0x50, flags, 1024, 0, 0) + body


def question(name: str, number: int) -> bytes:
    """A DNS question."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def hello(name: str, noise: bytes) -> bytes:
    """A TLS client's greeting."""
    host = name.encode()
    extension = struct.pack("!HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    body = b"\3\3" + noise + b"\0\0\2\x13\1\1\0" + struct.pack("!H", len(extension)) + extension
    return b"\x16\3\1" + struct.pack("!H", len(body) + 4) + b"\1" + struct.pack("!I", len(body))[1:] + body


def _data(chance: random.Random) -> bytes:
    """A frame of a conversation with a server far away, or of a video stream inside the home."""
    number = chance.randrange(1, _DEVICES)
    talk = chance.randrange(_CONVERSATIONS)
    far = bytes([93, 184, number, talk])
    body = bytes([0x17, 3, 3]) + bytes(chance.choice((40, 200, 1300)))
    way = chance.random()
    if way < 0.45:
        return ethernet(mac_of(number), _GATEWAY, 0x0800, packet(ip_of(number), far, 6, tcp(40000 + talk, 443, body)))
    if way < 0.9:
        return ethernet(_GATEWAY, mac_of(number), 0x0800, packet(far, ip_of(number), 6, tcp(443, 40000 + talk, body)))
    inside = packet(ip_of(number), ip_of(number % 5 + 1), 17, udp(50000 + talk, 50010, b"\x80\x60" + bytes(1000)))
    return ethernet(mac_of(number), mac_of(number % 5 + 1), 0x0800, inside)


def _telling(chance: random.Random) -> bytes:
    """A frame that is worth reading, mostly one that came before."""
    number = chance.randrange(1, _DEVICES)
    mac, ip = mac_of(number), ip_of(number)
    name = f"api-{chance.randrange(6)}.cloud-{number}.example.com"
    group, heard = bytes.fromhex("01005e7ffffa"), bytes([239, 255, 255, 250])
    notify = (
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\nNT: upnp:rootdevice\r\n"
        f"USN: uuid:{number:08d}-0000-1000-8000-000000000000::upnp:rootdevice\r\n"
        f"SERVER: Linux UPnP/1.0 Made/{number}\r\n"
        f"LOCATION: http://192.168.1.{number}:49152/description.xml\r\n\r\n"
    ).encode()
    arp = b"\0\1\x08\0\6\4\0\1" + mac + ip + bytes(6) + ip_of(254)
    search = (
        b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n'
    )
    asked = question(name, chance.randrange(65536))
    greeting = hello(name, chance.randbytes(32))
    frames: tuple[Callable[[], bytes], ...] = (
        lambda: ethernet(mac, b"\xff" * 6, 0x0806, arp),
        lambda: ethernet(mac, group, 0x0800, packet(ip, heard, 17, udp(1900, 1900, notify))),
        lambda: ethernet(mac, group, 0x0800, packet(ip, heard, 17, udp(50001, 1900, search))),
        lambda: ethernet(mac, _GATEWAY, 0x0800, packet(ip, ip_of(254), 17, udp(50002, 53, asked))),
        lambda: ethernet(
            mac,
            _GATEWAY,
            0x0800,
            packet(ip, bytes([93, 184, 1, 1]), 6, tcp(chance.randrange(41000, 60000), 443, greeting)),
        ),
    )
    return chance.choice(frames)()


def frames_of_a_home(count: int) -> Iterator[bytes]:
    """The same `count` frames each time."""
    chance = random.Random(7)  # the same capture on every machine
    for _ in range(count):
        yield _data(chance) if chance.random() < 0.9 else _telling(chance)


def write_capture(path: Path, count: int) -> None:
    """A pcap file of `count` frames."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, frame in enumerate(frames_of_a_home(count)):
            file.write(struct.pack("<IIII", 1_700_000_000 + number // 1000, number % 1000 * 1000, *[len(frame)] * 2))
            file.write(frame)


def measured(argv: list[str]) -> Cost:
    """What one command cost on this machine, outside any namespace."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", *argv],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
    )
    output, _, text = done.stdout.rpartition("\n--cost--")
    cost = Cost(**json.loads(text), output=output)
    if cost.code:
        raise SystemExit(f"{' '.join(argv)} ended with code {cost.code}")
    return cost


def quickest(argv: list[str]) -> Cost:
    """The quickest of three runs: what else the machine does can only make one slower."""
    return min((measured(argv) for _ in range(3)), key=lambda cost: cost.wall)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=100_000)
    count = parser.parse_args().frames
    ours = [sys.executable, "-m", "iotsweep", "read", "--save", "-"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder  # the catalogue's cache is then this measurement's own
        none, mixed, large = (Path(folder) / name for name in ("none.pcap", "mixed.pcap", "large.pcap"))
        for path, frames in ((none, 0), (mixed, count), (large, 10 * count)):
            write_capture(path, frames)
        measured([*ours, str(none)])  # the very first run may have to build the catalogue's cache
        start = quickest([*ours, str(none)])
        rows = [_row("iotsweep read", count, quickest([*ours, str(mixed)]), start)]
        rows.append(_row("iotsweep read, ten times the size", 10 * count, quickest([*ours, str(large)]), start))
        if shutil.which("tshark"):
            fields = [word for field in _TSHARK for word in ("-e", field)]
            rows.append(
                _row("tshark -T fields", count, quickest(["tshark", "-r", str(mixed), "-T", "fields", *fields]))
            )
        if importlib.util.find_spec("dpkt"):
            rows.append(_row("dpkt", count, quickest([sys.executable, "-c", _DPKT, str(mixed)])))
    print(machine())
    print(f"iotsweep's start-up, with a capture of no frames: {start.wall:.2f} s, {start.memory:.0f} MB")
    print(table(("reader", "frames", "seconds", "frames/s", "CPU, s", "memory, MB"), rows))


def _row(name: str, count: int, cost: Cost, start: Cost | None = None) -> tuple[object, ...]:
    """Rates are of the reading; start-up is taken off for iotsweep alone, because its report needs the catalogue."""
    seconds = max(cost.wall - (start.wall if start else 0.0), 1e-9)
    used = cost.cpu - (start.cpu if start else 0.0)
    return name, f"{count:,}", seconds, f"{count / seconds:,.0f}", used, f"{cost.memory:.0f}"


if __name__ == "__main__":
    main()
