"""The report in the terminal: its gold file, its widths, its colours."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from iotsweep.model import Level
from iotsweep.reports.compose import compose
from iotsweep.reports.palette import CHIPS
from iotsweep.reports.terminal import render
from tests.reports.drawing import Depth, draw
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

GOLD = Path(__file__).parent / "gold"
_COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7]|10[0-7])[0-9;]*m")


def test_the_sample_home_looks_as_it_did_at_80_columns() -> None:
    assert draw(make_report()) == (GOLD / "terminal-80.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [30, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in draw(make_report(), width).splitlines()) <= width


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_word_is_cut(width: int) -> None:
    page = compose(make_report(), FakeCatalogue(), FakeGuidance())
    sentences = [each for card in page.cards for row in card.rows for each in row.sentences]
    words = {word for sentence in sentences for word in sentence.split()}

    assert len(words) > 200
    assert words - set(draw(make_report(), width).split()) == set()


def test_the_most_important_device_stands_on_the_first_screen_of_24_lines() -> None:
    screen = "\n".join(draw(make_report()).splitlines()[:24])

    assert screen.index("▲ Check first") < screen.index("Tapo camera") < screen.index("? Find it")
    assert screen.index("? Find it") < screen.index("■ Check next") < screen.index("○ Lower concern")


def test_every_level_has_its_word_and_its_shape() -> None:
    text = draw(make_report())

    assert [chip.label() in text for chip in CHIPS.values()] == [True] * len(Level)


def test_an_encoding_without_the_shapes_gets_ascii_ones() -> None:
    text = draw(make_report(), encoding="ascii")

    assert all(label in text for label in ("[1] Check first", "[?] Find it", "[2] Check next", "[3] Lower concern"))
    assert '"?????"' in text  # a name in Japanese


def test_no_color_takes_every_colour_away_and_keeps_the_words() -> None:
    coloured, plain = draw(make_report(), depth="truecolor"), draw(make_report(), depth="truecolor", no_color=True)

    assert _COLOUR.search(coloured)
    assert not _COLOUR.search(plain)
    assert "▲ Check first" in plain


def test_the_environment_variable_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    monkeypatch.setenv("NO_COLOR", "1")

    assert Console(force_terminal=True, color_system="truecolor").no_color


@pytest.mark.parametrize(
    ("depth", "codes"), [("standard", "97;41m"), ("256", "48;5;88m"), ("truecolor", "48;2;122;0;25m")]
)
def test_check_first_is_dark_red_at_every_depth_of_colour(depth: Depth, codes: str) -> None:
    assert codes in draw(make_report(), depth=depth)


def test_the_eight_blind_spots_are_there_even_when_nothing_was_found() -> None:
    text = " ".join(draw(replace(make_report(), findings=(), runs=(), not_checked=())).split())

    assert [spot in text for spot in FakeGuidance().blind_spots] == [True] * 8
    assert "We found 0 devices" in text
    assert "This check sent nothing." in text


def test_a_check_that_stopped_early_says_so_at_the_top() -> None:
    first = draw(make_report("it was stopped by hand")).splitlines()[:3]

    assert first[1] == "Notice   This check is not complete: it was stopped by hand."


def test_more_devices_than_fit_leave_the_overview_on_one_screen() -> None:
    report = make_report()
    many = replace(report, findings=report.findings[:9] + report.findings[10:11] * 40)

    assert sum(line.startswith("│○ Lower concern│") for line in draw(many).splitlines()[:24]) == 1
    assert "and 28 more below" in " ".join(draw(many).split())


def test_what_stays_on_the_screen_after_a_long_report_says_what_was_found() -> None:
    last = draw(make_report()).splitlines()[-7:]

    assert last[0] == "In short"
    assert last[1].endswith("3 devices: 1 to 3")
    assert [chip.label() in line for chip, line in zip(CHIPS.values(), last[1:5], strict=True)] == [True] * 4


def test_a_report_that_fits_on_the_screen_is_not_summed_up_again() -> None:
    console = Console(file=io.StringIO(), width=80, height=2_000, force_terminal=True)
    render(make_report(), FakeCatalogue(), FakeGuidance(), console)

    assert "In short" not in console.file.getvalue()  # type: ignore[attr-defined]
