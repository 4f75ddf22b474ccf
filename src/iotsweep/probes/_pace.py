"""Sends at a steady rate by the clock, not by naps: a busy loop would stretch each nap to many times its length."""

from __future__ import annotations

import asyncio

_MOST_BEHIND = 0.1  # seconds that may be made up for at once, so that a pause is not followed by a burst


class Pace:
    """One step every `every` seconds, however long the loop takes for its turns."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next = asyncio.get_running_loop().time()

    async def step(self) -> None:
        """Wait until the next step is due; at once when it already is."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._every, now - _MOST_BEHIND)
        if self._next > now:
            await asyncio.sleep(self._next - now)
