"""The catalogue as a value: fingerprints, kinds, capabilities, and what a scan needs to know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.ports import ports_to_ask
from iotsweep.catalogue.ready import Ready
from iotsweep.model import Fingerprint

if TYPE_CHECKING:
    from iotsweep.catalogue.index import Index


@dataclass(frozen=True, slots=True)
class Kind:
    """What a device can be, what that can do unless a fingerprint knows better, and the only ports to ask, if few."""

    id: str
    name: str
    can: tuple[str, ...]
    ports: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """What a device can do to a person. `say` ends the sentence "This kind of device ..."."""

    id: str
    tier: str  # "T0" (none known) to "T4" (sees, hears, locates, opens)
    capture: bool  # a private room raises concern one step
    say: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that observations are compared with. Not slotted: the index is built once, when first needed."""

    fingerprints: Sequence[Fingerprint]
    kinds: Mapping[str, Kind]
    capabilities: Mapping[str, Capability]
    version: str
    sha256: str
    makers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the spelling to use, and those not to use
    module_makers: tuple[str, ...] = ()
    thing_part_makers: tuple[str, ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # whose names a maker's address blocks bear
    overlay: frozenset[str] = field(default_factory=frozenset)  # ids that come from the user's own folder
    skipped: tuple[Problem, ...] = ()  # of a newer catalogue: what this program does not understand yet
    ready: Ready | None = None  # what somebody already worked out

    def ports(self) -> tuple[int, ...]:
        """The TCP ports that fingerprints can use, most telling first."""
        return self._ports

    def gentle_ports(self) -> Mapping[str, tuple[int, ...]]:
        """For kinds that a port scan can disturb: the only ports to ask."""
        return {kind.id: kind.ports for kind in self.kinds.values() if kind.ports is not None}

    def fingerprint(self, identity: str) -> Fingerprint | None:
        """The fingerprint with this id."""
        at = self._places.get(identity)
        return None if at is None else self.fingerprints[at]

    def makes_only_parts(self, holder: str) -> bool:
        """Whether the holder of an address block makes modules that are inside other makers' products."""
        return _is_named(holder, self.module_makers)

    def is_in_things(self, holder: str) -> bool:
        """Whether the holder of an address block makes parts that are in things, not in phones or computers."""
        if holder not in self._in_things:
            self._in_things[holder] = _is_named(holder, self.thing_part_makers)
        return self._in_things[holder]

    @cached_property
    def index(self) -> Index:
        """What finds the few clues that a device's facts could satisfy."""
        from iotsweep.catalogue.index import Index

        return Index(self.fingerprints, self.ready)

    @cached_property
    def _in_things(self) -> dict[str, bool]:
        return {}  # asked for each device again; there are as many holders as the IEEE lists, and no more

    @cached_property
    def _ports(self) -> tuple[int, ...]:
        return self.ready.ports if self.ready else ports_to_ask(self.fingerprints, self._sees_or_hears)

    @cached_property
    def _places(self) -> dict[str, int]:
        ids = self.ready.ids if self.ready else [fingerprint.id for fingerprint in self.fingerprints]
        return {identity: at for at, identity in enumerate(ids)}

    def _sees_or_hears(self, fingerprint: Fingerprint) -> bool:
        known = (self.capabilities.get(name) for name in fingerprint.can)
        return any(capability.capture and capability.tier == "T4" for capability in known if capability)


def _is_named(holder: str, names: Iterable[str]) -> bool:
    from iotsweep.catalogue.patterns import read_pattern

    folded = holder.casefold()
    return any(read_pattern("mac.vendor", name).match(holder, folded) is not None for name in names)
