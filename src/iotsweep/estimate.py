"""How many devices were on and did not answer: an estimate from the passes in which the others answered. Pure.

A removal model with unequal devices (Otis et al., Wildlife Monographs 62, 1978, model M-h; its Bayesian form in
Royle and Dorazio, Hierarchical Modeling and Inference in Ecology, 2008, chapter 6). Every device answers a pass with
a chance of its own, drawn from a beta distribution whose two parameters are unknown: we average over a grid of them,
and over how many were missed. Devices that other questions found and these did not tell directly how many are missed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

COVERED = 0.95
MOST_MISSED = 400  # beyond that the wire is so bad that a number would say nothing
_MEANS = (*(number / 20 for number in range(1, 20)), 0.98, 0.99, 0.996, 0.999, 0.9998)  # chance to answer one pass
_DOUBT = 0.5  # lost questions
_SPREADS = (1.0, 2.0, 5.0, 15.0, 60.0)  # the sum of the beta's parameters: from "all unequal" to "all alike"


@dataclass(frozen=True, slots=True)
class History:
    """Who answered when: `first[i]` devices answered first in pass i + 1. `overlooked`: found by other questions only.

    `also_otherwise` are those of the answering devices that other questions found as well.
    """

    first: tuple[int, ...]
    overlooked: int = 0
    also_otherwise: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """How many more devices were probably on: the middle of what is credible, and the interval of 95 %."""

    likely: int
    least: int
    most: int


def expect_missing(first: Sequence[int]) -> float:
    """How many are probably still silent if all devices are alike; quick, to decide whether to ask once more.

    Each device was asked until it answered, so answers / questions is the share p that a pass reaches, and
    (1 - p)^passes of all are missing. Half a lost question beyond those seen is assumed, so that a few lucky answers
    say less than many.
    """
    found = sum(first)
    if not found:
        return 0.0
    questions = sum(count * (number + 1) for number, count in enumerate(first)) + _DOUBT
    lost = (1 - found / questions) ** len(first)
    return found * lost / (1 - lost)


def estimate(history: History) -> Missed | None:
    """The estimate, or None when nobody answered: then nothing can be learned from who did."""
    found = sum(history.first)
    if not found:
        return None
    alone = max(0, found - history.also_otherwise)  # only among these can there be others whom nobody found
    weights = [0.0] * (MOST_MISSED + 1)
    terms = [_terms(mean * spread, (1 - mean) * spread, history) for mean in _MEANS for spread in _SPREADS]
    top = max(fixed for fixed, _ in terms)
    for fixed, silent in terms:
        if fixed - top > -40:
            _add(weights, math.exp(fixed - top), math.exp(silent), alone)
    return _read(weights)


def _terms(a: float, b: float, history: History) -> tuple[float, float]:
    """The logarithm of the chance of what was seen, and that of staying silent throughout."""
    silent = 0.0  # log of the chance of silence so far
    total = 0.0
    for number, count in enumerate(history.first):
        # After `number` silent passes the chance to answer is a / (a + b + number): the beta is updated by each.
        total += count * (silent + math.log(a / (a + b + number)))
        silent += math.log((b + number) / (a + b + number))
    return total + history.overlooked * silent, silent


def _add(weights: list[float], weight: float, silent: float, alone: int) -> None:
    """Add the weight of every number m of missed devices: choose(alone + m, m) silent^m, prior 1 / (alone + m + 1)."""
    ways = weight
    for missed in range(len(weights)):
        weights[missed] += ways / (alone + missed + 1)
        ways *= silent * (alone + missed + 1) / (missed + 1)
        if ways < 1e-300:
            return


def _read(weights: Sequence[float]) -> Missed:
    total = sum(weights)
    edge = (1 - COVERED) / 2
    # Where "none" is credible, the whole doubt goes to the upper end.
    lower = _quantile(weights, total * edge)
    upper = _quantile(weights, total * (COVERED if lower == 0 else 1 - edge))
    return Missed(_quantile(weights, total / 2), lower, upper)


def _quantile(weights: Sequence[float], share: float) -> int:
    reached = 0.0
    for number, weight in enumerate(weights):
        reached += weight
        if reached >= share:
            return number
    return len(weights) - 1
