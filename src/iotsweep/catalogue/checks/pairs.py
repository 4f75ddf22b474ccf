"""Rules between fingerprints: no two say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iotsweep.catalogue.checks.case import Case, Rule, facts_of, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.model import Confidence, Match


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


def another_does_not_always_fire_as_well(source: Source, case: Case) -> Iterator[Problem]:
    """Two families that are equally sure of every example, for the same facts, cannot both be right."""
    together: set[str] | None = None
    for example in source.fingerprint.examples:
        if example.confidence is Confidence.NONE:
            continue
        equals = {match.fingerprint for match in _equals(source.fingerprint.id, case.fit(example))}
        together = equals if together is None else together & equals
    for other in sorted(together or ()):
        what = f"`{other}` is equally sure of every example here, by the same facts"
        yield problem(source, ("id",), what, "Merge the two, or add a fact or an example that tells them apart")


def _equals(own: str, matches: Sequence[Match]) -> Iterator[Match]:
    mine = next((match for match in matches if match.fingerprint == own), None)
    for match in matches:
        if mine is not None and match is not mine and _weight(match) == _weight(mine):
            yield match


def _weight(match: Match) -> tuple[object, ...]:
    reasons = frozenset((reason.key, reason.value) for reason in match.because)
    return (match.confidence, match.generic, match.exactness, reasons)


RULES: tuple[Rule, ...] = (name_stands_once, clue_stands_once, another_does_not_always_fire_as_well)
