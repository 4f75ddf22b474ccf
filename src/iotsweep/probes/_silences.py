"""Who speaks after a silence: a thing that slept and woke, or that somebody just used."""

from __future__ import annotations

from dataclasses import dataclass, field

KEY = "heard.silence"
LONG = 20.0  # seconds; phones and speakers that are awake say something more often
EVERY = 60.0  # seconds between two wakings of one device that are told
_MOST = 5_000  # wakings that are told; four for each device of a /20 with a thousand devices
_MOST_KNOWN = 20_000


@dataclass
class Silences:
    """When each device was heard last. Times are seconds of one clock; `began` is when listening began."""

    began: float
    full: bool = False  # so much was told that later wakings are left out
    _last: dict[str, float] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)
    _count: int = 0

    def hear(self, who: str, now: float, *, known: bool) -> float | None:
        """`who` speaks now. How long it was silent when that is worth telling, else None.

        `known`: it was on the list before. Of such a one, the first thing that is heard is always told.
        """
        first = who not in self._last
        if first and len(self._last) >= _MOST_KNOWN:
            return None
        silence = now - self._last.get(who, self.began)
        self._last[who] = now
        if not known or not (first or silence >= LONG) or now - self._told.get(who, -EVERY) < EVERY:
            return None
        if self._count >= _MOST:
            self.full = True
            return None
        self._count += 1
        self._told[who] = now
        return silence
