"""Looking on after the first pass, on a wire: who wakes up later is asked for, heard and added."""

from __future__ import annotations

import asyncio
import subprocess
import threading
import time
from collections import Counter
from typing import Any

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.network.frames import describe_frame
from iotsweep.plan import make_plan
from iotsweep.probes import Probe, again
from iotsweep.probes.again import PROBE
from iotsweep.sweep import sweep
from tests.fakes import FakeWatch
from tests.network.laboratory import FAR_MAC, home, in_lab, scope
from tests.probes.unasked import CAMERA, PRINTER, arp, mdns_announcement, play, udp

LATE = 9.0  # seconds after the wire is up: the first pass is over by then
SECONDS = 16.0
ANNOUNCED = mdns_announcement("_rtsp._tcp", "Hallway camera", "cam", "10.77.0.20", ["model=C1"])
WAKING = (arp(PRINTER, "10.77.0.21", "10.77.0.1"), udp(CAMERA, "10.77.0.20", "224.0.0.251", 5353, 5353, ANNOUNCED))


def test_it_is_a_probe_that_no_first_pass_runs() -> None:
    assert isinstance(PROBE, Probe)
    assert PROBE.on_request


def wake_up_late() -> None:
    """One device takes an address and stays silent until it is asked; two others say something by themselves."""
    time.sleep(LATE)
    subprocess.run(["ip", "addr", "add", "10.77.0.41/24", "dev", "h0"], check=True, capture_output=True)
    threading.Thread(target=play, args=(WAKING,), daemon=True).start()
    time.sleep(60)


async def check_looking_on() -> dict[str, Any]:
    async with home(["10.77.0.40"], far=wake_up_late) as recorder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(again, "EVERY", 4.0)
            patch.setattr(again, "BEFORE", 1.0)
            plan = make_plan(scope(), load_catalogue(), goes_on=SECONDS)
            report = await sweep(plan, FakeWatch(), asyncio.Event())
        frames = [describe_frame(frame) for _, frame, _ in recorder.frames()]
        return {
            "found": {ip: list(each.device.macs) for each in report.findings for ip in each.device.ipv4},
            "by": sorted({(o.ip, o.probe) for o in report.observations if o.ip}),
            "partial": report.partial,
            "failed": [run.probe for run in report.runs if run.failed],
            "runs": Counter(run.probe for run in report.runs),
            "told": sum(run.sent.packets for run in report.runs if run.probe == "again"),
            "asked": sorted({frame.address for frame in frames if frame.protocol == "tcp"}),
        }


def test_who_wakes_up_after_the_first_pass_is_added() -> None:
    result = in_lab("tests.probes.test_again:check_looking_on", timeout=90)
    assert result["partial"] is None
    assert result["failed"] == []
    assert set(result["runs"].values()) == {1}
    assert result["found"]["10.77.0.40"] == result["found"]["10.77.0.41"] == [FAR_MAC]
    assert result["found"]["10.77.0.21"] == [PRINTER]
    assert CAMERA in result["found"]["10.77.0.20"]
    by = {tuple(pair) for pair in result["by"]}
    assert {("10.77.0.21", "listen"), ("10.77.0.20", "mdns")} <= by
    assert {("10.77.0.41", "again"), ("10.77.0.41", "listen")} & by  # whoever reads the answer first
    assert result["told"] > 200
    assert "10.77.0.41" in result["asked"]
