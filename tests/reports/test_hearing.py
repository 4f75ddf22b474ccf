"""When a device was heard: it spoke when the doorbell was pressed."""

from __future__ import annotations

from dataclasses import replace

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.guidance import load_guidance
from iotsweep.model import Observation, ProbeRun, Profile, Report
from iotsweep.reports.plain import render
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE, TOOL

MAC, IP = "64:9a:63:11:22:33", "192.168.7.31"
HEARD = ProbeRun("listen", "2026-11-22T10:00:00.000000Z", "2026-11-22T10:30:00.000000Z")


def at(time: str, *facts: tuple[str, str], probe: str = "listen", sha256: str = "ab") -> Observation:
    return Observation(
        probe, f"2026-11-22T{time}.000000Z", MAC, IP, tuple(sorted((("mac.address", MAC), *facts))), sha256
    )


def woke(time: str) -> Observation:
    return at(time, ("heard.silence", "90"))


def lines(*seen: Observation, profile: Profile = Profile.QUIET) -> list[str]:
    catalogue = load_catalogue()
    plan = Plan(replace(SCOPE, profile=profile), catalogue, load_vendors(), (), TOOL, 0)
    report: Report = assess(seen, (HEARD,), Moment(HEARD.started or "", HEARD.ended or ""), plan)
    text = render(report, catalogue, load_guidance())
    return [line.partition("Heard: ")[2] for line in text.splitlines() if ": Heard: " in line]


def test_the_report_says_when_a_device_was_first_heard_and_when_it_spoke_after_a_silence() -> None:
    assert lines(at("10:02:11"), woke("10:12:03"), woke("10:20:40")) == [
        "We first heard it at 10:02:11 UTC.",
        "It spoke again after a silence at 10:12:03 and 10:20:40 UTC.",
    ]


def test_a_device_that_only_the_laptop_itself_knew_was_not_heard() -> None:
    table = at("10:00:00", probe="neighbours", sha256="")
    own_look = at("10:00:10", sha256="")
    assert lines(table, own_look) == ["We did not hear it. This laptop knew its address from before."]
    assert lines(table, woke("10:12:03")) == ["We first heard it at 10:12:03 UTC."]


def test_many_times_are_counted_and_the_last_are_shown() -> None:
    said = lines(at("10:00:01"), *(woke(f"10:{minute}:00") for minute in range(10, 20)))
    assert said[1] == (
        "It spoke again after a silence at 10:14:00, 10:15:00, 10:16:00, 10:17:00, 10:18:00 and 10:19:00 UTC"
        " and 4 times before."
    )


def test_a_check_that_asks_does_not_speak_of_hearing() -> None:
    assert lines(at("10:02:11"), woke("10:12:03"), profile=Profile.STANDARD) == []
