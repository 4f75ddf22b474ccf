"""Finds the clues that a fact could help to satisfy, at a cost that grows with the facts and not with the catalogue.

Each clue waits for one of its facts only, the rarest. Plain texts are looked up. Wildcards and regular expressions wait
for a few characters that they cannot match without (see literals.py); only where those occur are they tried.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotsweep.catalogue.normal import DEVICE_WIDE, protocol
from iotsweep.catalogue.patterns import Pattern, read_pattern
from iotsweep.model import Clue, Confidence, Fingerprint

GRAM = 5  # characters of a literal that wake a pattern; longer literals wake it by their rarest five
_REMEMBERED = 50_000
_UNBOUND = 1_000_000  # a pattern without literals is tried on every value of its key: never wait for it by choice

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
    """Every clue of some fingerprints, by what wakes it."""

    def __init__(self, fingerprints: Iterable[Fingerprint]) -> None:
        patterns: dict[tuple[str, str], Pattern] = {}
        self.entries = tuple(_entries(fingerprints, patterns))
        users = Counter(
            (key, pattern.text)
            for entry in self.entries
            for group in entry.groups
            for key, choices in group
            for pattern in choices
        )
        self._keys: dict[str, _KeyIndex] = defaultdict(_KeyIndex)
        for entry in self.entries:
            key, choices = min((fact for group in entry.groups for fact in group), key=lambda fact: _cost(fact, users))
            for pattern in choices:
                self._keys[key].add(pattern, entry.number)
        self._remembered: dict[tuple[str, str], tuple[int, ...]] = {}

    def woken(self, key: str, folded: str) -> tuple[int, ...]:
        """Numbers of the entries that wait for this fact."""
        found = self._remembered.get((key, folded))
        if found is None:
            waiting = self._keys.get(key)
            found = tuple(waiting.woken(folded)) if waiting else ()
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[key, folded] = found
        return found


class _KeyIndex:
    """The clues that wait for one key."""

    def __init__(self) -> None:
        self._texts: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._sizes: tuple[int, ...] = ()
        self._always: list[int] = []

    def add(self, pattern: Pattern, number: int) -> None:
        if pattern.form == "text":
            self._texts[pattern.text].append(number)
            return
        if not pattern.literals:
            self._always.append(number)
        for literal in pattern.literals:
            size = min(GRAM, len(literal))
            grams = [literal[i : i + size] for i in range(len(literal) - size + 1)]
            self._grams[min(grams, key=self._crowd)].append((literal, number))
            if size not in self._sizes:
                self._sizes = tuple(sorted((*self._sizes, size)))

    def _crowd(self, gram: str) -> int:
        return len(self._grams[gram]) if gram in self._grams else 0

    def woken(self, folded: str) -> Iterator[int]:
        yield from self._texts.get(folded, ())
        yield from self._always
        for size in self._sizes:
            for gram in {folded[i : i + size] for i in range(len(folded) - size + 1)} & self._grams.keys():
                yield from (number for literal, number in self._grams[gram] if literal in folded)


def _entries(fingerprints: Iterable[Fingerprint], patterns: dict[tuple[str, str], Pattern]) -> Iterator[Entry]:
    number = 0
    for fingerprint in fingerprints:
        for confidence, clues in fingerprint.clues:
            for clue in clues:
                yield Entry(number, fingerprint, confidence, clue, _groups(clue, patterns))
                number += 1


def _groups(clue: Clue, patterns: dict[tuple[str, str], Pattern]) -> tuple[tuple[Fact, ...], ...]:
    """The clue's facts by what has to come from one reply; what is true of the whole device stands alone."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for key, values in clue.facts:
        choices = tuple(_shared(key, written, patterns) for written in values)
        name = protocol(key)
        groups[key if name in DEVICE_WIDE else name].append((key, choices))
    return tuple(tuple(facts) for facts in groups.values())


def _shared(key: str, written: str, patterns: dict[tuple[str, str], Pattern]) -> Pattern:
    if (key, written) not in patterns:
        patterns[key, written] = read_pattern(key, written)
    return patterns[key, written]


def _cost(fact: Fact, users: Counter[tuple[str, str]]) -> int:
    return sum(users[fact[0], pattern.text] + (0 if pattern.literals else _UNBOUND) for pattern in fact[1])
