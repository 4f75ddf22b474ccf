"""How long something is to go on, as people write it: 90s, 15m, 1h."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 5.0, 24 * 3600.0  # seconds
_UNITS = {"s": 1, "m": 60, "h": 3600}
_TEXT = re.compile(r"(\d{1,6})\s*([smh])[a-z]{0,6}", re.IGNORECASE | re.ASCII)


class DurationError(ValueError):
    """A time that cannot be read or used: one sentence with the remedy."""


def read_duration(text: str) -> float:
    """Seconds, from 5 s to 24 h. Raises DurationError."""
    found = _TEXT.fullmatch(text.strip())
    if not found:
        raise DurationError(f"{text!r} is not a length of time: write it like 90s, 15m or 1h")
    seconds = float(int(found[1]) * _UNITS[found[2].lower()])
    if not SHORTEST <= seconds <= LONGEST:
        raise DurationError(f"{text!r} is too {'short' if seconds < SHORTEST else 'long'}: choose from 5s to 24h")
    return seconds


def say_duration(seconds: float) -> str:
    """The same in words: "45 seconds", "12 minutes", "1 hour 30 minutes"."""
    whole = round(seconds)
    if whole < 120:
        return _count(whole, "second")
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour") if hours else "", _count(rest, "minute") if rest else ""]
    return " ".join(part for part in parts if part)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
