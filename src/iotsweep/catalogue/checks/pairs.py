"""Rules between fingerprints: no two say the same."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.catalogue.checks.case import Case, Rule, facts_of, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source


def name_stands_once(source: Source, case: Case) -> Iterator[Problem]:
    """Two families with one name could not be told apart in a report."""
    for other in case.names[source.fingerprint.name.casefold()]:
        if other is not source:
            what = f"the name `{source.fingerprint.name}` is also that of {other.document.path}"
            yield problem(source, ("name",), what, "Say in the name what makes it different")
            return


def clue_stands_once(source: Source, case: Case) -> Iterator[Problem]:
    """Two families that share a clue always fire together."""
    for _, clues in source.fingerprint.clues:
        for clue in clues:
            for other, line in case.users[facts_of(clue)]:
                if other is source and line != clue.line:
                    yield problem(source, max(line, clue.line), "this clue stands twice in this file", "Remove one")
                elif other is not source and other.fingerprint.generic == source.fingerprint.generic:
                    what = f"{other.document.path}:{line} has the same clue, so both always fire together"
                    yield problem(source, clue.line, what, "Add a fact that tells them apart, or merge the two")


RULES: tuple[Rule, ...] = (name_stands_once, clue_stands_once)
