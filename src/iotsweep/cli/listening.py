"""Around listening: a look before anything is asked, the stop when a box tells its owner, and how to wake devices."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from iotsweep.cli.fail import fail
from iotsweep.cli.stopping import Stopping
from iotsweep.cli.wrapping import say
from iotsweep.model import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iotsweep.model import Observation, Report
    from iotsweep.monitors import Stop
    from iotsweep.sweep import Plan


class LeftOutError(Exception):
    """This network is not asked anything, because a box there tells its owner; one sentence with the choice."""


def look_at_all(plans: Sequence[Plan], plain: bool, *, ask: bool, despite: bool) -> tuple[Plan, ...]:
    """Every network that may be asked, with what was heard before; a box that tells stops its own network only.

    Leaves with exit code 2 when no network is left.
    """
    looked = []
    for plan in plans:
        try:
            looked.append(look_first(plan, plain, ask=ask, despite=despite))
        except LeftOutError as reason:
            if len(plans) == 1:
                fail(reason)
            typer.echo(f"iotsweep: {plan.scope.network} ({plan.scope.interface}) is left out. {reason}", err=True)
    if not looked:
        fail("no network is left to check, and nothing was asked")
    return tuple(looked)


def look_first(plan: Plan, plain: bool, *, ask: bool, despite: bool) -> Plan:
    """The plan with what was heard before it. Raises LeftOutError when a box tells and nobody wants to go on.

    Costs no time in the standard profile: the neighbour table is there already. A thorough check listens for a while.
    That the check went on all the same is written into the evidence.
    """
    if plan.scope.profile is Profile.QUIET:
        return plan
    known = asyncio.run(_read_neighbours(plan))
    stop = _decide(plan, known, ask, despite)
    if plan.scope.profile is Profile.THOROUGH:
        heard = _listen(plan, plain)
        stop = stop or _decide(plan, (*known, *heard.observations), ask, despite)
        runs = tuple(run for run in heard.runs if run.sent.packets or run.saw or run.limits or run.skipped)
        plan = replace(plan, heard=heard.observations, before=runs)
    return _note(plan, stop) if stop else plan


def _note(plan: Plan, stop: Stop) -> Plan:
    """Write down what was decided, as a limit of the run that listens."""
    from iotsweep.clock import utc_now
    from iotsweep.model import ProbeRun

    decided = f"{stop.explain()} Before anything was asked it was decided to go on all the same."
    return replace(plan, before=(*plan.before, ProbeRun("listen", utc_now(), utc_now(), limits=(decided,))))


def _listen(plan: Plan, plain: bool) -> Report:
    from iotsweep.cli.running import run
    from iotsweep.plan import LISTEN_FIRST, plan_listening

    typer.echo(f"Listening for {LISTEN_FIRST:.0f} seconds before anything is asked.", err=True)
    with Stopping() as stopping:
        report = run(plan_listening(plan), plain, stopping)
    if stopping.asked:
        raise KeyboardInterrupt
    return report


def _decide(plan: Plan, observations: Sequence[Observation], ask: bool, despite: bool) -> Stop | None:
    """Explain and ask when something heard tells its owner about checks; what it was when going on.

    Raises LeftOutError when nobody wants to, or nobody can be asked.
    """
    from iotsweep.guidance import load_guidance
    from iotsweep.monitors import before_active

    stop = before_active(observations, plan.scope, plan.catalogue, plan.vendors)
    if stop is None:
        return None
    if despite:
        typer.echo(f"{stop.explain()} The check goes on, as --despite-monitor says.", err=True)
        return stop
    if not ask:
        raise LeftOutError(
            f"{stop.explain()} Nothing was asked: to check all the same, add --despite-monitor; to listen only, "
            "--profile quiet"
        )
    guidance = load_guidance()
    typer.echo("", err=True)
    say(f"{stop.explain()} {guidance.sentence('stop.already-seen')}")
    say(guidance.sentence("stop.choice"))
    typer.echo("", err=True)
    if not typer.confirm("Go on with the check all the same?", default=False, err=True):
        raise LeftOutError("stopped before anything was asked")
    return stop


async def _read_neighbours(plan: Plan) -> tuple[Observation, ...]:
    """Who this laptop's system knows already. Sends nothing; none where the system does not tell."""
    from iotsweep.clock import utc_now
    from iotsweep.model import Observation
    from iotsweep.probes.context import ProbeSkipped
    from iotsweep.probes.neighbours import belonging, read_table

    try:
        entries = belonging(await read_table(), plan.scope)
    except ProbeSkipped:
        return ()
    time = utc_now()
    return tuple(Observation("neighbours", time, e.mac, e.ip, (("mac.address", e.mac),)) for e in entries)


def say_how_to_wake(plan: Plan) -> None:
    """While it listens: what wakes devices, and the other side of each."""
    if not (plan.scope.profile is Profile.QUIET or plan.goes_on):
        return
    from iotsweep.durations import say_duration
    from iotsweep.guidance import load_guidance

    guidance = load_guidance()
    typer.echo(f"\nListening for up to {say_duration(plan.longest)}. Ctrl-C ends it and shows the report.", err=True)
    for name in ("listen.wave", "listen.bell"):
        say(guidance.sentence(name), "  ")
    typer.echo("", err=True)


def say_who_tells(report: Report, plan: Plan) -> None:
    """After listening: say when something heard tells its owner, before anybody decides to ask more."""
    if plan.scope.profile is not Profile.QUIET:
        return
    from iotsweep.guidance import load_guidance
    from iotsweep.monitors import before_active

    stop = before_active(report.observations, plan.scope, plan.catalogue, plan.vendors)
    if stop is not None:
        typer.echo("", err=True)
        say(f"{stop.explain()} {load_guidance().sentence('stop.choice')}")
