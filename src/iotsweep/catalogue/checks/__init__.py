"""What a good fingerprint keeps to: one small function per rule, each with a sentence and a remedy.

A rule takes one Source and the Case and gives the problems that it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iotsweep.catalogue.checks import blocks, clues, descriptions, examples, pairs
from iotsweep.catalogue.checks.case import Case, Rule
from iotsweep.catalogue.checks.workers import spread
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source

__all__ = ["RULES", "Case", "Rule", "check"]

RULES: tuple[Rule, ...] = (*descriptions.RULES, *clues.RULES, *blocks.RULES, *examples.RULES, *pairs.RULES)


def check(sources: Sequence[Source], case: Case, rules: Iterable[Rule] = RULES) -> tuple[Problem, ...]:
    """Every problem of these fingerprints, by file and line."""
    every = tuple(rules)
    _ = case.catalogue.index  # built once, before the work is spread

    def look(share: Sequence[Source]) -> set[Problem]:
        return {problem for rule in every for source in share for problem in rule(source, case)}

    return tuple(sorted(spread(look, sources)))
