"""Sets that grow together (union-find), independent of the order in which pairs arrive."""

from __future__ import annotations

from collections.abc import Iterable


class Unions:
    """Disjoint sets of words. The smallest word speaks for its set, so order of arrival changes nothing."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._parents: dict[str, str] = {}
        for word in words:
            self.find(word)

    def find(self, word: str) -> str:
        """The word that speaks for the set of `word`; a new word is a set of its own."""
        root = word
        while self._parents.setdefault(root, root) != root:
            root = self._parents[root]
        while word != root:
            self._parents[word], word = root, self._parents[word]
        return root

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        small, large = sorted((self.find(one), self.find(other)))
        self._parents[large] = small

    def sets(self) -> list[list[str]]:
        """Every set, each sorted, in order of their smallest words."""
        found: dict[str, list[str]] = {}
        for word in sorted(self._parents):
            found.setdefault(self.find(word), []).append(word)
        return list(found.values())
