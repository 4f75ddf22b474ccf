"""What the tap counts is what a watcher at the other end of the wire saw."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import Counter
from typing import Any

import pytest

from iotsweep.network.door import ClosedError, Door, SilentError
from iotsweep.network.frames import describe_frame
from iotsweep.network.tap import SYSTEM, open_tap
from iotsweep.wire.arp import encode_request
from iotsweep.wire.ssdp import encode_search
from tests.network.laboratory import ADDRESS, MAC, home, in_lab, scope, shared


async def check_every_frame_is_accounted_for() -> dict[str, Any]:
    own = scope()
    common = shared(own)
    async with home([f"10.77.0.{n}" for n in range(10, 20)]) as recorder:
        async with open_tap(own, common) as tap:
            await _send_of_every_kind(own, common)
            counted = common.ledger.counted
        limits = list(tap.limits)
        seen: Counter[str] = Counter()
        size: Counter[str] = Counter()
        for _, frame, length in recorder.frames():
            place = describe_frame(frame)
            key = f"{place.protocol} {place.address} {place.port}"
            seen[key] += 1
            size[key] += length
    ledger: dict[str, dict[str, list[int]]] = {
        probe: {
            f"{place.protocol} {place.address} {place.port}": [place.packets, place.bytes]
            for place in common.ledger.sent(probe).destinations
        }
        for probe in common.ledger.probes()
    }
    return {"counted": counted, "limits": limits, "seen": seen, "size": size, "ledger": ledger}


async def _send_of_every_kind(own: Any, common: Any) -> None:  # noqa: ANN401
    tcp, udp, arp = Door("tcp-ports", own, common), Door("udp-probe", own, common), Door("arp", own, common)
    async with arp.frames() as frames:
        for last in range(10, 30):
            frames.send(encode_request(MAC, ADDRESS, f"10.77.0.{last}"))
        assert await frames.receive(2)
    for last in (10, 11, 50):
        with contextlib.suppress(ClosedError, SilentError):
            async with tcp.connect(f"10.77.0.{last}", 80, timeout=0.3):
                pass
    async with udp.datagrams() as datagrams:
        datagrams.send(b"", "10.77.0.12", 9)
        datagrams.send(encode_search("ssdp:all", 1), "239.255.255.250", 1900)
        await datagrams.receive(0.1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(b"x", ("10.77.0.13", 4000))
    await asyncio.sleep(0.1)


@pytest.mark.lab
def test_every_frame_that_a_watcher_sees_is_laid_to_a_probe_or_to_the_system() -> None:
    result = in_lab(f"{__name__}:check_every_frame_is_accounted_for")
    assert result["counted"] == "on the wire"
    assert result["limits"] == []
    ledger = result["ledger"]
    total: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for places in ledger.values():
        for key, (packets, number) in places.items():
            total[key] += packets
            size[key] += number
    assert total == result["seen"]
    assert size == result["size"]
    assert sum(packets for packets, _ in ledger["arp"].values()) == 20
    assert ledger["tcp-ports"]["tcp 10.77.0.10 80"][0] == 1
    assert ledger["udp-probe"]["udp 239.255.255.250 1900"] == [1, 42 + len(encode_search("ssdp:all", 1))]
    assert ledger[SYSTEM]["udp 10.77.0.13 4000"] == [1, 43]
    assert "arp 10.77.0.50 None" in ledger[SYSTEM]  # the kernel's own question before the connect


async def check_a_burst_loses_no_count() -> dict[str, Any]:
    own = scope()
    common = shared(own)
    async with home([f"10.77.0.{n}" for n in range(1, 255) if n != 5]):
        door = Door("tcp-ports", own, common)
        async with open_tap(own, common) as tap:
            wall, cpu = time.perf_counter(), time.process_time()
            answers = await asyncio.gather(
                *(_try(door, f"10.77.0.{host}", port) for host in range(6, 255) for port in range(2000, 2050))
            )
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sent = common.ledger.sent("tcp-ports")
    return {"answers": Counter(answers), "packets": sent.packets, "wall": wall, "cpu": cpu, "limits": tap.limits}


async def _try(door: Door, address: str, port: int) -> str:
    try:
        async with door.connect(address, port, timeout=1):
            return "open"
    except ClosedError:
        return "closed"
    except SilentError:
        return "silent"


@pytest.mark.lab
def test_many_refused_connects_are_all_counted() -> None:
    result = in_lab(f"{__name__}:check_a_burst_loses_no_count")
    assert result["answers"] == {"closed": 12450}
    assert result["packets"] == 12450
    assert result["limits"] == []


async def test_without_a_packet_socket_the_socket_is_counted_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> socket.socket:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("iotsweep.network.tap._open_ring", refuse)
    own = scope()
    common = shared(own)
    async with open_tap(own, common) as tap:
        Door("udp-probe", own, common).count("10.77.0.9", "udp", 9, 1, 47)
    assert common.ledger.counted == "at the socket"
    assert common.ledger.sent("udp-probe").packets == 1
    assert "at the socket" in tap.limits[0]
