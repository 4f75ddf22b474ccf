"""The plain form: its gold file, one fact per line, the same content as the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from iotsweep.reports.compose import compose
from iotsweep.reports.plain import render
from iotsweep.reports.shown import plain_marks
from tests.reports.drawing import draw
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

GOLD = Path(__file__).parent / "gold"


@pytest.fixture(scope="module")
def text() -> str:
    return render(make_report(), FakeCatalogue(), FakeGuidance())


def test_the_sample_home_reads_as_it_did(text: str) -> None:
    assert text + "\n" == (GOLD / "plain.txt").read_text(encoding="utf-8")


def test_there_are_no_boxes_no_colours_and_no_shapes(text: str) -> None:
    foreign = {character for character in text if not character.isascii()} - set("プリンターй")

    assert foreign == set("\u0301") or foreign == set()
    assert "\x1b" not in text


def test_every_line_says_what_it_is_about(text: str) -> None:
    page = compose(make_report(), FakeCatalogue(), FakeGuidance())
    headings = {page.title, "Overview", page.not_checked.title, page.sent.title}
    headings |= {section.title for section in (*page.before, *page.after)}

    assert [line for line in text.splitlines() if ": " not in line and line not in headings] == []


def test_the_terminal_says_every_sentence_that_the_plain_form_says(text: str) -> None:
    page = compose(make_report(), FakeCatalogue(), FakeGuidance())
    drawn = " ".join(draw(make_report()).split())
    sentences = [each for card in page.cards for row in card.rows for each in row.sentences]
    sentences += [
        each for section in (*page.before, page.not_checked, page.sent, *page.after) for each in section.sentences
    ]

    assert len(sentences) > 100
    assert [each for each in sentences if " ".join(each.split()) not in drawn] == []
    assert [each for each in sentences if plain_marks(each) not in text] == []


def test_the_order_of_the_levels_holds_even_if_a_saved_file_was_shuffled() -> None:
    from dataclasses import replace

    report = make_report()
    shuffled = replace(report, findings=tuple(reversed(report.findings)))
    levels = [card.level for card in compose(shuffled, FakeCatalogue(), FakeGuidance()).cards]

    assert levels == [card.level for card in compose(report, FakeCatalogue(), FakeGuidance()).cards]


def test_a_check_that_stopped_early_says_so_in_the_second_line() -> None:
    text = render(make_report("the time was over"), FakeCatalogue(), FakeGuidance())

    assert text.splitlines()[1] == "Notice: This check is not complete: the time was over."
