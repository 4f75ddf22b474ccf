"""Why a fingerprint fits a device or does not: clue by clue, fact by fact, reply by reply. For `catalogue show`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from iotsweep.catalogue.index import Fact, group_facts
from iotsweep.catalogue.matching import hold_group
from iotsweep.catalogue.normal import protocol
from iotsweep.catalogue.patterns import Pattern
from iotsweep.catalogue.seen import Seen, Vendors, read_facts
from iotsweep.model import Clue, Fingerprint, Observation

_MOST_VALUES = 3

SeenFacts = Mapping[str, tuple[Seen, ...]]


def compare(
    fingerprint: Fingerprint,
    observations: Sequence[tuple[int, Observation]],
    vendors: Vendors,
    in_things: Callable[[str], bool],
) -> Iterator[str]:
    """Which clue holds by which reply, and what is missing where one does not."""
    seen = read_facts(observations, vendors, in_things)
    probes = {index: observation.probe for index, observation in observations}
    best = next((level for level, clues in fingerprint.clues if any(_holds(clue, seen) for clue in clues)), None)
    yield f"{fingerprint.id}: {best or 'no clue holds'}"
    for level, clues in fingerprint.clues:
        for clue in clues:
            holds = _holds(clue, seen)
            yield f"{level}, line {clue.line}: {'holds' if holds else 'does not hold'}"
            for group in group_facts(clue):
                yield from (f"  {line}" for line in _explain_group(group, seen, probes))


def _holds(clue: Clue, seen: SeenFacts) -> bool:
    return all(hold_group(group, seen) is not None for group in group_facts(clue))


def _explain_group(group: tuple[Fact, ...], seen: SeenFacts, probes: Mapping[int, str]) -> Iterator[str]:
    held = hold_group(group, seen)
    if held is not None:
        for hit, (key, choices) in zip(held, group, strict=True):
            yield f"yes  {key} is {_written(choices)}: {_where(hit.seen, probes)} said {hit.seen.said}"
        return
    single = [hold_group((fact,), seen) is not None for fact in group]
    for fits, (key, choices) in zip(single, group, strict=True):
        yield f"{'yes' if fits else 'no '}  {key} is {_written(choices)}: {_found(key, seen, probes)}"
    if all(single):
        yield f"no   each of these was seen, but never all in one reply, as {protocol(group[0][0])} facts have to be"


def _written(choices: tuple[Pattern, ...]) -> str:
    return " or ".join(f"/{one.text}/" if one.form == "regex" else one.text for one in choices)


def _found(key: str, seen: SeenFacts, probes: Mapping[int, str]) -> str:
    facts = seen.get(key, ())
    if not facts:
        return "nothing that was seen says this"
    said = [f"{_where(fact, probes)} said {fact.said}" for fact in facts[:_MOST_VALUES]]
    more = f", and {len(facts) - _MOST_VALUES} more" if len(facts) > _MOST_VALUES else ""
    return "; ".join(said) + more


def _where(fact: Seen, probes: Mapping[int, str]) -> str:
    if fact.observation < 0:
        return "its hardware address"
    return f"reply {fact.observation} ({probes.get(fact.observation, '?')})"
