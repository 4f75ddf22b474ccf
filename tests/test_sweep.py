"""The pipeline: probes side by side, one deadline, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import permutations

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.model import Observation, ProbeRun, Report, Scope
from iotsweep.network.door import SilentError
from iotsweep.network.shared import Shared
from iotsweep.network.tap import Tap
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.sweep import Moment, Plan, assess, sweep
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE, TOOL, FakeProbe, FakeWatch

LOOPBACK = Scope("127.0.0.0/24", "lo", "127.0.0.1", "", None, consent=SCOPE.consent)
Run = Callable[[Context], Awaitable[None]]


def plan(*probes: FakeProbe, seconds: float = 5.0) -> Plan:
    return Plan(LOOPBACK, load_catalogue(), load_vendors(), probes, TOOL, seconds)


@asynccontextmanager
async def no_tap(scope: Scope, shared: Shared) -> AsyncIterator[Tap]:
    yield Tap(scope, shared)


def run_sweep(*probes: FakeProbe, seconds: float = 5.0, watch: FakeWatch | None = None) -> Report:
    async def go() -> Report:
        return await sweep(plan(*probes, seconds=seconds), watch or FakeWatch(), asyncio.Event(), no_tap)

    return asyncio.run(go())


def run_of(report: Report, probe: str) -> ProbeRun:
    return next(run for run in report.runs if run.probe == probe)


def finding(ip: str, mac: str) -> Run:
    async def run(context: Context) -> None:
        context.observe({"mac.address": mac}, ip=ip, mac=mac)
        context.hosts.add(ip, mac)

    return run


async def fail_after_seeing(context: Context) -> None:
    context.observe({"mac.address": "00:11:22:33:44:55"}, ip="127.0.0.9", mac="00:11:22:33:44:55")
    raise RuntimeError("broken")


async def never_return(context: Context) -> None:
    context.observe({"http.server": "slow"}, ip="127.0.0.8")
    await asyncio.Event().wait()


def test_a_probe_that_fails_keeps_what_it_saw_and_says_so() -> None:
    report = run_sweep(
        FakeProbe(fail_after_seeing, "broken"), FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "other")
    )
    assert "broken" in (run_of(report, "broken").failed or "")
    assert {o.ip for o in report.observations} == {"127.0.0.9", "127.0.0.5"}
    assert any(missed.what == "broken" for missed in report.not_checked)


def test_a_probe_that_cannot_work_here_is_a_value_in_the_report() -> None:
    async def skip(context: Context) -> None:
        raise ProbeSkipped("it needs administrator rights")

    report = run_sweep(FakeProbe(skip, "arp"))
    assert run_of(report, "arp").skipped == "it needs administrator rights"
    assert run_of(report, "arp").failed is None


def test_the_deadline_ends_a_probe_and_keeps_what_it_saw() -> None:
    report = run_sweep(FakeProbe(never_return, "slow"), seconds=0.2)
    assert "time was over" in (run_of(report, "slow").failed or "")
    assert report.observations[0].first("http.server") == "slow"


def test_an_asking_probe_follows_the_hosts_that_others_find() -> None:
    asked: list[str] = []

    async def ask(context: Context) -> None:
        asked.extend([ip async for ip in context.hosts.arrivals()])

    run_sweep(
        FakeProbe(ask, "ask", stage=Stage.ASK),
        FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one"),
        FakeProbe(finding("127.0.0.6", "02:00:00:00:00:06"), "two"),
    )
    assert sorted(asked) == ["127.0.0.5", "127.0.0.6"]


def test_an_asking_probe_hears_what_others_saw_also_before_it_looked() -> None:
    heard: list[str | None] = []

    async def listen(context: Context) -> None:
        heard.extend([o.first("mac.address") async for o in context.hosts.news()])

    run_sweep(FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one"), FakeProbe(listen, "ask", stage=Stage.ASK))
    assert heard == ["02:00:00:00:00:05"]


def test_stopping_by_hand_keeps_what_was_seen_and_says_that_it_is_partial() -> None:
    async def go() -> Report:
        stop = asyncio.Event()
        return await sweep(plan(FakeProbe(never_return, "slow"), seconds=30), FakeWatch(on_seen=stop), stop, no_tap)

    report = asyncio.run(go())
    assert "stopped by hand" in (report.partial or "")
    assert report.observations[0].ip == "127.0.0.8"
    assert report.findings


def test_the_order_of_arrival_never_changes_the_report() -> None:
    seen = [
        Observation(
            "arp",
            "2026-11-22T10:00:01.000000Z",
            "b8:27:eb:00:00:01",
            "127.0.0.5",
            (("mac.address", "b8:27:eb:00:00:01"),),
        ),
        Observation("mdns", "2026-11-22T10:00:02.000000Z", None, "127.0.0.5", (("mdns.service", "_ssh._tcp"),)),
        Observation(
            "arp",
            "2026-11-22T10:00:01.000000Z",
            "02:00:00:00:00:06",
            "127.0.0.6",
            (("mac.address", "02:00:00:00:00:06"),),
        ),
        Observation("ports", "2026-11-22T10:00:03.000000Z", None, "127.0.0.6", (("tcp.554", "open"),)),
    ]
    moment = Moment("2026-11-22T10:00:00.000000Z", "2026-11-22T10:00:09.000000Z")
    reports = [assess(order, (), moment, plan()) for order in permutations(seen)]
    assert all(report == reports[0] for report in reports)


def test_every_probe_is_announced_and_ended_to_whoever_looks_on() -> None:
    watch = FakeWatch()
    run_sweep(FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one"), watch=watch)
    assert watch.started == ["one"]
    assert [run.saw for run in watch.ended] == [1]


def test_a_network_that_goes_away_is_said_in_one_sentence_with_a_remedy() -> None:
    async def lose_the_network(context: Context) -> None:
        raise ExceptionGroup("many", [SilentError("this laptop cannot send any more"), OSError("gone")])

    failed = run_of(run_sweep(FakeProbe(lose_the_network, "lost")), "lost").failed or ""
    assert "cannot send any more" in failed
    assert "look at the cable" in failed
    assert "Group" not in failed
