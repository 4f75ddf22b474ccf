"""Rules between fingerprints: no two say the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from iotsweep.catalogue.checks.case import Case, Rule, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.patterns import Pattern, read_pattern
from iotsweep.model import Clue

_Facts = frozenset[tuple[str, frozenset[Pattern]]]


def name_stands_once(source: Source, case: Case) -> Iterator[Problem]:
    """Two families with one name could not be told apart in a report."""
    name = source.fingerprint.name.casefold()
    for other in case.sources:
        if other.fingerprint.id != source.fingerprint.id and other.fingerprint.name.casefold() == name:
            what = f"the name `{source.fingerprint.name}` is also that of {other.document.path}"
            yield problem(source, ("name",), what, "Say in the name what makes it different")
            return


def clue_stands_once(source: Source, case: Case) -> Iterator[Problem]:
    """Two families that share a clue always fire together."""
    users = _users(tuple(case.sources))
    for _, clues in source.fingerprint.clues:
        for clue in clues:
            for other, line in users[_facts(clue)]:
                if other is source and line != clue.line:
                    yield problem(source, max(line, clue.line), "this clue stands twice in this file", "Remove one")
                elif other is not source and other.fingerprint.generic == source.fingerprint.generic:
                    what = f"{other.document.path}:{line} has the same clue, so both always fire together"
                    yield problem(source, clue.line, what, "Add a fact that tells them apart, or merge the two")


@lru_cache(maxsize=2)
def _users(sources: tuple[Source, ...]) -> dict[_Facts, list[tuple[Source, int]]]:
    users: dict[_Facts, list[tuple[Source, int]]] = {}
    for source in sources:
        for _, clues in source.fingerprint.clues:
            for clue in clues:
                users.setdefault(_facts(clue), []).append((source, clue.line))
    return users


def _facts(clue: Clue) -> _Facts:
    return frozenset((key, frozenset(read_pattern(key, value) for value in values)) for key, values in clue.facts)


RULES: tuple[Rule, ...] = (name_stands_once, clue_stands_once)
