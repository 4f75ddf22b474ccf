"""Whether facts fit a product that can see or hear: decides which names of others may be kept at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iotsweep.catalogue.matching import fit
from iotsweep.model import Observation

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.vendors import Vendors


def can_record(facts: Mapping[str, str], catalogue: Catalogue, vendors: Vendors) -> bool:
    """Whether some fingerprint knows these facts of one reply, and what it names can see or hear."""
    seen = Observation("", "", facts=tuple(sorted(facts.items())))
    known = catalogue.capabilities
    return any(
        can in known and known[can].capture
        for match in fit([(0, seen)], catalogue, vendors)
        for can in match.can or catalogue.kinds[match.kind].can
    )
