"""Finds the clues that a fact could help to satisfy, at a cost that grows with the facts and not with the catalogue.

Each clue waits for one of its facts only, the rarest. Plain texts are looked up. Wildcards and regular expressions wait
for a few characters that they cannot match without (see literals.py); only where those occur are they tried.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from iotsweep.catalogue.normal import DEVICE_WIDE, protocol
from iotsweep.catalogue.patterns import Pattern, read_pattern
from iotsweep.catalogue.ready import Plan, Ready
from iotsweep.model import Clue, Confidence, Fingerprint

GRAM = 5  # characters of a literal that wake a pattern; longer literals wake it by their rarest five
_REMEMBERED = 50_000
# By the length of a pattern's shortest literal. Without any it is tried on every value of its key: never wait for it by
# choice. One or two letters stand in many values.
_LOOSE = (1_000_000, 500, 50)

Fact = tuple[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One clue, ready to test. Each group of facts has to hold in one reply."""

    number: int
    fingerprint: Fingerprint
    confidence: Confidence
    clue: Clue
    groups: tuple[tuple[Fact, ...], ...]


class Index:
    """Every clue of some fingerprints, by what wakes it. Clues are made ready only when something wakes them."""

    def __init__(self, fingerprints: Sequence[Fingerprint], ready: Ready | None = None) -> None:
        self._fingerprints = fingerprints
        counts = ready.counts if ready else [sum(len(here) for _, here in one.clues) for one in fingerprints]
        self._starts = list(accumulate(counts, initial=0))  # the number of each fingerprint's first clue
        self._entries: dict[int, Entry] = {}
        self._plan: Plan = ready.plan if ready else {}
        self._keys: dict[str, _KeyIndex] = {} if ready else self._arrange()
        self._remembered: dict[tuple[str, str], tuple[int, ...]] = {}

    def entry(self, number: int) -> Entry:
        """The clue with this number, ready to test."""
        found = self._entries.get(number)
        if found is None:
            at = bisect_right(self._starts, number) - 1
            fingerprint = self._fingerprints[at]
            clues = [(level, clue) for level, here in fingerprint.clues for clue in here]
            confidence, clue = clues[number - self._starts[at]]
            found = Entry(number, fingerprint, confidence, clue, group_facts(clue))
            self._entries[number] = found
        return found

    def woken(self, key: str, folded: str) -> tuple[int, ...]:
        """Numbers of the entries that wait for this fact."""
        found = self._remembered.get((key, folded))
        if found is None:
            waiting = self._waiting(key)
            found = tuple(waiting.woken(folded)) if waiting else ()
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[key, folded] = found
        return found

    def forget(self) -> None:
        """Forget which facts woke what; only a benchmark has to."""
        self._remembered.clear()

    def plan(self) -> Plan:
        """What waits for what, to be kept for the next time."""
        keys = self._plan or self._keys
        return {key: waiting.row() for key in keys if (waiting := self._waiting(key))}

    def _waiting(self, key: str) -> _KeyIndex | None:
        found = self._keys.get(key)
        if found is None and key in self._plan:
            found = self._keys[key] = _KeyIndex(**self._plan[key])
        return found

    def _arrange(self) -> dict[str, _KeyIndex]:
        """Let each clue wait for its rarest fact."""
        every = [clue for one in self._fingerprints for _, here in one.clues for clue in here]
        users = Counter(
            (key, read_pattern(key, written).text) for clue in every for key, values in clue.facts for written in values
        )
        keys: dict[str, _KeyIndex] = defaultdict(_KeyIndex)
        for number, clue in enumerate(every):
            facts = [(key, tuple(read_pattern(key, text) for text in values)) for key, values in clue.facts]
            key, choices = min(facts, key=lambda fact: _cost(fact, users))
            for pattern in choices:
                keys[key].add(pattern, number)
        return dict(keys)


@dataclass(slots=True)
class _KeyIndex:
    """The clues that wait for one key: for a whole text, for a few letters in it, or for any value."""

    texts: dict[str, list[int]] = field(default_factory=dict)
    grams: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    always: list[int] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """Its fields by name."""
        return {"texts": self.texts, "grams": self.grams, "sizes": self.sizes, "always": self.always}

    def add(self, pattern: Pattern, number: int) -> None:
        """Let the clue `number` wait for `pattern`."""
        if pattern.form == "text":
            self.texts.setdefault(pattern.text, []).append(number)
            return
        if not pattern.literals:
            self.always.append(number)
        for literal in sorted(pattern.literals):
            size = min(GRAM, len(literal))
            grams = [literal[i : i + size] for i in range(len(literal) - size + 1)]
            self.grams.setdefault(min(grams, key=self._crowd), []).append((literal, number))
            if size not in self.sizes:
                self.sizes = sorted((*self.sizes, size))

    def _crowd(self, gram: str) -> int:
        return len(self.grams[gram]) if gram in self.grams else 0

    def woken(self, folded: str) -> Iterator[int]:
        """Numbers of the clues that `folded` may satisfy."""
        yield from self.texts.get(folded, ())
        yield from self.always
        for size in self.sizes:
            for gram in {folded[i : i + size] for i in range(len(folded) - size + 1)} & self.grams.keys():
                yield from (number for literal, number in self.grams[gram] if literal in folded)


def group_facts(clue: Clue) -> tuple[tuple[Fact, ...], ...]:
    """The clue's facts by what has to come from one reply; what is true of the whole device stands alone."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for key, values in clue.facts:
        choices = tuple(read_pattern(key, written) for written in values)
        name = protocol(key)
        groups[key if name in DEVICE_WIDE else name].append((key, choices))
    return tuple(tuple(facts) for facts in groups.values())


def _cost(fact: Fact, users: Counter[tuple[str, str]]) -> int:
    return sum(users[fact[0], pattern.text] + _looseness(pattern) for pattern in fact[1])


def _looseness(pattern: Pattern) -> int:
    """How many other clues a pattern is as bad as, for being tried on values that mean something else."""
    shortest = min(map(len, pattern.literals), default=0)
    return _LOOSE[shortest] if shortest < len(_LOOSE) else 0
