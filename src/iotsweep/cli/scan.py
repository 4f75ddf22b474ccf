"""`iotsweep scan`: scope, consent, the sweep, the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.choices import ConsentRole, Profile, RouterRunBy
from iotsweep.cli.fail import fail
from iotsweep.cli.stopping import Stopping, nothing_sent_yet

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Scope
    from iotsweep.sweep import Plan

Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Save the evidence as JSON (- for stdout).")]
Replace = Annotated[bool, typer.Option("--replace", help="Let --save replace a file that is there already.")]
Plain = Annotated[bool, typer.Option("--plain", help="One fact per line: for screen readers and pipes.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Ask nothing; without --consent nothing is sent.")]


def scan(
    interface: Annotated[str | None, typer.Option(help="Network interface, when there are several.")] = None,
    network: Annotated[str | None, typer.Option(metavar="CIDR", help="A part of the interface's own network.")] = None,
    profile: Annotated[Profile, typer.Option(help="How much is sent.")] = Profile.STANDARD,
    consent: Annotated[ConsentRole | None, typer.Option(help="Who agreed to the check.")] = None,
    router: Annotated[
        RouterRunBy | None,
        typer.Option(help="Who runs the router; 'ourselves' is assumed for an owner or account holder."),
    ] = None,
    goes_on: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="TIME", help="Go on for this long: 90s, 15m, 1h. Ctrl-C ends it with the report."
        ),
    ] = None,
    despite_monitor: Annotated[
        bool, typer.Option("--despite-monitor", help="Go on although a box here tells its owner about checks.")
    ] = False,
    nmap: Annotated[bool, typer.Option("--nmap", help="Let nmap look at what stays unnamed (slower).")] = False,
    suspect: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Afterwards, check one device deeply (over 5 minutes).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    save: Save = None,
    replace: Replace = False,
    plain: Plain = False,
    no_input: NoInput = False,
) -> None:
    """Check the network that this laptop is on. Nothing is sent before somebody agrees."""
    from iotsweep.cli.listening import look_first, say_how_to_wake, say_who_tells
    from iotsweep.cli.show import check_can_save, keep, leave, show

    with nothing_sent_yet():
        seconds = _read_time(goes_on)
        scope = _choose_scope(interface, network, profile)
        suspect = _check_suspect(scope, suspect)
        check_can_save(save, replace)
        catalogue = _load_catalogue()
        if dry_run:
            _show_plan(_plan(scope, catalogue, nmap, seconds, suspect))
            return
        agreed = _agree(scope, consent, router, no_input, suspect)
        plan = _plan(agreed, catalogue, nmap, seconds, suspect)
        plan = look_first(plan, plain, ask=not no_input, despite=despite_monitor)
    say_how_to_wake(plan)
    with Stopping() as stopping:
        from iotsweep.cli.running import run

        report = run(plan, plain, stopping)
        keep(report, save, replace)
    if save != Path("-"):
        show(report, catalogue, plain)
    say_who_tells(report, plan)
    if report.partial is None and seconds:
        stopping.asked = False  # ending a listening that has no set end is no interruption
    leave(report, stopping)


def _choose_scope(interface: str | None, network: str | None, profile: Profile) -> Scope:
    from iotsweep.network.interfaces import read_interfaces
    from iotsweep.network.scope import ScopeError, choose_scope

    try:
        return choose_scope(read_interfaces(), interface=interface, network=network, profile=profile)
    except ScopeError as error:
        fail(error)


def _check_suspect(scope: Scope, suspect: str | None) -> str | None:
    from iotsweep.network.scope import ScopeError, check_suspect

    try:
        return check_suspect(scope, suspect) if suspect is not None else None
    except ScopeError as error:
        fail(error)


def _load_catalogue() -> Catalogue:
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue

    try:
        catalogue = load_catalogue()
    except CatalogueError as error:
        fail(error)
    for problem in catalogue.skipped:
        typer.echo(f"iotsweep: left out: {problem}", err=True)
    return catalogue


def _agree(
    scope: Scope, role: ConsentRole | None, router: RouterRunBy | None, no_input: bool, suspect: str | None
) -> Scope:
    from dataclasses import replace

    from iotsweep.cli.gate import ask_consent, consent_by_option, say_deep

    if no_input and role is None:
        fail("nothing was sent: --no-input needs --consent owner|tenant|occupant|account-holder")
    if suspect:
        say_deep(suspect)
    consent = consent_by_option(role, router) if no_input and role else ask_consent(scope, role, router)
    return replace(scope, consent=consent)


def _plan(scope: Scope, catalogue: Catalogue, nmap: bool, seconds: float, suspect: str | None) -> Plan:
    from iotsweep.plan import make_plan

    return make_plan(scope, catalogue, nmap=nmap, goes_on=seconds, suspect=suspect)


def _read_time(text: str | None) -> float:
    from iotsweep.durations import DurationError, read_duration

    try:
        return read_duration(text) if text is not None else 0.0
    except DurationError as error:
        fail(error)


def _show_plan(plan: Plan) -> None:
    from iotsweep.plan import describe

    typer.echo(describe(plan))
