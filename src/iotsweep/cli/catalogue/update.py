"""`iotsweep catalogue update`: a newer catalogue from an https address, a folder or a USB stick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iotsweep.cli.fail import fail


def update(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="An https address, or a folder such as a USB stick.")],
    root: Annotated[
        Path | None,
        typer.Option("--root", metavar="FILE", help="The maintainers' root.json, once, got by a way you trust."),
    ] = None,
) -> None:
    """Take a newer catalogue, if those who are trusted signed it. Never during a scan."""
    from iotsweep.catalogue.lock import BusyError
    from iotsweep.catalogue.updates.errors import UpdateError
    from iotsweep.catalogue.updates.update import update as take

    try:
        done = take(source, _read_root(root) if root else None)
    except (UpdateError, BusyError) as error:
        fail(f"{str(error).rstrip('.')}. The catalogue in use stays as it was.")
    for problem in done.skipped:
        typer.echo(f"left out: {problem}", err=True)
    was = "as before" if done.before == done.version else f"before: {done.before}"
    typer.echo(f"Catalogue {done.version} is in use ({was}): {done.fingerprints} fingerprints.")
    if done.skipped:
        typer.echo(f"{len(done.skipped)} were left out because this program is older than they are.", err=True)


def _read_root(path: Path) -> bytes:
    from iotsweep.catalogue.updates.trust import LARGEST_ROOT

    try:
        with path.open("rb") as file:
            return file.read(LARGEST_ROOT + 1)
    except OSError as error:
        fail(f"{path} cannot be read ({error.strerror}): check the name")
