"""Records every frame that leaves and reaches the laptop, from below everything that the laptop could do to hide one.

Runs inside the laptop: `python -m tests.lab.watcher INTERFACE FOLDER` until its standard input ends.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.frames import PCAP_HEADER, PCAP_RECORD, Packet, read
from tests.lab.home import Home

_ALL = 0x0003  # ETH_P_ALL
_SOL_PACKET, _STATISTICS = 263, 6  # linux/if_packet.h
_BUFFER = 64 << 20


@dataclass
class Watch:
    """What a watcher saw; empty until it has stopped."""

    packets: tuple[Packet, ...] = ()

    @property
    def sent(self) -> tuple[Packet, ...]:
        """What the laptop sent."""
        return tuple(packet for packet in self.packets if packet.outgoing)


@contextmanager
def watching(home: Home, folder: Path) -> Iterator[Watch]:
    """Watch the laptop's cable for the length of a block. Raises RuntimeError when a frame was lost."""
    folder.mkdir(parents=True, exist_ok=True)
    watch = Watch()
    command = [sys.executable, "-m", "tests.lab.watcher", "eth0", str(folder)]
    with home.start(command, stdin=subprocess.PIPE) as process:
        assert process.stdout
        if process.stdout.readline() != "watching\n":
            raise RuntimeError(f"the watcher did not start: {process.communicate()[1]}")
        try:
            yield watch
        finally:
            out, err = process.communicate()
        if process.returncode or json.loads(out)["lost"]:
            raise RuntimeError(f"the watcher missed something: {out} {err}")
    watch.packets = read(folder)


def main(interface: str, folder: str) -> None:
    """Record into `sent.pcap` and `received.pcap` until standard input ends and everything that came is written."""
    with (
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)) as tap,
        (Path(folder) / "sent.pcap").open("wb") as sent,
        (Path(folder) / "received.pcap").open("wb") as received,
    ):
        tap.setsockopt(socket.SOL_SOCKET, 33, _BUFFER)  # SO_RCVBUFFORCE: asm-generic/socket.h
        tap.bind((interface, _ALL))
        sent.write(PCAP_HEADER)
        received.write(PCAP_HEADER)
        sys.stdout.write("watching\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([tap, sys.stdin], [], [])
            if tap in ready:
                frame, address = tap.recvfrom(65536)
                now = time.time_ns() // 1000
                record = PCAP_RECORD.pack(now // 10**6, now % 10**6, len(frame), len(frame))
                (sent if address[2] == socket.PACKET_OUTGOING else received).write(record + frame)  # type: ignore[attr-defined,unused-ignore]
            elif sys.stdin in ready:
                break
        seen, lost = struct.unpack("II", tap.getsockopt(_SOL_PACKET, _STATISTICS, 8))
    sys.stdout.write(json.dumps({"seen": seen, "lost": lost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
