"""`iotsweep catalogue check`: every rule, with file, line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iotsweep.cli.catalogue.loading import Folder, Overlay, load_table
from iotsweep.cli.fail import ExitCode, fail


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders to check; without any, the whole catalogue.")
    ] = None,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Check fingerprints against every rule, each with file, line and remedy."""
    from iotsweep.catalogue.checking import check_paths
    from iotsweep.catalogue.vocabulary import yielded_with
    from iotsweep.probes import all_probes

    yields = yielded_with(frozenset(key for probe in all_probes() for key in probe.yields))
    outcome = check_paths(paths or [], load_table(), yields, folder, overlay)
    for problem in outcome.problems:
        typer.echo(str(problem))
    for warning in outcome.warnings:
        typer.echo(f"note: {warning}", err=True)
    if outcome.problems:
        fail(f"{len(outcome.problems)} problems in {outcome.fingerprints} fingerprints", ExitCode.INCOMPLETE)
    typer.echo(f"{outcome.fingerprints} fingerprints, {outcome.examples} examples: all hold")
