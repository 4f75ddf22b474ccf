"""Remembers what was lately seen, by hash and with a bound: what comes again costs nothing."""

from __future__ import annotations

from collections.abc import Hashable


class Recent:
    """Two generations: what is asked for stays, the rest is forgotten when the younger one is full."""

    def __init__(self, most: int = 8192) -> None:
        self._most = most
        self._young: set[int] = set()
        self._old: set[int] = set()

    def has(self, thing: Hashable) -> bool:
        """Whether it was seen lately; from now on it was."""
        key = hash(thing)
        if key in self._young:
            return True
        known = key in self._old
        if len(self._young) >= self._most:
            self._old, self._young = self._young, set()
        self._young.add(key)
        return known
