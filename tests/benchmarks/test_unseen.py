"""A measurement of the unknown must not be helped by what was written for the maker that is asked about."""

from __future__ import annotations

from benchmarks.unseen import is_of_another
from iotsweep.model import Confidence, Match


def a_match(maker: str, name: str, *, generic: bool = False) -> Match:
    return Match("some-id", name, "plug", maker, Confidence.LIKELY, (), generic=generic)


def test_what_was_written_for_the_maker_of_a_line_does_not_count() -> None:
    makers = frozenset({"Belkin WeMo", "belkin"})
    assert not is_of_another(a_match("Belkin", "Smart plug"), makers)
    assert not is_of_another(a_match("Linksys", "Belkin WeMo plug"), makers)


def test_what_was_written_for_others_or_for_nobody_counts() -> None:
    makers = frozenset({"Belkin WeMo", "belkin"})
    assert is_of_another(a_match("Meross", "Meross plug"), makers)
    assert is_of_another(a_match("Belkin", "Any UPnP plug", generic=True), makers)
