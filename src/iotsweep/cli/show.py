"""Shows and saves a report: the last step of every command that makes one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from iotsweep.cli.fail import ExitCode, fail

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.cli.stopping import Stopping
    from iotsweep.model import Report
    from iotsweep.reports.selection import Selection

STANDARD_OUTPUT = Path("-")


def check_can_save(path: Path | None, replace: bool) -> None:
    """Leave with one sentence, before anything is sent, when `path` could not be written afterwards."""
    if path is None or path == STANDARD_OUTPUT:
        return
    try:
        problem = _find_problem(path, replace)
    except OSError as error:  # a folder above it that may not be looked into, a name that is too long
        problem = f"{path} cannot be used ({error.strerror}): choose another place"
    if problem:
        fail(problem)


def _find_problem(path: Path, replace: bool) -> str | None:
    folder = path.absolute().parent
    if path.is_dir():
        return f"{path} is a folder: give the name of a file in it"
    if path.exists() and not replace:
        return f"{path} is there already: choose another name, or add --replace"
    if not folder.is_dir():
        return f"the folder of {path} is not there: make it first, or choose another name"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"nothing can be written into the folder {folder}: choose another one"
    return None


def keep(report: Report, path: Path | None, replace: bool) -> None:
    """Save `report`. If that fails, it goes to standard output instead, so that nothing seen is lost."""
    if path is None:
        return
    from iotsweep.evidence.store import EvidenceError, save

    if path == STANDARD_OUTPUT:
        print_evidence(report)
        return
    try:
        save(report, path, replace=replace)
    except EvidenceError as error:
        typer.echo(f"iotsweep: {error} It follows on standard output instead, so that nothing is lost.", err=True)
        print_evidence(report)
        raise typer.Exit(ExitCode.INCOMPLETE) from error
    typer.echo(f"Saved in {path}, readable by you alone.", err=True)


def print_evidence(report: Report) -> None:
    """The evidence as UTF-8, whatever the terminal's encoding, so that it reads back as it was."""
    from iotsweep.evidence.store import dump

    try:
        typer.echo(dump(report).encode("utf-8", "replace"))
        sys.stdout.flush()
    except OSError as error:
        reason = error.strerror or "it failed"
        fail(f"the evidence could not be written to standard output ({reason}): save into a file on another disk")


def show(report: Report, catalogue: Catalogue, plain: bool, selection: Selection | None = None) -> None:
    """Print `report` for a person, or the part of it that `selection` chooses."""
    from iotsweep.guidance import load_guidance
    from iotsweep.reports.live import should_be_plain
    from iotsweep.reports.selection import EVERYTHING

    selection = selection or EVERYTHING
    guidance = load_guidance()
    if should_be_plain(plain, sys.stdout):
        from iotsweep.reports.plain import render as render_plain

        _never_fail_on_letters()
        typer.echo(render_plain(report, catalogue, guidance, selection))
        return
    from rich.console import Console

    from iotsweep.reports.terminal import render

    render(report, catalogue, guidance, Console(highlight=False), selection)


def _never_fail_on_letters() -> None:
    """A device name may hold letters that a pipe's encoding lacks; they become question marks, not a crash."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")


def leave(report: Report, stopping: Stopping) -> None:
    """End with the exit code that `report` calls for."""
    if stopping.asked:
        raise typer.Exit(ExitCode.INTERRUPTED)
    if report.partial or any(run.failed for run in report.runs):
        raise typer.Exit(ExitCode.INCOMPLETE)
