"""One check of one network or of several: one after the other, each with a plan, a guard and a report of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from iotsweep.cli.fail import ExitCode, fail
from iotsweep.cli.show import STANDARD_OUTPUT

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Finding, Report, Scope
    from iotsweep.sweep import Plan

_IDENTITIES = ("upnp.udn", "wsd.address", "tls.sha256")  # beside hardware addresses: what two devices never share


@dataclass(frozen=True, slots=True)
class Check:
    """One network to check, and where its report goes."""

    plan: Plan
    save: Path | None

    @property
    def where(self) -> str:
        """The network and the interface, as people are told."""
        return f"{self.plan.scope.network} through {self.plan.scope.interface}"


def name_files(save: Path | None, scopes: Sequence[Scope]) -> tuple[Path | None, ...]:
    """Where each report goes: the file itself for one network; for several one file each, named for its interface.

    Leaves with exit code 2 where several reports would go to standard output: it holds one.
    """
    if save is None or len(scopes) == 1:
        return tuple(save for _ in scopes)
    if save == STANDARD_OUTPUT:
        fail("standard output holds one report: give --save a file name, and each network gets a file of its own")
    names: list[str] = []
    for scope in scopes:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", scope.interface).strip("-.") or "network"
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return tuple(save.with_name(f"{save.stem}-{name}{save.suffix}") for name in names)


def check_all(checks: Sequence[Check], catalogue: Catalogue, *, plain: bool, replace: bool, left_out: int) -> None:
    """Check, save and show each network; leave with the exit code that all of them together call for.

    A wish to stop ends the network that is being checked and keeps what was seen; the rest is not begun, and said.
    """
    reports: list[Report] = []
    codes = [ExitCode.INCOMPLETE] * left_out
    for number, check in enumerate(checks, 1):
        if len(checks) > 1:
            typer.echo(f"\nNetwork {number} of {len(checks)}: {check.where}.", err=True)
        report, code = _check_one(check, catalogue, plain=plain, replace=replace, last=number == len(checks))
        reports.append(report)
        codes.append(code)
        if code is ExitCode.INTERRUPTED:
            _say_rest(checks[number:])
            break
    for line in say_both(reports):
        typer.echo(line, err=True)
    if any(codes):
        raise typer.Exit(max(codes))


def _check_one(
    check: Check, catalogue: Catalogue, *, plain: bool, replace: bool, last: bool
) -> tuple[Report, ExitCode]:
    from iotsweep.cli.listening import say_how_to_wake, say_who_tells
    from iotsweep.cli.running import run
    from iotsweep.cli.show import keep, leave, show
    from iotsweep.cli.stopping import Stopping

    say_how_to_wake(check.plan)
    with Stopping() as stopping:
        report = run(check.plan, plain, stopping)
        code = _code_of(lambda: keep(report, check.save, replace))
    if code is ExitCode.DONE and check.save != STANDARD_OUTPUT:
        show(report, catalogue, plain)
    say_who_tells(report, check.plan)
    if last and report.partial is None and _listens(check.plan):
        stopping.asked = False  # ending a listening, which misses nothing by it, is no interruption
    return report, max(code, _code_of(lambda: leave(report, stopping)))


def _listens(plan: Plan) -> bool:
    from iotsweep.model import Profile

    return bool(plan.goes_on) or plan.scope.profile is Profile.QUIET


def _code_of(step: Callable[[], None]) -> ExitCode:
    """The exit code that a step would leave with."""
    try:
        step()
    except typer.Exit as end:
        return ExitCode(end.exit_code)
    return ExitCode.DONE


def _say_rest(rest: Sequence[Check]) -> None:
    for check in rest:
        typer.echo(f"iotsweep: {check.where} was not checked: it was stopped by hand before", err=True)


def say_both(reports: Sequence[Report]) -> Iterator[str]:
    """One line for each device that is on more than one of the networks, by what it alone can have."""
    from iotsweep.model import DeviceRole

    places: dict[str, list[tuple[int, Finding]]] = {}
    for number, report in enumerate(reports):
        for finding in report.findings:
            if finding.device.role not in {DeviceRole.LAPTOP, DeviceRole.NEARBY, DeviceRole.BRIDGED}:
                for identity in _identify(finding, report):
                    places.setdefault(identity, []).append((number, finding))
    said: set[tuple[tuple[int, str], ...]] = set()
    for found in places.values():
        key = tuple((number, finding.device.id) for number, finding in found)
        if len({number for number, _ in found}) > 1 and key not in said:
            said.add(key)
            what = next((finding.name for _, finding in found if finding.name), "one device")
            where = " and ".join(f"{_address(f)} ({reports[number].scope.interface})" for number, f in found)
            yield f"On more than one of these networks: {what}, at {where}."


def _identify(finding: Finding, report: Report) -> Iterator[str]:
    yield from finding.device.macs
    for index in finding.device.seen:
        for key in _IDENTITIES:
            yield from (f"{key} {value.lower()}" for value in report.observations[index].values(key))


def _address(finding: Finding) -> str:
    return next(iter((*finding.device.ipv4, *finding.device.macs)), "an unknown address")
