"""Runs one sweep with live progress; whatever ends it early, what was seen is kept."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from iotsweep.catalogue.lock import BusyError, hold_for_scan
from iotsweep.catalogue.matching import best, fit
from iotsweep.cli.fail import fail
from iotsweep.model import Confidence, NotChecked
from iotsweep.reports.live import choose_watch
from iotsweep.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iotsweep.cli.stopping import Stopping
    from iotsweep.model import Observation, Report, Scope
    from iotsweep.reports.progress import Guess
    from iotsweep.sweep import Plan

_LOOK_EVERY = 0.5  # seconds
_LOOKS = 3  # Wi-Fi that changes its access point is away for a moment; the check goes on then


def run(plan: Plan, plain: bool, stopping: Stopping) -> Report:
    """Sweep until the end, until somebody asks to stop, or until the interface is gone. No update runs meanwhile."""
    try:
        with hold_for_scan():
            return asyncio.run(_sweep(plan, plain, stopping))
    except BusyError as error:
        fail(error)


async def _sweep(plan: Plan, plain: bool, stopping: Stopping) -> Report:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    looking = asyncio.create_task(_stop_when_gone(plan.scope, stop))

    def tell() -> None:
        loop.call_soon_threadsafe(stop.set)

    with stopping.telling(tell), choose_watch(plain, sys.stderr, _guesser(plan)) as watch:
        report = await sweep(plan, watch, stop)
    gone = looking.done() or not is_there(plan.scope)
    looking.cancel()
    return _say_gone(report) if gone and not stopping.asked else report


def _guesser(plan: Plan) -> Guess:
    """What says, by all that was seen of a device so far, what it most likely is."""

    def guess(seen: Sequence[Observation]) -> str:
        match = best(fit(list(enumerate(seen)), plan.catalogue, plan.vendors))
        if match is None:
            maker = next((plan.vendors.name(one.mac) for one in seen if one.mac), None)
            return f"network part by {maker.rstrip('.')}" if maker else ""
        if match.confidence is Confidence.CONFIRMED:
            return match.name
        return f"{match.name}, likely" if match.confidence is Confidence.LIKELY else f"could be: {match.name}"

    return guess


async def _stop_when_gone(scope: Scope, stop: asyncio.Event) -> None:
    """Set `stop` when this laptop has lost the interface or its address."""
    missed = 0
    while missed < _LOOKS:
        await asyncio.sleep(_LOOK_EVERY)
        missed = 0 if is_there(scope) else missed + 1
    stop.set()


def is_there(scope: Scope) -> bool:
    """Whether this laptop still has the scope's address on its interface, and the interface is up."""
    import psutil

    addresses = psutil.net_if_addrs().get(scope.interface, [])
    state = psutil.net_if_stats().get(scope.interface)
    return state is not None and state.isup and any(entry.address == scope.address for entry in addresses)


def _say_gone(report: Report) -> Report:
    """Give the true reason in place of a stop by hand."""
    why = (
        f"{report.scope.interface} went away or lost its address before the end; everything seen until then is kept. "
        "Connect this laptop to the home's network again and check once more"
    )
    others = tuple(each for each in report.not_checked if each.why != report.partial)
    return replace(report, partial=why, not_checked=(NotChecked("the rest of the check", why), *others))
