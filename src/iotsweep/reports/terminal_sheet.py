"""Lines of text with styles for a terminal: wraps between words by the cells they take, never reads markup."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from iotsweep.model import Level
from iotsweep.reports.palette import CHIPS, SHAPES, can_show
from iotsweep.reports.shown import encodable

WIDEST = 104  # longer lines are hard to follow from one to the next
BOLD = Style(bold=True)
PLAIN = Style()
Part = tuple[str, Style]


class Sheet:
    """Collects lines for one console and prints them in one go."""

    def __init__(self, console: Console) -> None:
        self.width = max(24, min(console.width, WIDEST))
        self.ascii_only = not can_show(SHAPES + "│·…", console.encoding)
        self._console = console
        self._segments: list[Segment] = []
        self.bullet = "-" if self.ascii_only else "·"
        self._edge = "|" if self.ascii_only else "│"
        self.chip_width = max(cell_len(chip.label(ascii_only=self.ascii_only)) for chip in CHIPS.values()) + 2

    @property
    def height(self) -> int:
        """Lines so far."""
        return sum(segment.text.count("\n") for segment in self._segments)

    def line(self, *parts: Part) -> None:
        """One line as it is: the caller has wrapped it."""
        self._segments += [Segment(self.fit(text), style) for text, style in parts if text]
        self._segments.append(Segment.line())

    def fit(self, text: str) -> str:
        """`text` in characters that this console can show."""
        return encodable(text, self._console.encoding)

    def wrapped(self, first: tuple[Part, ...], text: str, style: Style = PLAIN, *, indent: int | None = None) -> None:
        """`first` as it is, then `text` wrapped beside it; later lines are indented as far as `first` reaches."""
        start = sum(cell_len(part) for part, _ in first)
        indent = start if indent is None else indent
        room = max(8, self.width - max(start, indent))
        for index, line in enumerate(wrap(self.fit(text), room) or [""]):
            lead = first if index == 0 else ((" " * indent, PLAIN),)
            self.line(*lead, (line, style))

    def chip(self, level: Level) -> tuple[Part, ...]:
        """The level's word and shape on its colour, padded to `chip_width`."""
        edge = self._edge if CHIPS[level].bordered else " "
        label = CHIPS[level].label(ascii_only=self.ascii_only)
        return ((edge + set_cell_size(label, self.chip_width - 2) + edge, self.style(level)),)

    def badge(self, level: Level, number: int) -> tuple[Part, ...]:
        """The level's shape and the device's number on its colour."""
        shape = CHIPS[level].ascii_shape if self.ascii_only else CHIPS[level].shape
        edge = self._edge if CHIPS[level].bordered else " "
        return ((f"{edge}{shape} {number}{edge}", self.style(level)), ("  ", PLAIN))

    def style(self, level: Level) -> Style:
        """The level's colours at this console's depth."""
        text, ground = CHIPS[level].colours(self._console.color_system)
        return Style(color=text, bgcolor=ground, bold=True)

    def print(self) -> None:
        """Hand all lines to the console."""
        self._console.print(Segments(self._segments), end="")


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between words; only a longer word is broken inside."""
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text, width):
        size = cell_len(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        line, used = word, size
    return [*lines, line] if line else lines


def _words(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        if cell_len(word) <= width:
            yield word
        else:
            yield from chop_cells(word, width)
