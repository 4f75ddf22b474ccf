"""What takes time to work out from fingerprints, kept from the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Plan = Mapping[str, Mapping[str, Any]]  # of the index, as JSON has it: key -> texts, grams, sizes, always


@dataclass(frozen=True, slots=True)
class Ready:
    """Of a whole catalogue, in the order of its fingerprints."""

    ports: tuple[int, ...]
    ids: tuple[str, ...]
    counts: tuple[int, ...]  # clues of each fingerprint
    plan: Plan
