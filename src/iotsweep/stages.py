"""Runs the probes of a plan: finding and asking side by side, what is deep last, one deadline for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from iotsweep.catalogue.asking import can_record, is_named, likely_kinds
from iotsweep.clock import utc_now
from iotsweep.model import Observation, ProbeRun, Scope, Tool
from iotsweep.network.door import Door, Shared, SilentError
from iotsweep.network.link import LinkError
from iotsweep.probes import Probe, Stage
from iotsweep.probes.context import Context, Hosts, ProbeSkipped
from iotsweep.probes.newcomers import Newcomers

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.vendors import Vendors

_LATE_ROUNDS = 2  # more, and one device after the other would keep everybody waiting
_GRACE = 0.5  # seconds after its deadline in which a listener hands over what it still holds


class Watch(Protocol):
    """Whoever looks on while a sweep runs. The pipeline calls it and knows nothing else about it."""

    def probe_started(self, probe: Probe) -> None: ...

    def probe_ended(self, run: ProbeRun) -> None: ...

    def observed(self, observation: Observation) -> None: ...

    def time_left(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Plan:
    """What a sweep is to do. `seconds` is the one deadline that all probes of the first pass share.

    With `goes_on`, the watchers look on after the first pass, until that many seconds after the start.
    """

    scope: Scope
    catalogue: Catalogue
    vendors: Vendors
    probes: tuple[Probe, ...]
    tool: Tool
    seconds: float
    goes_on: float = 0.0
    watchers: tuple[Probe, ...] = ()
    heard: tuple[Observation, ...] = ()  # what listening before this sweep heard
    before: tuple[ProbeRun, ...] = ()  # and its runs
    suspect: str | None = None  # the one device that the deep check is for

    @property
    def longest(self) -> float:
        """Seconds until this sweep is over at the latest."""
        return max(self.seconds, self.goes_on)


@dataclass
class Sweep:
    """What one sweep gathers while it runs."""

    plan: Plan
    watch: Watch
    shared: Shared
    deadline: float
    hosts: Hosts = field(default_factory=Hosts)
    observations: list[Observation] = field(default_factory=list)
    runs: list[ProbeRun] = field(default_factory=list)
    settled: dict[str, asyncio.Event] = field(default_factory=dict)  # finding probe -> it has asked all
    open_ended: bool = False  # it listens: its end, whenever it comes, cuts nothing off
    whole: bool = False  # everything that was to be asked was asked

    def __post_init__(self) -> None:
        self.settled = {probe.name: asyncio.Event() for probe in self.plan.probes if probe.stage is Stage.FIND}

    def settle(self, name: str) -> None:
        """A finding probe has asked all; what it hears from now on costs no waiting."""
        if name in self.settled:
            self.settled[name].set()


async def run_passes(state: Sweep) -> None:
    """The first pass; then, when the plan goes on, the watchers, who ask only whoever was not there before."""
    plan = state.plan
    await _run_stages(state)
    state.whole = True
    left = state.deadline - plan.seconds + plan.goes_on - asyncio.get_running_loop().time()
    if left > 0 and plan.watchers:
        later = replace(plan, probes=plan.watchers, seconds=left, goes_on=0.0)
        await _run_stages(
            replace(
                state,
                plan=later,
                deadline=state.deadline - plan.seconds + plan.goes_on,
                hosts=Newcomers(state.hosts),
                open_ended=True,
            )
        )


async def _run_stages(state: Sweep) -> None:
    """Finding and asking run side by side; what is slow and deep waits for both.

    Finders that have asked all go on listening until the last answer is in: that costs no time.
    """
    chosen = {stage: [probe for probe in state.plan.probes if probe.stage is stage] for stage in Stage}
    finding = [asyncio.create_task(_run(state, probe)) for probe in chosen[Stage.FIND]]
    asking = [asyncio.create_task(_run(state, probe)) for probe in chosen[Stage.ASK]]
    try:
        await asyncio.gather(*(event.wait() for event in state.settled.values()))
        state.hosts.close()
        await asyncio.gather(*asking)
        for _ in range(_LATE_ROUNDS):
            if late := state.hosts.late():
                await asyncio.gather(*(_run(replace(state, hosts=late), probe) for probe in chosen[Stage.ASK]))
        state.hosts.end()
        await asyncio.gather(*finding)
        for probe in chosen[Stage.DEEP]:
            await _run(state, probe)
    finally:
        for task in (*finding, *asking):
            task.cancel()
        await asyncio.gather(*finding, *asking, return_exceptions=True)


async def _run(state: Sweep, probe: Probe) -> None:
    """One probe, to its end or the deadline. Whatever goes wrong is written down, and nothing seen is lost."""
    context = _context(state, probe)
    started, before = utc_now(), len(state.observations)
    skipped = failed = None
    state.watch.probe_started(probe)
    try:
        async with asyncio.timeout_at(state.deadline + (_GRACE if state.open_ended else 0)):
            await probe.run(context)
    except ProbeSkipped as reason:
        skipped = str(reason)
    except TimeoutError:
        failed = None if state.open_ended else "it was still waiting for answers when the time was over"
    except asyncio.CancelledError:
        failed = None if state.open_ended else "it was stopped before its end"
        raise
    except Exception as error:  # one probe's fault must not cost what the others see
        failed = _say(error)
    finally:
        saw = sum(observation.probe == probe.name for observation in state.observations[before:])
        run = ProbeRun(probe.name, started, utc_now(), saw=saw, skipped=skipped, failed=failed)
        state.runs.append(replace(run, limits=tuple(context.limits)))
        state.settle(probe.name)
        state.watch.probe_ended(state.runs[-1])


def _say(error: BaseException) -> str:
    """One sentence about what ended a probe; of several faults at once the first stands for all."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OSError | SilentError | LinkError):
        return f"the network did not let it go on ({error}); look at the cable or the Wi-Fi, then scan again"
    return f"it stopped because of an error: {type(error).__name__}: {error}"


def _context(state: Sweep, probe: Probe) -> Context:
    plan = state.plan

    def emit(observation: Observation) -> None:
        state.observations.append(observation)
        state.watch.observed(observation)

    return Context(
        probe=probe.name,
        scope=plan.scope,
        door=Door(probe.name, plan.scope, state.shared),
        hosts=state.hosts,
        deadline=state.deadline,
        ports=plan.catalogue.ports(),
        gentle_ports=plan.catalogue.gentle_ports(),
        likely_kinds=lambda seen: likely_kinds(seen, plan.catalogue, plan.vendors),
        suspect=plan.suspect,
        is_named=lambda ip: is_named(state.hosts.seen(ip), plan.catalogue, plan.vendors),
        records=lambda facts: can_record(facts, plan.catalogue, plan.vendors),
        emit=emit,
        settle=lambda: state.settle(probe.name),
        others_look=lambda: not all(event.is_set() for name, event in state.settled.items() if name != probe.name),
    )


@asynccontextmanager
async def ticking(state: Sweep) -> AsyncIterator[None]:
    """Tell whoever looks on how long it may still take, while this is open."""

    async def tick() -> None:
        while True:
            ends = state.deadline - state.plan.seconds + state.plan.longest
            state.watch.time_left(max(0.0, ends - asyncio.get_running_loop().time()))
            await asyncio.sleep(0.5)

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()
