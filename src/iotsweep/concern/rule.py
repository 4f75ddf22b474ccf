"""The concern rule: a table with named steps. No hidden sum, no number that looks measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from iotsweep.answers import Answer, Expectedness, Placement
from iotsweep.model import Level

TIERS = ("T4", "T3", "T2", "T1", "T0")  # most to least
NOT_IDENTIFIED = "NOID"


class Step(IntEnum):
    """The three heights of the table. `Find it` is the middle one, for what nobody has found yet."""

    LOWER = 0
    MIDDLE = 1
    HIGHER = 2


NOT_ASKED = Answer()

_L, _M, _H = Step.LOWER, Step.MIDDLE, Step.HIGHER
# Columns as Expectedness is ordered: known and checked, known, not asked, another person's, not known.
TABLE = {
    "T4": (_L, _M, _H, _H, _H),
    "T3": (_L, _M, _M, _H, _H),
    "T2": (_L, _L, _L, _M, _H),
    "T1": (_L, _L, _L, _L, _M),
    "T0": (_L, _L, _L, _L, _M),
    NOT_IDENTIFIED: (_L, _L, _M, _M, _H),
}


@dataclass(frozen=True, slots=True)
class Weight:
    """What the rule reads of one claim. `firm`: likely or better; `capture`: weighs more in a private room."""

    tier: str
    firm: bool
    capture: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the rule reads. `identified`: what kind of thing it is, is likely or better."""

    identified: bool
    claims: tuple[Weight, ...] = ()
    answer: Answer = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level, the tier that counted (None when nothing firm is known) and the codes of every step that applied."""

    level: Level
    tier: str | None
    codes: tuple[str, ...]


def weigh(case: Case) -> Verdict:
    """Apply the steps in order: table, modifiers, floors, confidence."""
    rows = _rows(case)
    column = case.answer.expectedness
    step = max(TABLE[row][column.rank] for row in rows)
    codes = [f"{row}-{column.code}" for row in rows]
    for code in _modifiers(case):
        step = Step(min(step + 1, Step.HIGHER))
        codes.append(code)
    for code, floor in _floors(case, NOT_IDENTIFIED in rows):
        step = max(step, floor)
        codes.append(code)
    tier = rows[0] if rows[0] != NOT_IDENTIFIED else None
    return Verdict(_name(step, column, NOT_IDENTIFIED in rows), tier, tuple(codes))


def _rows(case: Case) -> tuple[str, ...]:
    """The rows of the table that apply; the highest one counts.

    A thing without a name keeps the row of things without a name beside that of what it was seen to do, so that
    learning more about it never takes it off the list. Weak claims alone name nothing.
    """
    firm = sorted((claim.tier for claim in case.claims if claim.firm), key=TIERS.index)
    named = case.identified and (bool(firm) or not case.claims)
    if named:
        return (firm[0] if firm else "T0",)
    return (firm[0], NOT_IDENTIFIED) if firm else (NOT_IDENTIFIED,)


def _modifiers(case: Case) -> Iterator[str]:
    """Each raises one step."""
    answer = case.answer
    checked = answer.expectedness is Expectedness.CHECKED
    capture = any(claim.capture and claim.firm for claim in case.claims)
    if answer.placement is Placement.PRIVATE and capture and not checked:
        yield "MOD-PRIVATE-ROOM"
    if answer.exposures:
        yield "MOD-EXPOSED:" + ",".join(sorted(set(answer.exposures)))
    if answer.incident and not checked:
        yield "MOD-INCIDENT"


def _floors(case: Case, nameless: bool) -> Iterator[tuple[str, Step]]:
    """The least level that some things get, whatever the table says."""
    answer = case.answer
    weak = [claim for claim in case.claims if not claim.firm]
    private = answer.placement is Placement.PRIVATE and answer.expectedness is not Expectedness.CHECKED
    if private and any(claim.capture for claim in weak):
        yield "FLOOR-PRIVATE-ROOM-WEAK", Step.MIDDLE  # one step, but weak claims never make it Higher
    if answer.incident:
        yield "FLOOR-INCIDENT", Step.MIDDLE
    if answer.incident and nameless:
        yield "FLOOR-INCIDENT-NOID", Step.HIGHER
    if nameless and answer.expectedness is Expectedness.OTHER and any(claim.tier == "T4" for claim in weak):
        yield "FLOOR-WEAK-T4", Step.HIGHER


def _name(step: Step, column: Expectedness, nameless: bool) -> Level:
    if step is Step.MIDDLE:
        return Level.FIND_IT if nameless and column is Expectedness.NOT_ASKED else Level.CHECK_NEXT
    return Level.CHECK_FIRST if step is Step.HIGHER else Level.LOWER
