"""The checklist of a visit, from the bundled texts."""

from __future__ import annotations

from functools import cache

from iotsweep.guidance.yaml_text import read_bundled

_PARTS = ("before", "during", "after")


@cache
def load_checklist() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each part of the day with its lines. Raises GuidanceError with file and line when one is missing."""
    fields = read_bundled("visit.yaml").exactly(frozenset(_PARTS))
    return tuple((part, fields[part].texts()) for part in _PARTS)
