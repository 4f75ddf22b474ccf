"""The concern rule: its table cell by cell, and its properties over the whole space of inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import pytest

from iotsweep.answers import Answer, Expectedness, Exposure, Placement
from iotsweep.concern.rule import TIERS, Case, Verdict, Weight, weigh
from iotsweep.model import Level

K0, K1, NA, K2, N = Expectedness
FIRST, FIND, NEXT, LOWER = Level
SEVERITY = {LOWER: 0, NEXT: 1, FIND: 1, FIRST: 2}  # `Find it` is the middle height, for what nobody has found yet
SHOWN = {LOWER: 0, NEXT: 1, FIND: 2, FIRST: 3}

weighed = cache(weigh)


def level(case: Case) -> Level:
    return weighed(case).level


def firm(tier: str, capture: bool = False) -> Weight:
    return Weight(tier, True, capture)


def weak(tier: str, capture: bool = False) -> Weight:
    return Weight(tier, False, capture)


CELLS = {
    "T4": (LOWER, NEXT, FIRST, FIRST, FIRST),
    "T3": (LOWER, NEXT, NEXT, FIRST, FIRST),
    "T2": (LOWER, LOWER, LOWER, NEXT, FIRST),
    "T1": (LOWER, LOWER, LOWER, LOWER, NEXT),
    "T0": (LOWER, LOWER, LOWER, LOWER, NEXT),
    "NOID": (LOWER, LOWER, FIND, NEXT, FIRST),
}


@pytest.mark.parametrize("row", CELLS)
@pytest.mark.parametrize("expectedness", list(Expectedness))
def test_every_cell_of_the_table(row: str, expectedness: Expectedness) -> None:
    claims = () if row == "NOID" else (firm(row),)
    verdict = weigh(Case(row != "NOID", claims, Answer(expectedness)))
    assert verdict.level is CELLS[row][expectedness.rank]
    assert verdict.codes == (f"{row}-{expectedness.code}",)
    assert verdict.tier == (None if row == "NOID" else row)


def test_each_modifier_raises_one_step_and_none_goes_above_the_highest() -> None:
    lamp = Case(True, (firm("T2"),), Answer(K1))
    assert level(lamp) is LOWER
    assert level(replace(lamp, answer=Answer(K1, exposures=(Exposure.OPEN_ADMIN,)))) is NEXT
    assert level(replace(lamp, answer=Answer(K1, incident=True))) is NEXT
    assert level(replace(lamp, answer=Answer(K1, exposures=(Exposure.OPEN_ADMIN,), incident=True))) is FIRST
    camera = Case(True, (firm("T4", capture=True),), Answer(K1, Placement.PRIVATE))
    assert weigh(camera) == Verdict(FIRST, "T4", ("T4-K1", "MOD-PRIVATE-ROOM"))
    lock = Case(True, (firm("T4"),), Answer(K1, Placement.PRIVATE))
    assert level(lock) is NEXT  # a lock in a bedroom sees nobody


def test_what_is_known_and_checked_is_not_raised_by_its_room() -> None:
    assert level(Case(True, (firm("T4", capture=True),), Answer(K0, Placement.PRIVATE))) is LOWER


def test_an_incident_is_looked_at_again_even_when_all_was_checked() -> None:
    assert level(Case(True, (firm("T2"),), Answer(K0, incident=True))) is NEXT
    assert level(Case(False, (), Answer(K0, incident=True))) is FIRST


def test_a_weak_hint_of_the_highest_tier_that_is_another_persons_and_unnamed_comes_first() -> None:
    assert weigh(Case(False, (weak("T4"),), Answer(K2))).codes[-1] == "FLOOR-WEAK-T4"
    assert level(Case(False, (weak("T4"),), Answer(K2))) is FIRST
    assert level(Case(False, (weak("T3"),), Answer(K2))) is NEXT


def test_reason_codes_name_every_step_that_applied() -> None:
    answer = Answer(N, Placement.PRIVATE, (Exposure.OPEN_STREAM,))
    assert weigh(Case(True, (firm("T4", capture=True),), answer)).codes == (
        "T4-N",
        "MOD-PRIVATE-ROOM",
        "MOD-EXPOSED:open_stream",
    )


def test_the_typical_home_of_22_devices_comes_out_as_measured() -> None:
    rooms = {"echo": Placement.PRIVATE}
    tiers = {"camera": "T4", "doorbell": "T4", "echo": "T4", "router": "T3", "heating": "T3"}
    tiers |= {f"three {number}": "T3" for number in range(5)} | {f"two {number}": "T2" for number in range(7)}
    tiers |= {"printer": "T1"}
    unknown = [f"unknown {number}" for number in range(4)]

    def count(said: dict[str, Expectedness], otherwise: Expectedness) -> tuple[int, int, int, int]:
        levels: Counter[Level] = Counter()
        for name in (*tiers, *unknown):
            claims = (firm(tiers[name], capture=tiers[name] == "T4"),) if name in tiers else ()
            answer = Answer(said.get(name, otherwise), rooms.get(name, Placement.LIVING))
            levels[level(Case(name in tiers, claims, answer))] += 1
        return (levels[FIRST], levels[FIND], levels[NEXT], levels[LOWER])

    mixed = dict.fromkeys(("router", "doorbell", "heating", "echo"), K2) | {"unknown 0": N}
    assert len(tiers) + len(unknown) == 22
    assert count({}, NA) == (3, 4, 7, 8)
    assert count({}, K1) == (1, 0, 9, 12)
    assert count(mixed, K1) == (5, 0, 6, 11)
    assert count({}, K2) == (10, 0, 11, 1)
    assert count({}, K0) == (0, 0, 0, 22)


# --- The whole space of inputs ------------------------------------------------------------------------------

_TIER = (None, *TIERS)


def every_case() -> Iterator[Case]:
    """Every combination of: identified, best firm tier, best weak tier, captures, answer, room, exposure, incident."""
    for identified, strong, hint in product((True, False), _TIER, _TIER):
        for capture in product((True, False) if strong else (False,), (True, False) if hint else (False,)):
            claims = (*((firm(strong, capture[0]),) if strong else ()), *((weak(hint, capture[1]),) if hint else ()))
            for answer in every_answer():
                yield Case(identified, claims, answer)


def every_answer() -> Iterator[Answer]:
    for expectedness, room, exposed, incident in product(
        Expectedness, (Placement.LIVING, Placement.PRIVATE), ((), (Exposure.OPEN_ADMIN,)), (False, True)
    ):
        yield Answer(expectedness, room, exposed, incident)


CASES = tuple(every_case())


def is_weak_only(case: Case) -> bool:
    return bool(case.claims) and not any(claim.firm for claim in case.claims)


def worse_answers(answer: Answer) -> Iterator[Answer]:
    """The same answer with one modifier added."""
    if answer.placement is not Placement.PRIVATE:
        yield replace(answer, placement=Placement.PRIVATE)
    if not answer.exposures:
        yield replace(answer, exposures=(Exposure.OPEN_ADMIN,))
    if not answer.incident:
        yield replace(answer, incident=True)


def test_worse_expectedness_never_lowers_a_level() -> None:
    checks = 0
    for case in CASES:
        for better, worse in pairwise(Expectedness):
            if case.answer.expectedness is better:
                later = replace(case, answer=replace(case.answer, expectedness=worse))
                assert SEVERITY[level(later)] >= SEVERITY[level(case)], (case, worse)
                checks += 1
    assert checks >= 2208


def test_a_higher_tier_never_lowers_a_level() -> None:
    checks = 0
    for case in CASES:
        for position, claim in enumerate(case.claims):
            if claim.tier == TIERS[0]:
                continue
            higher = replace(claim, tier=TIERS[TIERS.index(claim.tier) - 1])
            claims = (*case.claims[:position], higher, *case.claims[position + 1 :])
            assert SHOWN[level(replace(case, claims=claims))] >= SHOWN[level(case)], (case, higher)
            checks += 1
    assert checks >= 2208


def test_no_modifier_ever_lowers_a_level() -> None:
    checks = 0
    for case in CASES:
        for answer in worse_answers(case.answer):
            assert SHOWN[level(replace(case, answer=answer))] >= SHOWN[level(case)], (case, answer)
            checks += 1
    assert checks >= 2208


def test_an_added_claim_never_lowers_a_level() -> None:
    checks = 0
    added = [Weight(tier, sure, tier == "T3") for tier, sure in product(TIERS, (True, False))]
    added += [firm("T4", capture=True), weak("T4", capture=True)]
    for case in CASES:
        if case.identified and is_weak_only(case):
            continue  # what is identified claims at least what its kind can do, as firmly as it is identified
        for claim in added:
            assert SHOWN[level(replace(case, claims=(*case.claims, claim)))] >= SHOWN[level(case)], (case, claim)
            checks += 1
    assert checks >= 2208


def test_the_named_promises_hold_everywhere() -> None:
    checks = 0
    for case in CASES:
        answer, verdict = case.answer, weighed(case)
        known = answer.expectedness in (K0, K1)
        strong = {claim.tier for claim in case.claims if claim.firm}
        if is_weak_only(case) and not known:
            assert verdict.level is not LOWER, case
            checks += 1
        if is_weak_only(case) and answer.expectedness is NA and not answer.exposures and not answer.incident:
            assert verdict.level is FIND, case  # weak claims never make it Higher before it was discussed
            checks += 1
        if "T4" in strong and verdict.level is LOWER:
            assert answer.expectedness is K0, case
        if answer.expectedness is N:
            assert verdict.level is not LOWER, case
            checks += 1
        if answer.incident and strong & {"T4", "T3", "T2"}:
            assert verdict.level is not LOWER, case
            checks += 1
        if not case.identified and answer.expectedness is NA:
            assert verdict.level in (FIND, FIRST), case  # what has no name stays on the list to be found
            checks += 1
    assert checks >= 2208


def test_the_order_of_claims_changes_nothing() -> None:
    for case in CASES[::7]:
        assert weigh(replace(case, claims=case.claims[::-1])) == weigh(case)
