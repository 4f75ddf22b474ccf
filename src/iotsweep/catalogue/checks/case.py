"""What rules are given besides the one fingerprint that they look at."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.matching import Vendors, fit
from iotsweep.catalogue.patterns import Pattern, read_pattern
from iotsweep.model import Clue, Example, Match


@dataclass(frozen=True)
class Case:
    """The whole catalogue, the IEEE table, and the keys that probes yield (none: not asked)."""

    catalogue: Catalogue
    sources: Sequence[Source]
    vendors: Vendors
    yields: frozenset[str] = frozenset()

    @cached_property
    def module_makers(self) -> tuple[Pattern, ...]:
        """The makers whose address blocks name no product."""
        return tuple(read_pattern("mac.vendor", name) for name in self.catalogue.module_makers)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """The spelling of each maker's name to use, by its bare name."""
        found: dict[str, str] = {}
        for source in sorted(self.sources, key=lambda source: source.fingerprint.id):
            found.setdefault(bare(source.fingerprint.maker), source.fingerprint.maker)
        for right, wrong in self.catalogue.makers.items():
            found |= dict.fromkeys(map(bare, (right, *wrong)), right)
        return found

    @cached_property
    def names(self) -> dict[str, list[Source]]:
        """The fingerprints by their names."""
        found: dict[str, list[Source]] = {}
        for source in self.sources:
            found.setdefault(source.fingerprint.name.casefold(), []).append(source)
        return found

    @cached_property
    def users(self) -> dict[Facts, list[tuple[Source, int]]]:
        """Which fingerprints use a clue, and in which line."""
        found: dict[Facts, list[tuple[Source, int]]] = {}
        for source in self.sources:
            for _, clues in source.fingerprint.clues:
                for clue in clues:
                    found.setdefault(facts_of(clue), []).append((source, clue.line))
        return found

    @cached_property
    def registered(self) -> tuple[str, ...]:
        """Every name of the IEEE table, folded and in order; none when the table cannot list them."""
        names = getattr(self.vendors, "names", None)
        return tuple(sorted({name.casefold() for name in names()})) if names else ()

    def fit(self, example: Example) -> tuple[Match, ...]:
        """What the whole catalogue says of an example; several rules ask."""
        found = self._fitted.get(id(example))
        if found is None:
            found = self._fitted[id(example)] = fit(list(enumerate(example.saw)), self.catalogue, self.vendors)
        return found

    @cached_property
    def _fitted(self) -> dict[int, tuple[Match, ...]]:
        return {}

    def names_of(self, maker: str) -> tuple[str, ...]:
        """The bare names under which a maker may stand in the IEEE table."""
        return tuple(filter(None, map(bare, (maker, *self.catalogue.makers.get(maker, ())))))

    def holds_blocks_of(self, holder: str, maker: str) -> bool:
        """True when the IEEE lists blocks of `maker` under the name `holder`, as block_holders.yaml says."""
        folded, bare_name = holder.casefold(), holder.casefold().strip("*")
        patterns = (read_pattern("mac.vendor", name) for name in self.catalogue.holders.get(maker, ()))
        return any(p.match(folded, folded) is not None or p.text.strip("*").startswith(bare_name) for p in patterns)

    @cached_property
    def is_registered(self) -> Callable[[Pattern], bool]:
        """Tells whether some name of the IEEE table fits, or nobody can tell. Many fingerprints ask for the same."""
        return cache(partial(_fits_a_name, self.registered))

    @cached_property
    def makes_modules(self) -> Callable[[str], bool]:
        """Tells whether a name, as the IEEE or a clue writes it, is of a maker of modules for others' products."""
        return cache(partial(_is_one_of, self.module_makers))


def _fits_a_name(names: Sequence[str], vendor: Pattern) -> bool:
    near, start = names, "" if vendor.form == "regex" else vendor.text.partition("*")[0]
    if start:
        near = names[bisect_left(names, start) : bisect_left(names, start + chr(sys.maxunicode))]
    elif vendor.form == "wildcard":
        piece = max(vendor.literals)
        near = [name for name in names if piece in name]
    return not names or any(vendor.match(name, name) is not None for name in near)


def _is_one_of(makers: Sequence[Pattern], vendor: str) -> bool:
    folded = vendor.casefold()
    start = folded.rstrip("*")
    return any(
        maker.match(vendor, folded) is not None or (len(start) > 3 and maker.text.strip("*").startswith(start))
        for maker in makers
    )


Facts = frozenset[tuple[str, frozenset[Pattern]]]


def facts_of(clue: Clue) -> Facts:
    """What a clue asks for, however it is ordered and spelt."""
    return frozenset((key, frozenset(read_pattern(key, value) for value in values)) for key, values in clue.facts)


@cache
def bare(maker: str) -> str:
    """A maker's name without what differs between spellings of it."""
    return re.sub(r"[^a-z0-9]|\b(inc|ltd|llc|gmbh|corp|co)\b", "", maker.casefold())


Rule = Callable[[Source, Case], Iterable[Problem]]


def problem(source: Source, place: tuple[str | int, ...] | int, what: str, remedy: str) -> Problem:
    """A problem at a place of the source's file, or at a line."""
    line = place if isinstance(place, int) else source.document.line(place)
    return Problem(source.document.path, line, what, remedy)
