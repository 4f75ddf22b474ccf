"""Whatever a device says, or a hand-edited file holds, the report keeps its shape and sends no control character."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from iotsweep.model import Because, NotChecked, ProbeRun, Reason, Report
from iotsweep.reports.plain import render
from iotsweep.reports.shown import encodable, quoted, shown
from tests.reports.drawing import draw
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

NASTY = st.text(max_size=80) | st.sampled_from(
    [
        "\x1b]0;title\x07", "\x1b[2J", "\r\nDevice 1 of 1: Confirmed.", "\u202edrowssap", "[red]x[/red]", "[/]",
        ":smile:",        "a" * 5000, "字" * 300, "Z" + "\u0301" * 400, "👩‍👩‍👧‍👦" * 30, "\u2028", "\x9b31m",
        "\x00", '"', "{}", "{key}", "\ud800",
    ]
)  # fmt: skip


def _poison(text: str) -> Report:
    report = make_report()
    finding = report.findings[0]
    poisoned = replace(
        finding,
        device=replace(finding.device, names=(text,), vendor=text, macs=(text,), ipv4=(text,), answers_for=(text,)),
        name=text,
        maker=text,
        model=text,
        kind=text,
        because=(Because(0, text, text), Because(0, "http.title", text)),
        concern=replace(finding.concern, reasons=(Reason(text, text),)),
        fingerprint=text,
    )
    return replace(
        report,
        partial=text,
        started=text,
        scope=replace(report.scope, interface=text, network=text, address=text),
        findings=(poisoned, *report.findings[1:]),
        not_checked=(NotChecked(text, text),),
        runs=(ProbeRun(text, skipped=text, limits=(text,), saw=1), *report.runs),
    )


def _forbidden(text: str) -> set[str]:
    return {c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NASTY)
def test_no_text_yields_a_control_character_or_a_line_too_wide(text: str) -> None:
    report = _poison(text)
    drawn = draw(report)

    assert _forbidden(drawn) == set()
    assert max(map(cell_len, drawn.splitlines())) <= 80
    assert _forbidden(render(report, FakeCatalogue(), FakeGuidance())) == set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NASTY)
def test_no_text_adds_a_line_to_the_plain_form(text: str) -> None:
    report = make_report()
    named = replace(report.findings[0], device=replace(report.findings[0].device, names=(f"x{text}",)))
    changed = replace(report, findings=(named, *report.findings[1:]))

    lines = len(render(report, FakeCatalogue(), FakeGuidance()).splitlines())
    assert len(render(changed, FakeCatalogue(), FakeGuidance()).splitlines()) == lines


@given(st.text())
def test_a_quoted_name_cannot_close_its_quotes(text: str) -> None:
    inner = quoted(text)[1:-1]

    assert '"' not in inner
    assert len(inner) <= 48


def test_markup_and_emoji_names_are_shown_as_they_are() -> None:
    drawn = " ".join(draw(make_report(), 200).split())

    assert "[bold red]markup[/] :smile:" in drawn
    assert "\x1b" not in drawn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 20, "aaaaaaaaa…"),
        ("x\u202ey\u200b", "xy"),
        ("e\u0301", "\u00e9"),
        ("Z" + "\u0335" * 9, "Z\u0335\u0335"),
        ("  two  words ", "two words"),
        ("☎\ufe0f", "☎"),
    ],
)
def test_text_is_tamed(text: str, expected: str) -> None:
    assert shown(text, 10) == expected


def test_what_an_encoding_lacks_becomes_a_question_mark() -> None:
    assert encodable("Küche…プ", "latin-1") == "Küche...?"
