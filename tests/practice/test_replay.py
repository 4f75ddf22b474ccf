"""Recorded homes: complete, told apart from real visits, and judged by the same pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iotsweep.model import Destination, NotChecked, Observation, ProbeRun, Report, Scope, Sent, Tool
from iotsweep.practice.demo import scope_of
from iotsweep.practice.home import Home
from iotsweep.practice.loading import bundled_homes, find_home, load_home
from iotsweep.practice.replay import (
    PRACTICE,
    RecordingError,
    load_recording,
    mark,
    record,
    recording_path,
    write_recording,
)

TOOL = Tool("0.1.0", "3.11", "Linux", (), "1", "", 0, "", "", True)
SENT = Sent(1, 42, (Destination("10.20.30.1", "arp", None, 1, 42),))


@pytest.fixture(params=bundled_homes())
def home(request: pytest.FixtureRequest) -> Home:
    return load_home(find_home(request.param))


def report(scope: Scope) -> Report:
    seen = (
        Observation("arp", "2026-11-22T03:00:00.250000Z", "02:00:00:00:00:01", "10.20.30.1", (("mac.local", "yes"),)),
        Observation("mdns", "2026-11-22T03:00:01.000000Z", None, "10.20.30.2", (("mdns.name", "Küche"),), "ab"),
    )
    runs = (ProbeRun("arp", "2026-11-22T03:00:00.000000Z", "2026-11-22T03:00:01.000000Z", SENT, 1),)
    times = ("2026-11-22T03:00:00.000000Z", "2026-11-22T03:00:02.500000Z")
    return Report("iotsweep-report/1", TOOL, scope, *times, None, runs, seen, (), (NotChecked("x", "y"),))


def test_every_home_has_a_recording_in_which_every_device_was_found(home: Home) -> None:
    recording = load_recording(home)
    assert recording.home == home.id
    assert {device.address for device in home.devices} <= {seen.ip for seen in recording.observations}
    assert {device.mac for device in home.devices} <= {seen.mac for seen in recording.observations}


def test_a_recording_shows_no_probe_that_failed(home: Home) -> None:
    assert [run.probe for run in load_recording(home).runs if run.failed] == []


def test_a_recording_holds_clean_text_only(home: Home) -> None:
    assert recording_path(home).read_bytes().isascii()
    assert all(value.isprintable() for seen in load_recording(home).observations for _, value in seen.facts)


def test_a_recording_reads_back_as_it_was_written(home: Home, tmp_path: Path) -> None:
    recording = record(report(scope_of(home)), home)
    write_recording(recording, recording_path(home, tmp_path))
    assert load_recording(home, tmp_path) == recording


def test_a_recording_keeps_times_from_its_start(home: Home) -> None:
    recording = record(report(scope_of(home)), home)
    assert [seen.at for seen in recording.observations] == [0.25, 1.0]
    assert recording.seconds == 2.5


def test_a_recording_does_not_claim_that_a_replay_sends(home: Home) -> None:
    assert [run.sent for run in record(report(scope_of(home)), home).runs] == [Sent()]


def test_a_practice_report_says_that_it_is_none_of_a_real_home(home: Home) -> None:
    marked = mark(report(scope_of(home)), home, "It is a replay.")
    assert marked.not_checked[0].what == PRACTICE
    assert "every device in it is simulated. It is a replay." in marked.not_checked[0].why
    assert marked.runs[-1].probe == PRACTICE
    assert marked.observations == report(scope_of(home)).observations


def test_what_marks_practice_is_not_recorded(home: Home) -> None:
    plain = report(scope_of(home))
    assert record(mark(plain, home), home) == record(plain, home)


def test_a_home_without_a_recording_names_the_recorded_ones(home: Home) -> None:
    with pytest.raises(RecordingError, match=r"no recording of 'mine'.*family-home"):
        load_recording(replace(home, id="mine"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"home": 1}'])
def test_a_damaged_recording_is_one_sentence(home: Home, tmp_path: Path, text: str) -> None:
    recording_path(home, tmp_path).write_text(text)
    with pytest.raises(RecordingError, match="install iotsweep again"):
        load_recording(home, tmp_path)
