"""What a device is: which fingerprints fit what was seen, how well, and because of which replies. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.index import Entry, Fact
from iotsweep.catalogue.patterns import Fields
from iotsweep.catalogue.seen import Seen, Vendors, read_facts
from iotsweep.model import Because, Confidence, Match, Observation

__all__ = ["Hit", "Seen", "Vendors", "best", "fill", "fit", "hold_group", "put_best_first", "read_facts", "rivals"]


_RANK = {level: level.rank for level in Confidence}
_LIKELY = _RANK[Confidence.LIKELY]


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact that fits what a clue asks of its key."""

    key: str
    seen: Seen
    fields: Fields
    exactness: int


@dataclass(frozen=True, slots=True)
class _Holding:
    """A clue that holds, and the facts that it holds by."""

    entry: Entry
    hits: tuple[Hit, ...]

    @property
    def fields(self) -> dict[str, str]:
        return {name: text for hit in reversed(self.hits) for name, text in hit.fields}

    @property
    def strength(self) -> tuple[int, int]:
        return (len(self.hits), sum(hit.exactness for hit in self.hits))


def fit(observations: Sequence[tuple[int, Observation]], catalogue: Catalogue, vendors: Vendors) -> tuple[Match, ...]:
    """Every fingerprint that fits one device, best first. `observations` come with their index into the report."""
    seen = read_facts(observations, vendors, catalogue.is_in_things)
    index = catalogue.index
    woken = {number for key, facts in seen.items() for fact in facts for number in index.woken(key, fact.folded)}
    holdings: dict[str, list[_Holding]] = defaultdict(list)
    for number in sorted(woken):
        entry = index.entry(number)
        hits = _hold(entry, seen)
        if hits is not None:
            holdings[entry.fingerprint.id].append(_Holding(entry, hits))
    matches = [_match(found) for found in holdings.values()]
    return tuple(match for _, match in sorted(matches, key=_order))


def best(matches: Sequence[Match]) -> Match | None:
    """What the device most likely is. Rivals leave it `possible` only.

    A generic match gives way to a product family of the same kind that is at least `likely`.
    """
    if not matches:
        return None
    top = matches[0]
    if rivals(matches):
        return replace(top, confidence=Confidence.POSSIBLE)
    families = (m for m in matches if not m.generic and m.kind == top.kind and m.confidence.rank >= _LIKELY)
    return next(families, top) if top.generic else top


def rivals(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches that contest the first: as sure and as general, of another kind, and not refined by it."""
    if not matches:
        return ()
    top = matches[0]
    equals = (m for m in matches[1:] if m.confidence is top.confidence and m.generic is top.generic)
    return tuple(m for m in equals if m.kind != top.kind and not _refines(top, m))


def put_best_first(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches with what the device most likely is in front."""
    chosen = best(matches)
    if chosen is None:
        return ()
    first = next(match for match in matches if match.fingerprint == chosen.fingerprint)
    return (first, *(match for match in matches if match is not first))


def fill(field: str, matches: Sequence[Match]) -> str | None:
    """A field of the first match; a gap is filled by another that is sure enough and agrees on kind and maker."""
    for match in matches:
        top = matches[0]
        sure = match.confidence is top.confidence or _RANK[match.confidence] >= _LIKELY
        same_maker = match.maker == top.maker or match.generic or top.generic
        value: str | None = getattr(match, field)
        if value and sure and same_maker and match.kind == top.kind:
            return value
    return None


def _refines(top: Match, other: Match) -> bool:
    """True when `top` rests on all that `other` rests on, and says more: `Reolink*Doorbell*` after `Reolink*`."""
    own = {(reason.key, reason.value) for reason in top.because}
    others = {(reason.key, reason.value) for reason in other.because}
    return others < own or (others == own and top.exactness > other.exactness)


def _hold(entry: Entry, seen: Mapping[str, tuple[Seen, ...]]) -> tuple[Hit, ...] | None:
    """The facts by which a clue holds, or None. Facts of one group have to come from one reply."""
    hits: list[Hit] = []
    for group in entry.groups:
        chosen = hold_group(group, seen)
        if chosen is None:
            return None
        hits += chosen
    return tuple(hits)


def hold_group(group: tuple[Fact, ...], seen: Mapping[str, tuple[Seen, ...]]) -> list[Hit] | None:
    """The facts of one reply that satisfy a group, in its order, or None."""
    by_reply: dict[int, list[Hit]] | None = None
    for key, choices in group:
        here: dict[int, Hit] = {}
        for fact in seen.get(key, ()):
            if fact.observation in here or (by_reply is not None and fact.observation not in by_reply):
                continue
            for pattern in choices:
                fields = pattern.match(fact.value, fact.folded)
                if fields is not None:
                    here[fact.observation] = Hit(key, fact, fields, pattern.exactness)
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
        key=lambda h: (-_RANK[h.entry.confidence], -len(h.fields), *(-n for n in h.strength), h.entry.number),
    )
    fields: dict[str, str] = {}
    because: dict[Because, None] = {}
    for holding in ranked:
        new = {name: text for name, text in holding.fields.items() if name not in fields}
        if new or holding is ranked[0]:
            fields |= new
            because |= dict.fromkeys(hit.seen.because(hit.key) for hit in holding.hits)
    source, confidence = ranked[0].entry.fingerprint, ranked[0].entry.confidence
    match = Match(
        fingerprint=source.id,
        name=source.name,
        kind=source.kind,
        maker=fields.get("maker", source.maker),
        confidence=confidence,
        because=tuple(because),
        can=source.can,
        model=fields.get("model"),
        firmware=fields.get("firmware"),
        serial=fields.get("serial"),
        label=fields.get("name"),
        generic=source.generic,
        exactness=_exactness(because, [holding for holding in ranked if holding.entry.confidence is confidence]),
    )
    return max(h.strength for h in ranked if h.entry.confidence is match.confidence), match


def _exactness(because: Iterable[Because], holdings: Iterable[_Holding]) -> int:
    """How exactly the facts in `because` are described, each by the clue that spells most of it out."""
    most: dict[Because, int] = {}
    for holding in holdings:
        for hit in holding.hits:
            reason = hit.seen.because(hit.key)
            most[reason] = max(most.get(reason, 0), hit.exactness)
    return sum(most.get(reason, 0) for reason in because)


def _order(ranked: tuple[tuple[int, int], Match]) -> tuple[int, bool, int, int, str]:
    (facts, exactness), match = ranked
    return (-_RANK[match.confidence], match.generic, -facts, -exactness, match.fingerprint)
