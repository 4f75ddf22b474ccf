"""The neighbour table: what is believed of it, and how it fills without administrator rights."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iotsweep.model import Profile
from iotsweep.network.frames import describe_frame
from iotsweep.probes import Probe, neighbours
from iotsweep.probes.context import ProbeSkipped
from iotsweep.probes.neighbours import PROBE, belonging
from iotsweep.wire.neighbours import Neighbour
from tests.network.laboratory import ADDRESS, FAR_MAC, MAC, context, home, in_lab, run, scope, shared

FOUND = [f"10.77.0.{n}" for n in range(100, 110)]


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


def test_only_entries_of_the_scopes_interface_and_network_count() -> None:
    mac = "02:00:00:00:00:99"
    entries = [
        Neighbour("10.77.0.9", mac, "eth0"),
        Neighbour("10.77.0.10", mac, ADDRESS),  # as Windows names an interface
        Neighbour("10.77.0.11", mac, "docker0"),
        Neighbour("10.78.0.11", mac, "eth0"),
        Neighbour(ADDRESS, MAC, "eth0"),
    ]
    assert [entry.ip for entry in belonging(entries, scope())] == ["10.77.0.9", "10.77.0.10"]


async def _read(recorder: Any, privileged: bool, profile: Profile) -> dict[str, Any]:  # noqa: ANN401
    own = replace(scope(), profile=profile)
    common = shared(own)
    seen = context("neighbours", own, common)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "has_link_rights", lambda: privileged)
        await PROBE.run(seen.context)
    frames = [describe_frame(frame) for _, frame, _ in recorder.frames()]
    return {
        "pairs": seen.pairs(),
        "hosts": seen.context.hosts.known(),
        "sent": Counter(frame.protocol for frame in frames),
        "ports": sorted({frame.port for frame in frames if frame.port is not None}),
        "counted": common.ledger.sent("neighbours").packets,
        "limits": seen.context.limits,
    }


async def check_without_rights() -> dict[str, Any]:
    async with home(FOUND) as recorder:
        return await _read(recorder, privileged=False, profile=Profile.STANDARD)


async def check_with_rights() -> dict[str, Any]:
    async with home(FOUND) as recorder:
        run("ip", "neigh", "add", "10.77.0.7", "lladdr", FAR_MAC, "dev", "eth0", "nud", "reachable")
        return await _read(recorder, privileged=True, profile=Profile.STANDARD)


async def check_quiet() -> dict[str, Any]:
    async with home(FOUND) as recorder:
        return await _read(recorder, privileged=False, profile=Profile.QUIET)


@pytest.mark.lab
def test_without_rights_the_system_is_made_to_ask_and_everybody_is_found() -> None:
    result = in_lab(f"{__name__}:check_without_rights")
    assert sorted(result["hosts"]) == FOUND
    assert {mac for _, mac in result["pairs"]} == {FAR_MAC}
    assert result["ports"] == [9]
    assert result["sent"]["udp"] == len(FOUND)  # only who is there gets more than the kernel's own question
    assert result["counted"] == 253
    assert result["limits"] == []


@pytest.mark.parametrize(
    ("system", "limit", "batch"),
    [
        ("linux", "1024", 256),
        ("linux", "128", 32),
        ("linux", "100000", 256),
        ("linux", "0", 8),
        ("linux", "x", 256),
        ("linux", None, 256),
        ("win32", "1024", 64),
        ("darwin", None, 256),
    ],
)
def test_a_batch_is_never_more_than_a_quarter_of_what_the_system_can_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, limit: str | None, batch: int
) -> None:
    if limit is not None:
        (tmp_path / "gc_thresh3").write_text(limit)
    monkeypatch.setattr(neighbours, "_LIMIT", tmp_path / "gc_thresh3")
    monkeypatch.setattr("sys.platform", system)
    assert neighbours.choose_batch() == batch


FAR = [f"10.77.{third}.{n}" for third in range(2) for n in (9, 100, 240)]


async def check_large() -> dict[str, Any]:
    """A network of five hundred addresses, looked at from outside while the system asks for them."""
    waiting = [0]

    async def look() -> None:
        while True:
            child = await asyncio.create_subprocess_exec(
                *("ip", "-4", "neigh", "show", "dev", "eth0", "nud", "incomplete"), stdout=asyncio.subprocess.PIPE
            )
            waiting.append(len((await child.communicate())[0].splitlines()))
            await asyncio.sleep(0.05)

    async with home(FAR, prefix=23) as recorder:
        own = scope("10.77.0.0/23")
        seen = context("neighbours", own, shared(own), seconds=30)
        looking = asyncio.create_task(look())
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(neighbours, "has_link_rights", lambda: False)
                patch.setattr(neighbours, "choose_batch", lambda: 64)
                await PROBE.run(seen.context)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        recorder.stop()
        return {"hosts": seen.context.hosts.known(), "most": max(waiting), "looks": len(waiting)}


@pytest.mark.lab
def test_in_a_large_network_everybody_is_found_and_the_systems_table_never_fills() -> None:
    result = in_lab(f"{__name__}:check_large", timeout=90)
    assert sorted(result["hosts"]) == sorted(FAR)
    assert result["looks"] > 20
    assert 64 <= result["most"] <= 4 * 64


@pytest.mark.lab
def test_with_rights_the_table_is_only_read() -> None:
    result = in_lab(f"{__name__}:check_with_rights")
    assert result["pairs"] == [["10.77.0.7", FAR_MAC]]
    assert result["sent"] == {}


@pytest.mark.lab
def test_the_quiet_profile_sends_nothing() -> None:
    assert in_lab(f"{__name__}:check_quiet")["sent"] == {}


async def test_a_system_that_hides_its_table_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_PROC", Path("/nonexistent/arp"))
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(ProbeSkipped, match="neighbour table"):
        await neighbours.read_table()
