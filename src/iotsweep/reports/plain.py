"""The report for screen readers and pipes: one fact per line, no boxes, no colour; each line says what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.model import Report
from iotsweep.reports.compose import compose
from iotsweep.reports.page import Card, Page, Section
from iotsweep.reports.palette import CHIPS
from iotsweep.reports.progress import count_replies
from iotsweep.reports.selection import EVERYTHING, Selection
from iotsweep.reports.sending import say_places
from iotsweep.reports.shown import plain_marks
from iotsweep.reports.texts import CatalogueTexts, GuidanceTexts

PROVISIONAL = "not discussed yet"
QUOTES = 'Words in "quotes" are the device\'s own.'


def render(
    report: Report, catalogue: CatalogueTexts, guidance: GuidanceTexts, selection: Selection = EVERYTHING
) -> str:
    """The report as lines, without a last newline; our own words are ASCII, a device's own may not be."""
    page = compose(report, catalogue, guidance, selection)
    return "\n".join(plain_marks(line) for line in _write(page))


def _write(page: Page) -> Iterator[str]:
    yield page.title
    if page.partial:
        yield f"Notice: {page.partial}"
    for row in page.heading:
        yield from (f"{row.label}: {sentence}" for sentence in row.sentences)
    yield from _write_overview(page)
    yield f"Reading: {QUOTES}"
    for section in page.before:
        yield from _write_section(section)
    yield from _write_devices(page)
    yield from _write_section(page.not_checked)
    yield from _write_sent(page)
    for section in page.after:
        yield from _write_section(section)


def _write_devices(page: Page) -> Iterator[str]:
    for group in page.groups:
        yield f"{CHIPS[group.level].label(ascii_only=True)}: {group.note}"
        for card in group.cards:
            yield from _write_card(card, f"Device {card.number} of {page.total}")
    if page.laptop:
        yield from _write_card(page.laptop, page.laptop.title)


def _write_sent(page: Page) -> Iterator[str]:
    yield from _write_section(page.sent)
    for sent in page.sent_rows:
        if sent.packets:
            what = f"{sent.packets} packets, {sent.size}, {say_places(sent.places)}; {count_replies(sent.replies)}"
            yield f"Sent by {sent.probe}: {what}."
        else:
            yield f"Sent by {sent.probe}: nothing; {count_replies(sent.replies)}."


def _write_overview(page: Page) -> Iterator[str]:
    yield "Overview"
    for card in page.cards:
        if card.level:
            level = CHIPS[card.level].label(ascii_only=True)
            yield f"Device {card.number} of {page.total}: {level}: {card.title}, {card.where}."


def _write_card(card: Card, about: str) -> Iterator[str]:
    if card.level:
        level = CHIPS[card.level].label(ascii_only=True)
        yield f"{about}: {level}: {card.title}{f', {PROVISIONAL}' if card.provisional else ''}."
    for row in card.rows:
        for sentence in row.sentences:
            yield f"{about}: {row.label}: {sentence}"


def _write_section(section: Section) -> Iterator[str]:
    yield section.title
    for number, sentence in enumerate(section.sentences, 1):
        count = f" {number} of {len(section.sentences)}" if section.numbered else ""
        yield f"{section.label}{count}: {sentence}"
