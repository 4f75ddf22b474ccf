"""What a device is: which fingerprints fit what was seen, how well, and because of which replies. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.index import Entry, Fact
from iotsweep.catalogue.normal import mac_digits, normal
from iotsweep.catalogue.patterns import Fields
from iotsweep.model import Because, Confidence, Match, Observation


class Vendors(Protocol):
    """The part of the IEEE table that matching needs."""

    def name(self, mac: str) -> str | None:
        """To whom the IEEE gave this address, or None."""

    def is_local(self, mac: str) -> bool:
        """True when the address is locally administered."""


_LIKELY = Confidence.LIKELY.rank
# The router's reverse name for an address is the name that the device gave when it joined (RFC 2132 option 12).
_HEARD_ALSO_AS = {"dns.name": "dhcp.hostname"}


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """One fact of a device. `value` is in its one spelling, `said` as it was seen."""

    value: str
    observation: int  # index into the report; -1 when derived
    said: str
    folded: str
    heard_as: str = ""  # the key under which it was seen, when a clue asks for it by another

    def because(self, key: str) -> Because:
        """This fact as a reason."""
        return Because(self.observation if self.observation >= 0 else None, self.heard_as or key, self.said)


@dataclass(frozen=True, slots=True)
class _Hit:
    key: str
    seen: Seen
    fields: Fields
    exactness: int


@dataclass(frozen=True, slots=True)
class _Holding:
    """A clue that holds, and the facts that it holds by."""

    entry: Entry
    hits: tuple[_Hit, ...]

    @property
    def fields(self) -> dict[str, str]:
        return {name: text for hit in reversed(self.hits) for name, text in hit.fields}

    @property
    def strength(self) -> tuple[int, int]:
        return (len(self.hits), sum(hit.exactness for hit in self.hits))


def fit(observations: Sequence[tuple[int, Observation]], catalogue: Catalogue, vendors: Vendors) -> tuple[Match, ...]:
    """Every fingerprint that fits one device, best first. `observations` come with their index into the report."""
    seen = read_facts(observations, vendors)
    index = catalogue.index
    woken = {number for key, facts in seen.items() for fact in facts for number in index.woken(key, fact.folded)}
    holdings: dict[str, list[_Holding]] = defaultdict(list)
    for number in sorted(woken):
        entry = index.entries[number]
        hits = _hold(entry, seen)
        if hits is not None:
            holdings[entry.fingerprint.id].append(_Holding(entry, hits))
    matches = [_match(found) for found in holdings.values()]
    return tuple(match for _, match in sorted(matches, key=_order))


def best(matches: Sequence[Match]) -> Match | None:
    """What the device most likely is. Equally sure matches of other kinds leave it `possible` only.

    A generic match gives way to a product family of the same kind that is at least `likely`.
    """
    if not matches:
        return None
    top = matches[0]
    rivals = (m for m in matches[1:] if m.confidence is top.confidence and m.generic is top.generic)
    if any(rival.kind != top.kind for rival in rivals):
        return replace(top, confidence=Confidence.POSSIBLE)
    families = (m for m in matches if not m.generic and m.kind == top.kind and m.confidence.rank >= _LIKELY)
    return next(families, top) if top.generic else top


def read_facts(observations: Iterable[tuple[int, Observation]], vendors: Vendors) -> Mapping[str, tuple[Seen, ...]]:
    """A device's facts by key, with what its hardware addresses tell."""
    facts: dict[str, set[Seen]] = defaultdict(set)
    macs: set[str] = set()
    for index, observation in observations:
        for key, said in observation.facts:
            value = normal(key, said)
            facts[key].add(Seen(value, index, said, value.casefold()))
            if key in _HEARD_ALSO_AS:
                facts[_HEARD_ALSO_AS[key]].add(Seen(value, index, said, value.casefold(), key))
            if key == "mac.address":
                macs.add(value)
        if observation.mac:
            macs.add(normal("mac.address", observation.mac))
    heard = {seen.value for seen in facts.get("mac.address", ())}
    for mac in macs:
        for key, value in (*_derived(mac, vendors), *((("mac.address", mac),) if mac not in heard else ())):
            facts[key].add(Seen(normal(key, value), -1, value, normal(key, value).casefold()))
    return {key: tuple(sorted(values)) for key, values in facts.items()}


def _derived(mac: str, vendors: Vendors) -> Iterable[tuple[str, str]]:
    digits = mac_digits(mac)
    if len(digits) != 12:
        return
    local = vendors.is_local(mac)
    yield "mac.local", "yes" if local else "no"
    if local:
        return
    yield from (("mac.prefix", digits[:length]) for length in (6, 7, 9))  # MA-L, MA-M, MA-S
    name = vendors.name(mac)
    if name:
        yield "mac.vendor", name


def _hold(entry: Entry, seen: Mapping[str, tuple[Seen, ...]]) -> tuple[_Hit, ...] | None:
    """The facts by which a clue holds, or None. Facts of one group have to come from one reply."""
    hits: list[_Hit] = []
    for group in entry.groups:
        chosen = _hold_group(group, seen)
        if chosen is None:
            return None
        hits += chosen
    return tuple(hits)


def _hold_group(group: tuple[Fact, ...], seen: Mapping[str, tuple[Seen, ...]]) -> list[_Hit] | None:
    by_reply: dict[int, list[_Hit]] | None = None
    for key, choices in group:
        here: dict[int, _Hit] = {}
        for fact in seen.get(key, ()):
            if fact.observation in here or (by_reply is not None and fact.observation not in by_reply):
                continue
            for pattern in choices:
                fields = pattern.match(fact.value, fact.folded)
                if fields is not None:
                    here[fact.observation] = _Hit(key, fact, fields, pattern.exactness)
                    break
        earlier = by_reply if by_reply is not None else {reply: [] for reply in here}
        by_reply = {reply: [*earlier[reply], hit] for reply, hit in here.items()}
        if not by_reply:
            return None
    # By value first, so that the order in which replies came changes nothing.
    return min((by_reply or {}).values(), key=lambda hits: [hit.seen for hit in hits], default=None)


def _match(holdings: list[_Holding]) -> tuple[tuple[int, int], Match]:
    """One fingerprint's match by its best clue; clues that hold as well may fill the fields that are still empty."""
    ranked = sorted(
        holdings,
        key=lambda h: (-h.entry.confidence.rank, -len(h.fields), *(-n for n in h.strength), h.entry.number),
    )
    fields: dict[str, str] = {}
    because: dict[Because, None] = {}
    for holding in ranked:
        new = {name: text for name, text in holding.fields.items() if name not in fields}
        if new or holding is ranked[0]:
            fields |= new
            because |= dict.fromkeys(hit.seen.because(hit.key) for hit in holding.hits)
    source = ranked[0].entry.fingerprint
    match = Match(
        fingerprint=source.id,
        name=source.name,
        kind=source.kind,
        maker=fields.get("maker", source.maker),
        confidence=ranked[0].entry.confidence,
        because=tuple(because),
        can=source.can,
        model=fields.get("model"),
        firmware=fields.get("firmware"),
        serial=fields.get("serial"),
        label=fields.get("name"),
        generic=source.generic,
    )
    return max(h.strength for h in ranked if h.entry.confidence is match.confidence), match


def _order(ranked: tuple[tuple[int, int], Match]) -> tuple[int, bool, int, int, str]:
    (facts, exactness), match = ranked
    return (-match.confidence.rank, match.generic, -facts, -exactness, match.fingerprint)
