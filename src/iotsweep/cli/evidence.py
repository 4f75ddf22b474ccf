"""`iotsweep evidence`: what proves and explains saved evidence."""

from __future__ import annotations

import typer

evidence_app = typer.Typer(help="Evidence that a report saved.", no_args_is_help=True)


@evidence_app.callback()
def _root() -> None:
    """Evidence that a report saved."""


@evidence_app.command()
def schema() -> None:
    """Print the JSON Schema of saved reports."""
    import json

    from iotsweep.evidence.store import schema as published

    typer.echo(json.dumps(published(), indent=2))
