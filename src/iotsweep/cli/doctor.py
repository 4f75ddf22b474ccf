"""`iotsweep doctor`: what on this laptop limits a check or gives it away, and the fix for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.fail import ExitCode, fail

if TYPE_CHECKING:
    from iotsweep.doctor.facts import Facts, Finding


def doctor(
    before_visit: Annotated[
        bool, typer.Option("--before-visit", help="Also print the checklist for before, during and after a visit.")
    ] = False,
) -> None:
    """Say what on this laptop limits a check, with the exact fix for each. Nothing is sent."""
    from iotsweep.doctor.checks import examine

    findings = examine(_read())
    for finding in findings:
        typer.echo(say(finding))
    limiting = [finding for finding in findings if finding.limits]
    typer.echo(_sum_up(len(limiting)))
    if before_visit:
        _print_checklist()
    if limiting:
        raise typer.Exit(ExitCode.INCOMPLETE)


def say(finding: Finding) -> str:
    """One finding: a line for what was found, and one for the fix."""
    mark = "to mend" if finding.limits else "noted"
    line = f"{mark:<8}{finding.name}: {finding.finding}."
    return f"{line}\n        Fix: {finding.fix}." if finding.limits else line


def _sum_up(limiting: int) -> str:
    if not limiting:
        return "\nNothing that limits a check was found on this laptop. Nothing was sent."
    things = "1 thing limits" if limiting == 1 else f"{limiting} things limit"
    return f"\n{things} a check from this laptop; each has its fix above. Nothing was sent."


def _read() -> Facts:
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue
    from iotsweep.doctor.reading import read_facts
    from iotsweep.vendors import load_vendors

    try:
        return read_facts(load_catalogue(), load_vendors())
    except CatalogueError as error:
        fail(error)


def _print_checklist() -> None:
    from iotsweep.doctor.visit import load_checklist

    for part, lines in load_checklist():
        typer.echo(f"\n{part.capitalize()} the visit")
        for number, line in enumerate(lines, 1):
            typer.echo(f"  {number}. {line}")
