"""The command line: one small file per command, put together here. Nothing heavy is imported until a command runs."""

from __future__ import annotations

import typer

from iotsweep.cli.catalogue import catalogue_app
from iotsweep.cli.demo import demo
from iotsweep.cli.doctor import doctor
from iotsweep.cli.evidence import evidence_app
from iotsweep.cli.guide import guide
from iotsweep.cli.read import read
from iotsweep.cli.report import report
from iotsweep.cli.scan import scan

app = typer.Typer(
    help="Find the smart devices on a home network, and say what each kind of thing can do.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(scan)
app.command()(read)
app.command()(demo)
app.command()(report)
app.command(short_help="Say what a kind of thing can do, and what to ask.")(guide)
app.command(short_help="Say what on this laptop limits a check.")(doctor)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(evidence_app, name="evidence")


@app.callback()
def _root(version: bool = typer.Option(False, "--version", help="Show the version and stop.")) -> None:
    if version:
        from iotsweep import __version__

        typer.echo(f"iotsweep {__version__}")
        raise typer.Exit
