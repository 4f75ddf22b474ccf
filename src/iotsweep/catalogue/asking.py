"""What probes ask the catalogue while they run: what kind this is, whether it has a name, whether it can record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from iotsweep.catalogue.matching import best, fit
from iotsweep.catalogue.normal import protocol
from iotsweep.model import Confidence, Observation

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.catalogue.seen import Vendors

# Names that whoever set a device up could give to it.
_CHOSEN = frozenset({"dhcp.hostname", "dns.name", "mdns.host", "mdns.name", "netbios.name", "llmnr.name"})


def likely_kinds(seen: Sequence[Observation], catalogue: Catalogue, vendors: Vendors) -> frozenset[str]:
    """The kinds that a device is likely to be, by what was seen of it so far."""
    matches = fit(list(enumerate(seen)), catalogue, vendors)
    return frozenset(match.kind for match in matches if match.confidence.rank >= Confidence.LIKELY.rank)


def is_named(seen: Sequence[Observation], catalogue: Catalogue, vendors: Vendors) -> bool:
    """Whether anything seen of a device so far gives a name to it.

    A guess at its kind from a name that a person can choose, or from its address block, does not: a hidden camera may
    be called a lamp.
    """
    match = best(fit(list(enumerate(seen)), catalogue, vendors))
    if match is None or not match.generic or match.confidence is not Confidence.POSSIBLE:
        return match is not None
    return not all(reason.key in _CHOSEN or protocol(reason.key) == "mac" for reason in match.because)


def can_record(facts: Mapping[str, str], catalogue: Catalogue, vendors: Vendors) -> bool:
    """Whether some fingerprint knows these facts of one reply, and what it names can see or hear."""
    seen = Observation("", "", facts=tuple(sorted(facts.items())))
    known = catalogue.capabilities
    return any(
        can in known and known[can].capture
        for match in fit([(0, seen)], catalogue, vendors)
        for can in match.can or catalogue.kinds[match.kind].can
    )
