"""What rules are given besides the one fingerprint that they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.matching import Vendors
from iotsweep.catalogue.patterns import Pattern, read_pattern


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

    def makes_modules(self, vendor: str) -> bool:
        """True when `vendor`, as the IEEE or a clue writes it, makes modules for other makers' products."""
        folded = vendor.casefold()
        bare = folded.rstrip("*")
        return any(
            pattern.match(vendor, folded) is not None or (len(bare) > 3 and pattern.text.strip("*").startswith(bare))
            for pattern in self.module_makers
        )


Rule = Callable[[Source, Case], Iterable[Problem]]


def problem(source: Source, place: tuple[str | int, ...] | int, what: str, remedy: str) -> Problem:
    """A problem at a place of the source's file, or at a line."""
    line = place if isinstance(place, int) else source.document.line(place)
    return Problem(source.document.path, line, what, remedy)
