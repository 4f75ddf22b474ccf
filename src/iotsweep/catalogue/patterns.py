"""The three ways to write a value in a clue: text, text with `*`, and `/regular expression/`. All compare case-blind.

Regular expressions run on RE2, whose time grows with the text and never explodes (https://github.com/google/re2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from iotsweep.catalogue import literals
from iotsweep.catalogue.normal import normal
from iotsweep.clean import clean

FIELDS = ("model", "firmware", "serial", "name", "maker")  # what a named group may fill
READS = 4096  # characters of a value that a regular expression looks at
LONGEST_REGEX = 500
SHORTEST_LITERAL = 3

Fields = tuple[tuple[str, str], ...]


class PatternError(ValueError):
    """A value that cannot be used; `remedy` says what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Pattern:
    """One value of a clue, ready to compare. `literals`: a matching value, folded, holds at least one of them."""

    key: str
    text: str  # in its one spelling; folded for case unless it is a regular expression
    form: str  # "text", "wildcard", "regex" or "any"
    literals: frozenset[str]

    def match(self, value: str, folded: str) -> Fields | None:
        """The fields that `value` fills when it fits, None when it does not. `folded` is `value.casefold()`."""
        if self.form == "text":
            return () if folded == self.text else None
        if self.form == "any":
            return ()
        if self.form == "wildcard":
            return () if _fits(self.text.split("*"), folded) else None
        if self.literals and not any(literal in folded for literal in self.literals):
            return None
        found = compiled(self.text).search(value[:READS].encode())  # bytes: RE2 would count letters back and forth
        return _fields(found) if found else None

    @property
    def exactness(self) -> int:
        """How much of a value is spelt out: its letters, doubled, and one more when nothing may stand around them."""
        if self.form == "regex":
            return 2 * literals.spelled(self.text) + int(literals.is_anchored(self.text))
        if self.form == "text":
            return 2 * len(self.text) + 1
        return 2 * len(self.text.replace("*", ""))


@cache
def read_pattern(key: str, written: str) -> Pattern:
    """The one pattern for `written`. A regular expression is compiled later, when it is first needed."""
    if is_regex(written):
        inside = written[1:-1]
        return Pattern(key, inside, "regex", literals.required(inside))
    text = normal(key, written).casefold()
    if "*" not in text:
        return Pattern(key, text, "text", frozenset({text}))
    pieces = frozenset({max(text.split("*"), key=len)}) - {""}
    return Pattern(key, text, "wildcard" if pieces else "any", pieces)


def is_regex(written: str) -> bool:
    """True for `/.../`."""
    return len(written) > 2 and written[0] == written[-1] == "/"


@cache
def compiled(pattern: str) -> Any:  # noqa: ANN401  (google-re2 has no types)
    """The pattern on RE2, case-blind. Raises PatternError when RE2 refuses it."""
    engine, options = _engine()
    try:
        return engine.compile(pattern, options)
    except engine.error as error:
        reason = error.args[0] if error.args else ""
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise PatternError(
            f"the regular expression is refused: {clean(said)}",
            "Use plain parts, [classes], (groups) and + ? * {1,9}; look-around and back-references are not possible",
        ) from None


def check_regex(written: str, *, may_name_maker: bool) -> None:
    """Raise PatternError when the regular expression in `written` is refused, too broad, or fills an unknown field."""
    inside = written[1:-1]
    if len(inside) > LONGEST_REGEX:
        raise PatternError(f"the regular expression is longer than {LONGEST_REGEX} characters", "Split it into several")
    if r"\Q" in inside or r"\C" in inside:
        raise PatternError(r"the regular expression uses \Q or \C", "Put a backslash before each special character")
    machine = compiled(inside)
    for group in machine.groupindex:
        if group not in FIELDS or (group == "maker" and not may_name_maker):
            allowed = ", ".join(FIELDS if may_name_maker else FIELDS[:-1])
            raise PatternError(f"the group `{group}` fills no field", f"Name it one of {allowed}, or use (?:...)")
    if machine.search("") is not None:
        raise PatternError("the regular expression matches an empty text", "Ask for at least one character")
    try:
        shortest = min(map(len, literals.required(inside)), default=0)
    except ValueError as error:
        raise PatternError(f"the regular expression has {error}", "Write it with fewer brackets") from None
    if shortest < SHORTEST_LITERAL and not literals.is_anchored(inside):
        raise PatternError(
            f"the regular expression could match almost anything: no {SHORTEST_LITERAL} letters in a row are required",
            "Describe the whole value with ^ at its start and $ at its end, or add letters that are always there",
        )


@cache
def _engine() -> tuple[Any, Any]:
    """RE2, and how to use it."""
    try:
        import re2
    except ImportError:
        raise RuntimeError(
            "google-re2 is missing, and without it a regular expression could be made to hang. "
            "Install it: python -m pip install google-re2"
        ) from None
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = 1 << 20
    return re2, options


def _fits(pieces: list[str], folded: str) -> bool:
    """Whether `folded` is made of `pieces` in order with anything between them. Leftmost is always enough."""
    first, last = pieces[0], pieces[-1]
    if not folded.startswith(first) or not folded.endswith(last) or len(folded) < len(first) + len(last):
        return False
    at, end = len(first), len(folded) - len(last)
    for piece in pieces[1:-1]:
        found = folded.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _fields(found: Any) -> Fields:  # noqa: ANN401
    named = {name: clean(text.decode()) for name, text in found.groupdict().items() if text}
    return tuple(sorted((name, text) for name, text in named.items() if text))
