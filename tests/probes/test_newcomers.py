"""The second pass asks whoever is new, whoever came too late for the first, and nobody twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from iotsweep.model import Observation
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, Hosts
from iotsweep.probes.newcomers import Newcomers
from iotsweep.sweep import sweep
from tests.fakes import FakeProbe, FakeWatch
from tests.test_sweep import no_tap
from tests.test_sweep import plan as make_plan

EARLY, LATE, NEW = "192.168.7.10", "192.168.7.11", "192.168.7.12"


async def _all(hosts: Hosts) -> list[str]:
    hosts.close()
    return [ip async for ip in hosts.arrivals()]


def _seen(ip: str) -> Observation:
    return Observation("ssdp", "", None, ip, (("ssdp.st", "upnp:rootdevice"),))


async def test_whoever_came_after_the_questions_had_ended_is_asked_in_the_second_pass() -> None:
    before = Hosts()
    before.add(EARLY, "02:00:00:00:00:10")
    assert await _all(before) == [EARLY]
    before.add(LATE, "02:00:00:00:00:11")
    before.note(_seen(LATE))
    before.note(_seen(EARLY))
    after = Newcomers(before)
    after.add(EARLY)
    after.add(NEW)
    assert await _all(after) == [LATE, NEW]
    assert after.mac(LATE) == "02:00:00:00:00:11"
    assert [one.ip async for one in after.news()] == [LATE]
    assert after.everybody() == {EARLY, LATE, NEW}


async def test_in_a_check_that_looks_on_a_late_answer_is_asked_once_and_an_early_one_not_again() -> None:
    asked: list[str] = []

    async def find(context: Context) -> None:
        context.hosts.add(EARLY)
        context.settle()
        await context.until_over()  # the first pass asks nobody any more
        context.hosts.add(LATE)

    async def ask(context: Context) -> None:
        asked.extend([ip async for ip in context.hosts.arrivals()])

    async def look_on(context: Context) -> None:
        context.hosts.add(EARLY)

    asker = FakeProbe(ask, name="ask", stage=Stage.ASK)
    first = make_plan(FakeProbe(find, name="find"), asker, seconds=1.0)
    plan = replace(first, goes_on=1.0, watchers=(FakeProbe(look_on, name="on"), asker))
    await sweep(plan, FakeWatch(), asyncio.Event(), no_tap)
    assert asked == [EARLY, LATE]
