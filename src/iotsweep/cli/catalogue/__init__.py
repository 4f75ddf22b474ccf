"""`iotsweep catalogue`: the fingerprints, their words and their checks. One small file per command."""

from __future__ import annotations

import typer

from iotsweep.cli.catalogue.check import check
from iotsweep.cli.catalogue.keys import keys
from iotsweep.cli.catalogue.learn import learn
from iotsweep.cli.catalogue.list import list_fingerprints
from iotsweep.cli.catalogue.match import match
from iotsweep.cli.catalogue.show import show
from iotsweep.cli.catalogue.update import update

catalogue_app = typer.Typer(help="The fingerprints: what devices say, and what that makes them.", no_args_is_help=True)

catalogue_app.command("list")(list_fingerprints)
catalogue_app.command(short_help="Explain one fingerprint.")(show)
catalogue_app.command(short_help="Say what devices are, from JSON lines.")(match)
catalogue_app.command(short_help="Print every key that a fingerprint may use.")(keys)
catalogue_app.command(short_help="Check fingerprints against every rule.")(check)
catalogue_app.command(short_help="Draft a fingerprint from a device of a saved report.")(learn)
catalogue_app.command()(update)


@catalogue_app.callback()
def _root() -> None:
    """The fingerprints: what devices say, and what that makes them."""
