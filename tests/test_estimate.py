"""The estimate of how many devices were missed: right about as often as it says, and narrow where little got lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.estimate import MOST_MISSED, History, estimate, expect_missing
from tests.estimating import share_inside


def test_the_truth_lies_inside_the_interval_as_often_as_promised() -> None:
    inside, mean_end = share_inside(200, seed=20)
    assert inside >= 0.93
    assert mean_end < 4  # an interval up to everything would be right too, and of no use


def test_where_all_answered_at_once_nobody_is_missing() -> None:
    missed = estimate(History((25, 0, 0, 0), 0, 15))
    assert missed
    assert (missed.likely, missed.least, missed.most) == (0, 0, 0)


def test_late_first_answers_widen_the_interval() -> None:
    prompt, slow = estimate(History((25, 0, 0, 0))), estimate(History((15, 5, 3, 2)))
    assert prompt
    assert slow
    assert slow.most > prompt.most


def test_a_device_that_only_other_questions_found_widens_the_interval() -> None:
    without, with_one = estimate(History((20, 2, 0), 0, 5)), estimate(History((20, 2, 0), 2, 5))
    assert without
    assert with_one
    assert with_one.most > without.most


def test_where_other_questions_found_everybody_nobody_else_is_guessed() -> None:
    missed = estimate(History((20, 0, 0), 0, 20))
    assert missed
    assert missed.most == 0


def test_where_nobody_answered_nothing_is_estimated() -> None:
    assert estimate(History((0, 0, 0, 0, 0))) is None
    assert estimate(History(())) is None
    assert expect_missing([0, 0]) == 0


def test_many_devices_on_a_bad_wire_end_in_numbers_not_in_overflow() -> None:
    missed = estimate(History((100,) * 24, 50, 10))
    assert missed
    assert 0 < missed.least <= missed.likely <= missed.most <= MOST_MISSED


@given(
    st.lists(st.integers(0, 4000), max_size=24),
    st.integers(0, 500),
    st.integers(0, 5000),
)
@settings(max_examples=30, deadline=None)
def test_every_history_gives_an_ordered_interval(first: list[int], overlooked: int, also: int) -> None:
    missed = estimate(History(tuple(first), overlooked, also))
    assert missed is None or 0 <= missed.least <= missed.likely <= missed.most


@pytest.mark.parametrize(("first", "few"), [((25, 0, 0), True), ((3, 0, 0), False), ((10, 5, 2), False)])
def test_asking_goes_on_while_somebody_is_probably_missing(first: tuple[int, ...], few: bool) -> None:
    assert (expect_missing(first) < 0.005) is few
