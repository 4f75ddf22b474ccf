"""The deep check and the port mappings for real: a camera under a phrase that no list holds, behind an open port."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iotsweep.wire.pppp import PORT
from iotsweep.wire.pppp_keys import UNLISTED
from iotsweep.wire.pppp_scramble import PHRASES
from tests.practice.test_demo import finish

CAMERA, PHRASE = "192.168.31.60", "wificam2028"  # one whose search comes early, so that the test does not wait

_SCAN = f"""
import asyncio
from dataclasses import replace
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.evidence.store import dump
from iotsweep.plan import make_plan
from iotsweep.practice.__main__ import _NobodyWatches
from iotsweep.practice.home import PracticeDevice, Truth, Vendor
from iotsweep.sweep import sweep
camera = PracticeDevice("alarm-clock", Truth("camera"), "{CAMERA}", "ae:ca:06:60:60:01",
    vendors=(Vendor("pppp", id="QQXX-000815-WONJM", phrase="{PHRASE}"),))
keep = {{"router", "shelf-clock"}}
home = replace(home, devices=(*(device for device in home.devices if device.id in keep), camera))
wanted = {{"arp", "neighbours", "ssdp", "vendor-questions", "vendor-suspects", "port-mappings", "deep-pppp"}}
def scan(scope):
    plan = make_plan(scope, load_catalogue(), suspect="{CAMERA}")
    plan = replace(plan, probes=tuple(probe for probe in plan.probes if probe.name in wanted))
    async def to_its_end():
        return await sweep(plan, _NobodyWatches(), asyncio.Event())
    return dump(asyncio.run(to_its_end()))
text = run(home, scan)
sys.stdout.write(text if isinstance(text, str) else text.decode())
"""


@pytest.fixture(scope="module")
def report() -> Any:  # noqa: ANN401
    return json.loads(finish(_SCAN))


def _finding(report: Any, address: str) -> Any:  # noqa: ANN401
    return next(finding for finding in report["findings"] if address in finding["device"]["ipv4"])


def _run(report: Any, probe: str) -> Any:  # noqa: ANN401
    return next(run for run in report["runs"] if run["probe"] == probe)


@pytest.mark.lab
def test_a_camera_that_answers_no_known_question_is_found_by_the_deep_check(report: Any) -> None:  # noqa: ANN401
    assert PHRASE not in PHRASES
    told = [dict(seen["facts"]) for seen in report["observations"] if seen["ip"] == CAMERA]
    assert not any("pppp.uid" in facts for facts in told if facts.get("pppp.phrase") != UNLISTED)
    facts = next(facts for facts in told if "pppp.phrase" in facts)
    assert (facts["pppp.uid"], facts["pppp.phrase"]) == ("QQXX-000815-WONJM", UNLISTED)
    assert _finding(report, CAMERA)["kind"] == "camera"


@pytest.mark.lab
def test_the_deep_check_ends_at_the_answer_and_touches_nobody_else(report: Any) -> None:  # noqa: ANN401
    run = _run(report, "deep-pppp")
    assert (run["failed"], run["skipped"], run["limits"]) == (None, None, [])
    assert {place["address"] for place in run["sent"]["destinations"]} <= {CAMERA, "224.0.0.22"}
    searches = sum(place["packets"] for place in run["sent"]["destinations"] if place["port"] == PORT)
    assert 100 < searches < 1000


@pytest.mark.lab
def test_a_camera_that_the_internet_can_reach_says_so_among_its_reasons(report: Any) -> None:  # noqa: ANN401
    clock = _finding(report, "192.168.31.22")
    assert "MOD-EXPOSED:internet_mapped" in {reason["code"] for reason in clock["concern"]["reasons"]}
    told = [dict(seen["facts"]) for seen in report["observations"] if seen["probe"] == "port-mappings"]
    assert {"igd.port_mapping": "tcp 8554 -> 192.168.31.22:10554 (IPCAM)"} in told
    assert {"igd.mapped": "tcp/10554"} in told
    assert "switched off" in " ".join(facts.get("igd.port_mapping", "") for facts in told)
