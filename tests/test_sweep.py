"""The pipeline: probes side by side, one deadline, nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
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


def test_who_is_found_while_the_others_are_asked_is_asked_as_well_and_nobody_twice() -> None:
    asked: list[str] = []
    at_work, found_late = asyncio.Event(), asyncio.Event()

    async def ask(context: Context) -> None:
        async for ip in context.hosts.arrivals():
            asked.append(ip)
        at_work.set()
        await found_late.wait()

    async def find_late(context: Context) -> None:
        await finding("127.0.0.5", "02:00:00:00:00:05")(context)
        context.settle()
        await at_work.wait()
        await finding("127.0.0.6", "02:00:00:00:00:06")(context)
        found_late.set()
        await context.until_over()

    report = run_sweep(FakeProbe(find_late, "find"), FakeProbe(ask, "ask", stage=Stage.ASK))
    assert asked == ["127.0.0.5", "127.0.0.6"]
    assert len(report.findings) == 2
    assert run_of(report, "ask").failed is None


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


def watching(*probes: FakeProbe, watchers: tuple[FakeProbe, ...], goes_on: float = 0.6) -> Plan:
    return replace(plan(*probes), goes_on=goes_on, watchers=watchers)


async def listen_on(context: Context) -> None:
    context.observe({"mac.address": "02:00:00:00:00:07"}, ip="127.0.0.7", mac="02:00:00:00:00:07")
    context.hosts.add("127.0.0.7", "02:00:00:00:00:07")
    context.hosts.add("127.0.0.5")
    await asyncio.sleep(context.remaining())


def go_on(of: Plan, stop_at: str | None = None) -> Report:
    class StoppingWatch(FakeWatch):
        def observed(self, observation: Observation) -> None:
            if observation.ip == stop_at:
                stop.set()

    stop = asyncio.Event()

    async def go() -> Report:
        return await sweep(of, StoppingWatch(), stop, no_tap)

    return asyncio.run(go())


def test_who_appears_after_the_first_pass_is_added_and_asked_and_others_are_not_asked_again() -> None:
    asked: list[str] = []

    async def ask(context: Context) -> None:
        async for ip in context.hosts.arrivals():
            asked.append(ip)

    asking = FakeProbe(ask, "ask", stage=Stage.ASK)
    first = FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one")
    report = go_on(watching(first, asking, watchers=(FakeProbe(listen_on, "listen"), asking)))
    assert asked == ["127.0.0.5", "127.0.0.7"]
    assert {mac for finding in report.findings for mac in finding.device.macs} == {
        "02:00:00:00:00:05",
        "02:00:00:00:00:07",
    }
    assert report.partial is None
    assert not any(run.failed for run in report.runs)
    assert sorted(run.probe for run in report.runs) == ["ask", "listen", "one", "system"]


def test_ending_a_check_by_hand_while_it_looks_on_leaves_it_whole() -> None:
    first = FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one")
    report = go_on(watching(first, watchers=(FakeProbe(listen_on, "listen"),), goes_on=60), stop_at="127.0.0.7")
    assert report.partial is None
    assert not any(run.failed for run in report.runs)
    assert len(report.findings) == 2


def test_ending_the_first_pass_by_hand_is_partial_although_it_was_to_go_on() -> None:
    slow = FakeProbe(never_return, "slow")
    report = go_on(watching(slow, watchers=(FakeProbe(listen_on, "listen"),), goes_on=60), stop_at="127.0.0.8")
    assert "stopped by hand" in (report.partial or "")


def test_what_was_heard_before_is_part_of_the_report() -> None:
    heard = Observation("listen", "2026-01-01T10:00:00.000000Z", None, "127.0.0.9", (("dhcp.hostname", "cam"),))
    before = ProbeRun("listen", "2026-01-01T10:00:00.000000Z", "2026-01-01T10:00:20.000000Z", saw=1)
    first = FakeProbe(finding("127.0.0.5", "02:00:00:00:00:05"), "one")
    report = go_on(replace(plan(first), heard=(heard,), before=(before,)))
    assert report.observations[0] == heard
    assert report.started == before.started
    assert run_of(report, "listen") == before


def test_a_wish_to_stop_that_a_probe_loses_is_repeated() -> None:
    async def lose_the_first_wish(context: Context) -> None:
        context.observe({"http.server": "seen"}, ip="127.0.0.8")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def go() -> Report:
        stop = asyncio.Event()
        watched = plan(FakeProbe(lose_the_first_wish, "deaf"), seconds=30)
        return await asyncio.wait_for(sweep(watched, FakeWatch(on_seen=stop), stop, no_tap), 10)

    assert "stopped by hand" in (asyncio.run(go()).partial or "")
