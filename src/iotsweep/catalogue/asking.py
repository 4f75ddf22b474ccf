"""What probes ask the catalogue while they run: what kind this is, whether it has a name, whether it can record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from iotsweep.catalogue.matching import best, fit
from iotsweep.model import Confidence, Observation

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.vendors import Vendors


def likely_kinds(seen: Sequence[Observation], catalogue: Catalogue, vendors: Vendors) -> frozenset[str]:
    """The kinds that a device is likely to be, by what was seen of it so far."""
    matches = fit(list(enumerate(seen)), catalogue, vendors)
    return frozenset(match.kind for match in matches if match.confidence.rank >= Confidence.LIKELY.rank)


def is_named(seen: Sequence[Observation], catalogue: Catalogue, vendors: Vendors) -> bool:
    """Whether anything seen of a device so far gives a name to it."""
    return best(fit(list(enumerate(seen)), catalogue, vendors)) is not None


def can_record(facts: Mapping[str, str], catalogue: Catalogue, vendors: Vendors) -> bool:
    """Whether some fingerprint knows these facts of one reply, and what it names can see or hear."""
    seen = Observation("", "", facts=tuple(sorted(facts.items())))
    known = catalogue.capabilities
    return any(
        can in known and known[can].capture
        for match in fit([(0, seen)], catalogue, vendors)
        for can in match.can or catalogue.kinds[match.kind].can
    )
