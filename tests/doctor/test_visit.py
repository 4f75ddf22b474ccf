"""The checklist of a visit: complete, in the order of the day."""

from __future__ import annotations

import pytest

from iotsweep.doctor.visit import load_checklist

_PARTS = {part: " ".join(lines).lower() for part, lines in load_checklist()}


def test_the_day_has_three_parts_in_order() -> None:
    assert list(_PARTS) == ["before", "during", "after"]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("before", ["doorbells", "ordinary reason", "a word that stops"]),
        (
            "before",
            ["plain name", "sharing", "vpn", "cloud sync", "updates", "chat", "disk encryption", "screen filter"],
        ),
        ("before", ["random hardware address", "write it down", "new device", "cable", "never copy another"]),
        ("before", ["who runs the router", "listen only", "by eye"]),
        ("during", ["good time", "noticed", "plan", "due back", "stopping"]),
        ("during", ["yes or no", "list of devices", "services", "saving", "statistics"]),
        ("during", ["screen", "nobody reads along"]),
        ("during", ["sound off", "no browser", "internet"]),
        ("during", ["being sent", "dry run"]),
        ("after", ["who keeps the record", "nobody does", "neutral name", "encrypt", "no copies"]),
        ("after", ["terminal", "history"]),
        ("after", ["date on which it is deleted", "could not be deleted", "backups"]),
        ("after", ["lost or taken", "keep little", "where a refuge is"]),
        ("after", ["forget the wi-fi", "time at which you left"]),
    ],
    ids=str,
)
def test_nothing_of_it_is_missing(part: str, words: list[str]) -> None:
    assert [word for word in words if word not in _PARTS[part]] == []
