"""`iotsweep guide KIND`: what this kind of thing can do, what to ask, what to look for, what not to do."""

from __future__ import annotations

from typing import Annotated

import typer

from iotsweep.cli.fail import fail


def guide(
    kind: Annotated[str, typer.Argument(help="A kind of device, for example camera; see 'catalogue list'.")],
) -> None:
    """Say what a kind of thing can do, what to ask and check, and what not to do."""
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue
    from iotsweep.guidance import load_guidance
    from iotsweep.guidance.page import page

    try:
        catalogue = load_catalogue()
    except CatalogueError as error:
        fail(error)
    if kind not in catalogue.kinds:
        fail(f"there is no kind called {kind!r}: choose one of {', '.join(sorted(catalogue.kinds))}")
    typer.echo(page(catalogue.kinds[kind], catalogue, load_guidance()))
