"""The report in a terminal, for a specialist: an overview that tells the story on one screen, then each device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size

from iotsweep.model import Level, Report
from iotsweep.reports.compose import compose
from iotsweep.reports.page import Card, Group, Page, Row, Section
from iotsweep.reports.plain import PROVISIONAL, QUOTES
from iotsweep.reports.selection import EVERYTHING, Selection
from iotsweep.reports.terminal_sheet import BOLD, PLAIN, Part, Sheet, wrap
from iotsweep.reports.texts import CatalogueTexts, GuidanceTexts

if TYPE_CHECKING:
    from rich.console import Console

_LABELS = 18  # cells for the labels beside a device's facts
_NARROW = 50  # below this, a label stands above its facts
_ADDRESS = 15  # 255.255.255.255
_ROWS = 16  # devices up to which the overview gives each its own row, so that it stays on one screen
_STANDS_OUT = frozenset({"What it can do", "Take care"})
_FLOWING = frozenset({"Where", "Role", "Its name", "How sure", "It showed"})  # sentences that need no label


def render(
    report: Report,
    catalogue: CatalogueTexts,
    guidance: GuidanceTexts,
    console: Console,
    selection: Selection = EVERYTHING,
) -> None:
    """Print the report; no line is wider than the console, and a device's words are never read as markup."""
    page = compose(report, catalogue, guidance, selection)
    sheet = Sheet(console)
    _heading(sheet, page)
    _overview(sheet, page)
    for section in page.before:
        _section(sheet, section)
    for group in page.groups:
        _group(sheet, group)
    if page.laptop:
        sheet.line()
        sheet.line((page.laptop.title, BOLD))
        _rows(sheet, page.laptop)
    _section(sheet, page.not_checked)
    _sent(sheet, page)
    for section in page.after:
        _section(sheet, section)
    if sheet.height > console.height:
        _recall(sheet, page)
    sheet.print()


def _heading(sheet: Sheet, page: Page) -> None:
    sheet.line((page.title, BOLD))
    if page.partial:
        sheet.wrapped(((f"{'Notice':<9}", BOLD),), page.partial, BOLD)
    for row in page.heading:
        sheet.wrapped(((f"{row.label:<9}", PLAIN),), " ".join(row.sentences))


def _overview(sheet: Sheet, page: Page) -> None:
    sheet.line()
    for group in page.groups:
        chip = sheet.chip(group.level)
        if group.level is Level.LOWER and len(page.cards) > _ROWS:
            sheet.wrapped((*chip, ("  ", PLAIN)), _say_lower(group))
            continue
        for card in group.cards:
            _overview_line(sheet, chip, card)
            chip = ((" " * sheet.chip_width, PLAIN),)
    sheet.line()
    sheet.wrapped((), QUOTES)


def _recall(sheet: Sheet, page: Page) -> None:
    """The last lines of a long report are the ones that stay on the screen."""
    sheet.line()
    sheet.line(("In short", BOLD))
    for group in page.groups:
        count = f"{len(group.cards)} device{'s' if len(group.cards) > 1 else ''}"
        lead = (*sheet.chip(group.level), (f"  {count}: ", PLAIN))
        sheet.wrapped(lead, _say_numbers([card.number for card in group.cards]))
    sheet.wrapped((), "What was seen of each stands above. A saved report is shown again with: iotsweep report FILE")


def _say_numbers(numbers: list[int]) -> str:
    """The numbers of devices: 3 to 9 where none is missing, else the first few of them."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers[:_ROWS])) + (", ..." if len(numbers) > _ROWS else "")


def _overview_line(sheet: Sheet, chip: tuple[Part, ...], card: Card) -> None:
    lead = (*chip, (f"{card.number:>4}  ", PLAIN))
    style = BOLD if card.level in {Level.CHECK_FIRST, Level.FIND_IT} else PLAIN
    room = sheet.width - sheet.chip_width - 6 - _ADDRESS - 1
    if room < _LABELS:
        sheet.wrapped(lead, f"{card.title}, {card.where}", style)
        return
    where = wrap(sheet.fit(card.where), _ADDRESS)
    what = wrap(sheet.fit(card.title), room)
    for index in range(max(len(what), len(where))):
        left = set_cell_size(what[index] if index < len(what) else "", room)
        right = where[index] if index < len(where) else ""
        sheet.line(*lead, (left, style), (f" {right}".rstrip(), PLAIN))
        lead = ((" " * (sheet.chip_width + 6), PLAIN),)


def _say_lower(group: Group) -> str:
    names = "; ".join(f"{card.number} {card.title}" for card in group.cards[:12])
    more = len(group.cards) - 12
    return names + (f"; and {more} more below" if more > 0 else "")


def _group(sheet: Sheet, group: Group) -> None:
    sheet.line()
    none_discussed = all(card.provisional for card in group.cards)
    note = f"{group.note} {PROVISIONAL.capitalize()}." if none_discussed else group.note
    sheet.wrapped((*sheet.chip(group.level), ("  ", PLAIN)), note)
    for card in group.cards:
        sheet.line()
        title = f"{card.title}, {PROVISIONAL}" if card.provisional and not none_discussed else card.title
        sheet.wrapped(sheet.badge(group.level, card.number), title, BOLD)
        if card.brief:
            _brief(sheet, card)
        else:
            _rows(sheet, card)


def _brief(sheet: Sheet, card: Card) -> None:
    flowing = [sentence for row in card.rows if row.label in _FLOWING for sentence in row.sentences]
    sheet.wrapped((("    ", PLAIN),), " ".join(flowing))
    for row in card.rows:
        if row.label not in _FLOWING:
            sheet.wrapped((("    ", PLAIN),), f"{row.label}: {' '.join(row.sentences)}")


def _rows(sheet: Sheet, card: Card) -> None:
    for row in card.rows:
        _row(sheet, row)


def _row(sheet: Sheet, row: Row) -> None:
    label = f"    {row.label:<{_LABELS - 1}} "
    style = BOLD if row.label in _STANDS_OUT else PLAIN
    if sheet.width < _NARROW:
        sheet.line((label.rstrip(), style))
        label = " " * 6
    if not row.listed:
        sheet.wrapped(((label, style),), " ".join(row.sentences))
        return
    for sentence in row.sentences:
        sheet.wrapped(((label, style), (f"{sheet.bullet} ", PLAIN)), sentence)
        label = " " * len(label)


def _section(sheet: Sheet, section: Section) -> None:
    sheet.line()
    sheet.line((section.title, BOLD))
    for number, sentence in enumerate(section.sentences, 1):
        mark = f"{number}." if section.numbered else sheet.bullet
        sheet.wrapped(((f"  {mark} ", PLAIN),), sentence)


def _sent(sheet: Sheet, page: Page) -> None:
    _section(sheet, page.sent)
    if not page.sent_rows:
        return
    widest = max(len(row.probe) for row in page.sent_rows)
    head = f"    {'probe':<{widest}} {'packets':>8} {'size':>10} {'addresses':>10} {'replies':>8}"
    sheet.line((head, PLAIN))
    for row in page.sent_rows:
        text = f"    {row.probe:<{widest}} {row.packets:>8} {row.size:>10} {row.places:>10} {row.replies:>8}"
        sheet.line((text, PLAIN))
