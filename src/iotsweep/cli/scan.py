"""`iotsweep scan`: scope, consent, the sweep, the report."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.choices import ConsentRole, Profile, RouterRunBy
from iotsweep.cli.catalogue.loading import load
from iotsweep.cli.fail import fail
from iotsweep.cli.stopping import nothing_sent_yet
from iotsweep.cli.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Scope
    from iotsweep.sweep import Plan

Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Save the evidence as JSON (- for stdout).")]
Replace = Annotated[bool, typer.Option("--replace", help="Let --save replace a file that is there already.")]
Plain = Annotated[bool, typer.Option("--plain", help="One fact per line: for screen readers and pipes.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Ask nothing; without --consent nothing is sent.")]


def scan(
    interface: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Network interface, when there are several; again, to check each of them."),
    ] = None,
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
            "--for", metavar="TIME", help="Go on for this long: 90s, 15m, 1h. Ctrl-C ends it with the whole report."
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
    from iotsweep.cli.listening import look_at_all
    from iotsweep.cli.several import Check, check_all, name_files
    from iotsweep.cli.show import check_can_save

    with nothing_sent_yet():
        seconds = _read_time(goes_on)
        scopes = _choose_scopes(interface or [], network, profile)
        wishes = Wishes(nmap, seconds, *_check_suspect(scopes, suspect))
        files = dict(zip((scope.interface for scope in scopes), name_files(save, scopes), strict=True))
        for file in files.values():
            check_can_save(file, replace)
        catalogue = load()
        if dry_run:
            _show_plans(_plan(scopes, catalogue, wishes))
            return
        plans = _plan(_agree(scopes, consent, router, no_input, wishes.suspect), catalogue, wishes)
        looked = look_at_all(plans, plain, ask=not no_input, despite=despite_monitor)
    checks = [Check(plan, files[plan.scope.interface]) for plan in looked]
    check_all(checks, catalogue, plain=plain, replace=replace, left_out=len(plans) - len(looked))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for beyond the profile. `suspected` is the network that the suspect is on."""

    nmap: bool = False
    seconds: float = 0.0
    suspect: str | None = None
    suspected: str | None = None


def _choose_scopes(names: list[str], network: str | None, profile: Profile) -> tuple[Scope, ...]:
    from iotsweep.network.interfaces import read_interfaces
    from iotsweep.network.scope import ScopeError, choose_scopes

    try:
        return choose_scopes(read_interfaces(), names=names, network=network, profile=profile)
    except ScopeError as error:
        fail(error)


def _check_suspect(scopes: Sequence[Scope], suspect: str | None) -> tuple[str | None, str | None]:
    """The suspect's address and the network that it is on."""
    from iotsweep.network.scope import ScopeError, find_suspect

    try:
        return find_suspect(scopes, suspect) if suspect is not None else (None, None)
    except ScopeError as error:
        fail(error)


def _agree(
    scopes: Sequence[Scope],
    role: ConsentRole | None,
    router: RouterRunBy | None,
    no_input: bool,
    suspect: str | None,
) -> tuple[Scope, ...]:
    """The scopes, each with the consent that was given for it."""
    from dataclasses import replace

    from iotsweep.cli.gate import ask_consent, consent_by_option, say_deep

    if no_input and role is None:
        fail("nothing was sent: --no-input needs --consent owner|tenant|occupant|account-holder")
    if suspect:
        say_deep(suspect)
    if no_input and role:
        consents = tuple(consent_by_option(role, router) for _ in scopes)
    else:
        consents = ask_consent(scopes, role, router)
    return tuple(replace(scope, consent=consent) for scope, consent in zip(scopes, consents, strict=True))


def _plan(scopes: Sequence[Scope], catalogue: Catalogue, wishes: Wishes) -> tuple[Plan, ...]:
    """One plan for each network; each knows which others are checked beside it."""
    from iotsweep.plan import make_plan

    networks = tuple(scope.network for scope in scopes)
    return tuple(
        make_plan(
            scope,
            catalogue,
            nmap=wishes.nmap,
            goes_on=wishes.seconds,
            suspect=wishes.suspect if scope.network == wishes.suspected else None,
            beside=tuple(network for network in networks if network != scope.network),
        )
        for scope in scopes
    )


def _read_time(text: str | None) -> float:
    from iotsweep.durations import DurationError, read_duration

    try:
        return read_duration(text) if text is not None else 0.0
    except DurationError as error:
        fail(error)


def _show_plans(plans: Sequence[Plan]) -> None:
    from iotsweep.plan import describe

    text = "\n\n".join(map(describe, plans))
    typer.echo("\n".join(map(_fit, text.splitlines())) if sys.stdout.isatty() else text)


def _fit(line: str) -> str:
    lead = line[: len(line) - len(line.lstrip())]
    return wrap(line.strip(), lead, f"{lead}  ")
