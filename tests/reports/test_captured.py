"""A report of a capture says what it is, and facts that only frames tell are said truly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.model import ProbeRun
from iotsweep.reports.compose import compose
from iotsweep.reports.facts import say_fact
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

TIME = "2026-11-22T10:00:00.000000Z"


def when(run: ProbeRun) -> str:
    report = replace(make_report(), runs=(run,), started=TIME, ended="2026-11-22T10:00:30.000000Z")
    page = compose(report, FakeCatalogue(), FakeGuidance())
    return next(row.sentences[0] for row in page.heading if row.label == "When")


def test_what_was_recorded_is_not_called_a_check_of_ours() -> None:
    said = when(ProbeRun("capture", TIME, TIME, saw=3))
    assert said == "2026-11-22 at 10:00 UTC, for 30 seconds, read from what was recorded then."


def test_a_capture_without_a_frame_has_no_time() -> None:
    assert when(ProbeRun("capture")) == "No frame was recorded, so no time is known."


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("http.user_agent", 'It calls itself "X" to web servers.'),
        ("http.host", 'It asks the web server "X".'),
        ("ip.forwards", "It leads to the internet, as a router does."),
        ("dhcp.user_class", 'It gave the user class "X" when it joined.'),
    ],
)
def test_what_a_device_says_to_others_is_no_answer_to_us(key: str, sentence: str) -> None:
    assert say_fact(key, "X") == sentence
