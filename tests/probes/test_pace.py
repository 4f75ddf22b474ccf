"""A steady rate by the clock."""

from __future__ import annotations

import asyncio

import pytest

from iotsweep.probes._pace import Pace


async def test_a_busy_loop_does_not_stretch_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, slept = asyncio.get_running_loop(), 0.0
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now + slept)

    async def oversleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds + 0.04  # what a turn of a busy loop adds

    monkeypatch.setattr(asyncio, "sleep", oversleep)
    pace = Pace(0.01)
    for _ in range(100):
        await pace.step()
    assert 0.9 < slept < 1.2
