"""The four chips: told apart without colour, readable with it."""

from __future__ import annotations

import itertools

import pytest
from rich.color import Color

from iotsweep.model import Level
from iotsweep.reports.palette import CHIPS, ORDER, can_show

# The sixteen colours of a VGA text screen; a terminal's theme may repaint them, but keeps light and dark apart.
_VGA = {"red": (170, 0, 0), "blue": (0, 0, 170), "yellow": (170, 85, 0), "white": (170, 170, 170)}
_VGA |= {"black": (0, 0, 0), "bright_white": (255, 255, 255)}


def _luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [channel / 255 for channel in rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _rgb(name: str) -> tuple[int, int, int]:
    red, green, blue = Color.parse(name).get_truecolor()
    return _VGA.get(name, (red, green, blue))


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("depth", ["truecolor", "256", "standard", "windows"])
def test_text_on_a_chip_can_be_read(level: Level, depth: str) -> None:
    text, ground = CHIPS[level].colours(depth)
    least = 3.8 if depth in {"standard", "windows"} else 4.5  # black on VGA brown is 3.9, in bold; WCAG asks 3 for that

    assert _contrast(_rgb(text), _rgb(ground)) >= least


def test_no_chip_is_green() -> None:
    for chip, depth in itertools.product(CHIPS.values(), ["truecolor", "256"]):
        red, green, blue = _rgb(chip.colours(depth)[1])
        assert not (green > red and green > blue)


def test_words_and_shapes_differ_for_every_level() -> None:
    assert len({chip.word for chip in CHIPS.values()}) == len({chip.shape for chip in CHIPS.values()}) == len(Level)
    assert [chip.ascii_shape for chip in CHIPS.values()] == ["[1]", "[?]", "[2]", "[3]"]
    assert ORDER == (Level.CHECK_FIRST, Level.FIND_IT, Level.CHECK_NEXT, Level.LOWER)


def test_only_the_pale_chip_has_an_edge() -> None:
    assert [level for level, chip in CHIPS.items() if chip.bordered] == [Level.LOWER]


@pytest.mark.parametrize(("encoding", "can"), [("utf-8", True), ("ascii", False), ("cp1252", False), ("none", False)])
def test_what_an_encoding_can_show_is_asked_not_guessed(encoding: str, can: bool) -> None:
    assert can_show("▲■○", encoding) is can
