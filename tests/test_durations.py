"""Lengths of time, as people write and read them."""

from __future__ import annotations

import pytest

from iotsweep.durations import DurationError, read_duration, say_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("1h", 3600), (" 2 min ", 120), ("24h", 86400)]
)
def test_a_length_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "1.5h", "soon", "0s", "1s", "25h", "9" * 40 + "s", "٣m"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(DurationError, match=r"write it like 90s, 15m or 1h|choose from 5s to 24h"):
        read_duration(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (900, "15 minutes"), (3600, "1 hour"), (5400, "1 hour 30 minutes")],
)
def test_a_length_is_said_in_words(seconds: float, words: str) -> None:
    assert say_duration(seconds) == words
