"""How a level of concern looks: a word, a shape and a colour, never a colour alone and never green.

The four chips stay at least 50 apart (delta E 76) for people who see no red, green or blue, and their text has a
contrast of 6 or more against its chip (WCAG 2.2, 1.4.3 asks for 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from iotsweep.model import Level


@dataclass(frozen=True, slots=True)
class Chip:
    """One level: its word, its shape, the shape in ASCII, and text and ground for each depth of colour."""

    word: str
    shape: str
    ascii_shape: str
    true: tuple[str, str]  # text, ground: 24-bit
    indexed: tuple[str, str]  # the xterm 256-colour table
    basic: tuple[str, str]  # the sixteen named colours, which a terminal's theme may repaint
    bordered: bool = False  # a pale chip needs an edge to be seen on white

    def label(self, *, ascii_only: bool = False) -> str:
        """Shape and word: "▲ Check first"."""
        return f"{self.ascii_shape if ascii_only else self.shape} {self.word}"

    def colours(self, depth: str | None) -> tuple[str, str]:
        """Text and ground for a terminal's depth of colour, as Rich names it."""
        return {"256": self.indexed, "standard": self.basic, "windows": self.basic}.get(depth or "", self.true)


CHIPS: dict[Level, Chip] = {
    Level.CHECK_FIRST: Chip(
        "Check first",
        "▲",
        "[1]",
        ("#ffffff", "#7a0019"),
        ("color(231)", "color(88)"),
        ("bright_white", "red"),
    ),
    Level.FIND_IT: Chip(
        "Find it",
        "?",
        "[?]",
        ("#ffffff", "#5b50c8"),
        ("color(231)", "color(61)"),
        ("bright_white", "blue"),
    ),
    Level.CHECK_NEXT: Chip(
        "Check next",
        "■",
        "[2]",
        ("#000000", "#f5b335"),
        ("color(16)", "color(215)"),
        ("black", "yellow"),
    ),
    Level.LOWER: Chip(
        "Lower concern",
        "○",
        "[3]",
        ("#000000", "#dcebf7"),
        ("color(16)", "color(195)"),
        ("black", "white"),
        bordered=True,
    ),
}

ORDER: tuple[Level, ...] = tuple(CHIPS)  # the order of a report
SHAPES = "".join(chip.shape for chip in CHIPS.values())


def can_show(text: str, encoding: str | None) -> bool:
    """True when `encoding` has every character of `text`."""
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
