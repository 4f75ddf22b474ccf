"""What a regular expression cannot match without: the texts that let the index pass over most patterns unread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

DEEPEST = 20  # nested groups
_MANY = 256  # alternatives that are still worth listing
_PLAIN = re.compile(r"[\w :/,;=@-]+(?![?*+{])", re.ASCII)  # characters that stand for themselves, once each


def required(pattern: str) -> frozenset[str]:
    """Texts of which every matching value, folded for case, holds at least one; empty when there is no such set."""
    return _read(pattern)[0]


def spelled(pattern: str) -> int:
    """How many characters of a matching value the pattern spells out, at least."""
    return _read(pattern)[2]


def is_anchored(pattern: str) -> bool:
    """True when the pattern describes the whole value: `^...$` without alternatives outside a group, or one capture."""
    if pattern.startswith("(?P<") and pattern.endswith(">.+)"):
        return "(" not in pattern[4:-4]
    ends = pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2 == 1
    return pattern.startswith("^") and ends and _read(pattern)[1] == 1


@cache
def _read(pattern: str) -> tuple[frozenset[str], int, int]:
    return _Reader(pattern).alternatives()


def _weight(texts: frozenset[str]) -> tuple[int, float]:
    """How seldom a value should hold one of these: by the shortest, then by how long they are on average."""
    return (min(map(len, texts), default=0), sum(map(len, texts)) / max(len(texts), 1))


def _folded(run: str) -> frozenset[str]:
    return frozenset({run.casefold()})


@dataclass(slots=True)
class _Reader:
    """Reads a pattern that the engine has accepted; what it does not know well it treats as `could be anything`."""

    pattern: str
    at: int = 0
    depth: int = 0

    def alternatives(self) -> tuple[frozenset[str], int, int]:
        """The required texts of `a|b|c`, how many alternatives there are, and how much the briefest spells out."""
        branches = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence())
        every = [texts for texts, _ in branches]
        texts = frozenset().union(*every) if all(every) else frozenset()
        return (texts if len(texts) <= _MANY else frozenset()), len(branches), min(letters for _, letters in branches)

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _sequence(self) -> tuple[frozenset[str], int]:
        best: frozenset[str] = frozenset()
        run, letters = "", 0
        while (char := self._peek()) and char not in "|)":
            if plain := _PLAIN.match(self.pattern, self.at):
                run, letters, self.at = run + plain[0], letters + len(plain[0]), plain.end()
                continue
            literal, texts, inside = self._item(char)
            optional, repeated = self._quantifier()
            keeps = bool(literal) and not optional
            letters += 0 if optional else len(literal) + inside
            if keeps:
                run += literal
            if texts and not optional:
                best = max(best, texts, key=_weight)
            if run and (repeated or not keeps):
                best = max(best, _folded(run), key=_weight)
                run = ""
        return (max(best, _folded(run), key=_weight) if run else best), letters

    def _item(self, char: str) -> tuple[str, frozenset[str], int]:
        """One character that stands for itself; or of a group its required texts and letters; or neither."""
        self.at += 1
        if char == "(":
            return "", *self._group()
        if char == "[":
            self._skip_class()
            return "", frozenset(), 0
        if char == "\\":
            return self._escape(), frozenset(), 0
        return ("" if char in ".^$" or not char.isascii() else char), frozenset(), 0

    def _group(self) -> tuple[frozenset[str], int]:
        if self._peek() == "?":
            end = min((i for i in (self.pattern.find(c, self.at) for c in ">:)") if i >= 0), default=len(self.pattern))
            self.at = end + (self.pattern[end : end + 1] != ")")
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} nested groups")
        texts, _, letters = self.alternatives()
        self.depth -= 1
        self.at += 1  # the closing bracket
        return texts, letters

    def _skip_class(self) -> None:
        self.at += self._peek() == "^"
        self.at += self._peek() == "]"
        while (char := self._peek()) and char != "]":
            if self.pattern.startswith("[:", self.at):
                self.at = max(self.pattern.find(":]", self.at), self.at) + 1
            self.at += 2 if char == "\\" else 1
        self.at += 1

    def _escape(self) -> str:
        char = self._peek()
        self.at += 1
        if char in "pPx":
            closed = self.pattern.find("}", self.at) if self._peek() == "{" else -1
            self.at = closed + 1 if closed >= 0 else self.at + (2 if char == "x" else 1)
        elif char.isdigit():
            while self._peek().isdigit():
                self.at += 1
        return "" if char.isalnum() or not char.isascii() else char

    def _quantifier(self) -> tuple[bool, bool]:
        """Whether the item before may be missing, and whether it may be repeated."""
        char = self._peek()
        if char not in ("?", "*", "+", "{"):
            return False, False
        if char == "{":
            end = self.pattern.find("}", self.at)
            inside = self.pattern[self.at + 1 : end]
            if end < 0 or not inside.replace(",", "", 1).isdigit():
                return False, False
            optional = int(inside.split(",")[0] or 0) == 0
            self.at = end
        else:
            optional = char in "?*"
        self.at += 1
        self.at += self._peek() == "?"  # lazy
        return optional, True
