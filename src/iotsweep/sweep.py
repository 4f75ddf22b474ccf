"""The pipeline on one page: probes run side by side, then everything seen becomes a Report.

`sweep` touches the network through the probes; `assess` is pure: the same observations, catalogue and version
give the same report, which is what makes saved evidence re-judgeable and captures and the practice home free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from iotsweep.catalogue.matching import fit
from iotsweep.clock import utc_now
from iotsweep.concern import judge, order
from iotsweep.coverage import Seen, cover, leave_out
from iotsweep.devices import gather
from iotsweep.evidence.store import SCHEMA
from iotsweep.guidance import load_guidance
from iotsweep.model import Observation, ProbeRun, Profile, Report, Scope
from iotsweep.network.door import Shared
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger
from iotsweep.network.tap import Tap, open_tap
from iotsweep.runs import join_runs
from iotsweep.stages import Plan, Sweep, Watch, run_passes, ticking

__all__ = ["SYSTEM", "Moment", "OpenTap", "Plan", "Watch", "assess", "sweep"]

_MOST_WISHES = 20  # then the report is made without whoever still does not listen
SYSTEM = "system"  # what the laptop itself sent meanwhile: address resolution, other programs

OpenTap = Callable[[Scope, Shared], AbstractAsyncContextManager[Tap]]


async def sweep(plan: Plan, watch: Watch, stop: asyncio.Event, open_tap: OpenTap = open_tap) -> Report:
    """Run every probe of the plan until all are done, the deadline passes or `stop` is set, and report."""
    started = utc_now()
    shared = Shared(Guard(plan.scope, plan.suspect), Ledger())
    deadline = asyncio.get_running_loop().time() + plan.seconds
    quiet = plan.scope.profile is Profile.QUIET
    state = Sweep(plan, watch, shared, deadline, observations=list(plan.heard), open_ended=quiet, whole=quiet)
    async with open_tap(plan.scope, shared) as tap, ticking(state):
        work = asyncio.create_task(run_passes(state))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopped}, timeout=plan.longest + 2, return_when=asyncio.FIRST_COMPLETED)
        partial = None if state.whole else _why_partial(work, stop)
        await _end(work, stopped)
        ended = utc_now()  # the tap counts to the end: later than this, only the system still refuses late answers
    runs = [replace(run, sent=shared.ledger.sent(run.probe)) for run in join_runs(state.runs)]
    runs.append(ProbeRun(SYSTEM, started, ended, shared.ledger.sent(SYSTEM), limits=tap.limits))
    began = min([started, *(run.started for run in plan.before if run.started)])
    moment = Moment(began, ended, partial)
    return assess(state.observations, join_runs([*plan.before, *runs]), moment, plan)


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until all have ended: one probe that swallows a cancellation must not keep everybody waiting."""
    for _ in range(_MOST_WISHES):
        running = [task for task in tasks if not task.done()]
        for task in running:
            task.cancel()
        if not running:
            break
        await asyncio.wait(running, timeout=0.3)
    await asyncio.gather(*(task for task in tasks if task.done()), return_exceptions=True)


@dataclass(frozen=True)
class Moment:
    """When a sweep ran, and why it stopped early if it did."""

    started: str
    ended: str
    partial: str | None = None


def assess(observations: Iterable[Observation], runs: Sequence[ProbeRun], moment: Moment, plan: Plan) -> Report:
    """Everything seen becomes a report. Pure: the order of arrival changes nothing."""
    seen = tuple(sorted(observations, key=lambda o: (o.time, o.probe, o.ip or "", o.mac or "", o.facts)))
    findings = []
    for device in gather(seen, plan.scope, plan.vendors):
        matches = fit([(index, seen[index]) for index in device.seen], plan.catalogue, plan.vendors)
        findings.append(judge(device, matches, seen, plan.catalogue))
    ordered = tuple(sorted(runs, key=lambda run: run.probe))
    guidance = load_guidance()
    covered = cover(Seen(plan.scope, seen, findings, ordered), guidance)
    return Report(
        schema=SCHEMA,
        tool=plan.tool,
        scope=plan.scope,
        started=moment.started,
        ended=moment.ended,
        partial=moment.partial,
        runs=ordered,
        observations=seen,
        findings=order(findings),
        not_checked=(*leave_out(ordered, moment.partial), *covered),
        blind_spots=guidance.blind_spots,
    )


def _why_partial(work: asyncio.Task[None], stop: asyncio.Event) -> str | None:
    if stop.is_set():
        return "it was stopped by hand before its end; everything seen until then is kept"
    if not work.done():
        return "the time was over before every question was answered"
    return None
