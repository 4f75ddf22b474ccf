"""The ARP sweep against real frames: who is found, who is asked again, and what a hostile answer can do."""

from __future__ import annotations

import itertools
import random
import socket
import struct
import time
from collections import Counter
from typing import Any

import pytest

from iotsweep.network.frames import describe_frame
from iotsweep.probes import Probe
from iotsweep.probes.arp import FEWEST_PASSES, PROBE, spread
from iotsweep.probes.context import ProbeSkipped
from tests.network.laboratory import ADDRESS, context, home, in_lab, scope, shared

FOUND = [f"10.77.0.{n}" for n in range(100, 125)]


def _reply(mac: bytes, ip: str, asked: bytes, ethernet: bytes = b"\x08\x06") -> bytes:
    body = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, mac, socket.inet_aton(ip), asked[6:12], asked[28:32])
    return asked[6:12] + mac + ethernet + body


def _asked(wire: socket.socket) -> tuple[bytes, str]:
    while True:
        frame = wire.recv(2048)
        if frame[20:22] == b"\x00\x01":
            return frame, socket.inet_ntoa(frame[38:42])


def _open_wire() -> socket.socket:
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    wire.bind(("h0", 0x0806))
    return wire


def play_lossy_home() -> None:
    """42 devices; six of ten answers get lost."""
    chance, wire = random.Random(7), _open_wire()
    while True:
        frame, ip = _asked(wire)
        last = int(ip.split(".")[-1])
        if 10 <= last < 52 and chance.random() >= 0.6:
            wire.send(_reply(bytes([2, 1, 1, 1, 1, last]), ip, frame))


def play_strange_home() -> None:
    """Two devices with one address, one device with many, and frames that are none."""
    wire = _open_wire()
    while True:
        frame, ip = _asked(wire)
        if ip == "10.77.0.20":
            wire.send(_reply(b"\x02\x02\x02\x02\x02\x01", ip, frame))
            wire.send(_reply(b"\x02\x02\x02\x02\x02\x02", ip, frame))
        elif ip in {"10.77.0.30", "10.77.0.31", "10.77.0.32"}:
            wire.send(_reply(b"\x02\x03\x03\x03\x03\x03", ip, frame))
        elif ip == "10.77.0.40":
            wire.send(_reply(b"\x02\x04\x04\x04\x04\x04", ip, frame)[:30])
            wire.send(_reply(b"\xff\xff\xff\xff\xff\xff", "10.77.0.41", frame))
            wire.send(_reply(b"\x02\x04\x04\x04\x04\x04", "8.8.8.8", frame))
            wire.send(_reply(b"\x02\x04\x04\x04\x04\x04", ADDRESS, frame))
            wire.send(_reply(b"\x02\x04\x04\x04\x04\x04", "0.0.0.0", frame))


async def _sweep(recorder: Any) -> dict[str, Any]:  # noqa: ANN401
    own = scope()
    common = shared(own)
    seen = context("arp", own, common)
    start = time.perf_counter()
    await PROBE.run(seen.context)
    seconds = time.perf_counter() - start
    frames = [describe_frame(frame) for _, frame, _ in recorder.frames()]
    return {
        "pairs": seen.pairs(),
        "facts": [observation.facts for observation in seen.observations],
        "hashes": [observation.sha256 for observation in seen.observations],
        "seconds": seconds,
        "asked": Counter(frame.address for frame in frames if frame.protocol == "arp"),
        "protocols": Counter(frame.protocol for frame in frames),
        "counted": common.ledger.sent("arp").packets,
        "limits": seen.context.limits,
    }


async def check_quiet_home() -> dict[str, Any]:
    async with home(FOUND) as recorder:
        return await _sweep(recorder)


async def check_lossy_home() -> dict[str, Any]:
    async with home([], far=play_lossy_home) as recorder:
        return await _sweep(recorder)


async def check_strange_home() -> dict[str, Any]:
    async with home([], far=play_strange_home) as recorder:
        return await _sweep(recorder)


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


@pytest.mark.lab
def test_everybody_is_found_and_only_the_silent_are_asked_again() -> None:
    result = in_lab(f"{__name__}:check_quiet_home")
    assert sorted(ip for ip, _ in result["pairs"]) == FOUND
    assert result["facts"][0] == [["arp.pass", "1"], ["mac.address", "02:00:00:00:00:99"]]
    assert all(result["hashes"])
    assert set(result["protocols"]) == {"arp"}
    assert ADDRESS not in result["asked"]
    assert len(result["asked"]) == 253
    assert all(result["asked"][ip] == 1 for ip in FOUND)
    assert all(result["asked"][ip] == FEWEST_PASSES for ip in result["asked"] if ip not in FOUND)
    assert result["counted"] == sum(result["asked"].values())
    assert result["limits"] == []


@pytest.mark.lab
def test_a_lossy_home_is_asked_until_nobody_is_missing() -> None:
    result = in_lab(f"{__name__}:check_lossy_home")
    assert {ip for ip, _ in result["pairs"]} == {f"10.77.0.{n}" for n in range(10, 52)}


@pytest.mark.lab
def test_two_devices_with_one_address_and_one_device_with_many_are_all_kept() -> None:
    result = in_lab(f"{__name__}:check_strange_home")
    assert sorted(map(tuple, result["pairs"])) == [
        ("10.77.0.20", "02:02:02:02:02:01"),
        ("10.77.0.20", "02:02:02:02:02:02"),
        ("10.77.0.30", "02:03:03:03:03:03"),
        ("10.77.0.31", "02:03:03:03:03:03"),
        ("10.77.0.32", "02:03:03:03:03:03"),
    ]


async def test_without_rights_it_is_left_out_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iotsweep.network.link.has_link_rights", lambda: False)
    own = scope()
    with pytest.raises(ProbeSkipped, match="administrator rights"):
        await PROBE.run(context("arp", own, shared(own)).context)


def test_every_address_but_our_own_comes_once_and_neighbours_stand_apart() -> None:
    order = list(spread("10.77.0.0/24", ADDRESS))
    assert len(order) == len(set(order)) == 253
    assert ADDRESS not in order
    steps = [abs(int(a.split(".")[3]) - int(b.split(".")[3])) for a, b in itertools.pairwise(order)]
    assert min(steps) > 20
