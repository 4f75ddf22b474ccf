"""Simulated homes in which answers get lost: what a sweep would have heard, and how many it really missed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from iotsweep.estimate import History, estimate, expect_missing
from iotsweep.probes.arp import FEW_MISSED, FEWEST_PASSES, FEWEST_WHEN_ALONE, MOST_PASSES, QUIET_PASSES

_LOSSES = (0.0, 0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_SLEEPY = (0.0, 0.0, 0.05, 0.1, 0.2, 0.4)  # share of devices that hear few questions


@dataclass(frozen=True, slots=True)
class Home:
    """Every device's chance to answer one pass, and which of them other questions reach."""

    chances: tuple[float, ...]
    talkers: frozenset[int]


def make_home(chance: random.Random) -> Home:
    """3 to 80 devices on a wire of some loss, some of them sleepy, some of them talkative."""
    count, loss, sleepy = chance.randint(3, 80), chance.choice(_LOSSES), chance.choice(_SLEEPY)
    talkative = chance.uniform(0.2, 0.8)
    asleep = [chance.uniform(0.1, 0.6) if chance.random() < sleepy else 1.0 for _ in range(count)]
    talkers = {each for each in range(count) if chance.random() < talkative and chance.random() >= loss**2}
    return Home(tuple((1 - loss) * awake for awake in asleep), frozenset(talkers))


def sweep_home(home: Home, chance: random.Random) -> tuple[History, int]:
    """What the ARP probe's rule would hear of `home`, and how many devices nobody heard."""
    silent, first = set(range(len(home.chances))), list[int]()
    while not _is_done(first, bool(silent & home.talkers)):
        answered = {each for each in silent if chance.random() < home.chances[each]}
        silent -= answered
        first.append(len(answered))
    overlooked = len(silent & home.talkers)
    return History(tuple(first), overlooked, len(home.talkers) - overlooked), len(silent) - overlooked


def _is_done(first: list[int], overlooked: bool) -> bool:
    if len(first) < (FEWEST_PASSES if sum(first) else FEWEST_WHEN_ALONE) or any(first[-QUIET_PASSES:]):
        return len(first) >= MOST_PASSES
    return expect_missing(first) < FEW_MISSED and (len(first) >= 2 * FEWEST_PASSES or not overlooked)


def share_inside(homes: int, seed: int) -> tuple[float, float]:
    """The share of homes whose true number lies inside the interval, and the mean upper end of the interval."""
    chance = random.Random(seed)
    inside: list[bool] = []
    ends: list[int] = []
    while len(inside) < homes:
        history, truth = sweep_home(make_home(chance), chance)
        missed = estimate(history)
        if missed:
            inside.append(missed.least <= truth <= missed.most)
            ends.append(missed.most)
    return sum(inside) / len(inside), sum(ends) / len(ends)
