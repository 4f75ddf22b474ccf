"""Which devices of a large report are shown: by level, by kind, a page of them at a time. Nothing is judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iotsweep.model import Finding, Level


@dataclass(frozen=True, slots=True)
class Selection:
    """Empty `levels` and `kinds` choose all; `skip` of those chosen are passed over, at most `limit` are shown."""

    levels: frozenset[Level] = frozenset()
    kinds: frozenset[str] = frozenset()
    skip: int = 0
    limit: int | None = None

    def choose(self, ordered: Sequence[Finding]) -> list[tuple[int, Finding]]:
        """The devices to show with their numbers in the whole report, in its order."""
        end = None if self.limit is None else self.skip + self.limit
        return [(number, each) for number, each in enumerate(ordered, 1) if self._holds(each)][self.skip : end]

    def say(self, ordered: Sequence[Finding]) -> str:
        """What is shown of what there is, one sentence; "" when it is everything."""
        if self == EVERYTHING:
            return ""
        fitting = sum(map(self._holds, ordered))
        shown = len(self.choose(ordered))
        wanted = ", ".join(sorted(self.levels | self.kinds)) or "all levels and kinds"
        part = f"{shown} of {len(ordered)} devices" if shown == fitting else f"{shown} of the {fitting} that fit"
        return f"Only a part: {part} ({wanted}). The saved record holds every device."

    def _holds(self, finding: Finding) -> bool:
        level = not self.levels or finding.concern.level in self.levels
        return level and (not self.kinds or (finding.kind or "not-identified") in self.kinds)


EVERYTHING = Selection()
