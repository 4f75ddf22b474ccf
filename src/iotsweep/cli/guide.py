"""`iotsweep guide KIND`: what this kind of thing can do, what to ask, what to look for, what not to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from iotsweep.cli.fail import fail


@dataclass(frozen=True)
class _Unknown:
    """What could not be named has a page too: how to find it."""

    id: str = "not-identified"
    can: tuple[str, ...] = ()


_UNKNOWN = _Unknown()


def guide(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="A kind of device, for example camera, or not-identified.")
    ],
) -> None:
    """Say what a kind of thing can do, what to ask and check, and what not to do."""
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue
    from iotsweep.guidance import load_guidance
    from iotsweep.guidance.page import page

    try:
        catalogue = load_catalogue()
    except CatalogueError as error:
        fail(error)
    if kind != _UNKNOWN.id and kind not in catalogue.kinds:
        known = ", ".join((*sorted(catalogue.kinds), _UNKNOWN.id))
        fail(f"there is no kind called {kind!r}: choose one of {known}")
    typer.echo(page(catalogue.kinds.get(kind, _UNKNOWN), catalogue, load_guidance()))
