"""What every command that needs the catalogue begins with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.fail import fail

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.catalogue.matching import Vendors

Folder = Annotated[
    Path | None,
    typer.Option("--folder", metavar="FOLDER", help="Use the fingerprints in this folder instead of the bundled ones."),
]
Overlay = Annotated[
    Path | None,
    typer.Option(
        "--overlay", metavar="FOLDER", help="Take your own fingerprints from this folder; they win over bundled ones."
    ),
]


def load(folder: Path | None = None, overlay: Path | None = None, *, examples: bool = False) -> Catalogue:
    """The catalogue, or one sentence and the exit. What a newer catalogue has that is left out is said on stderr."""
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue

    try:
        catalogue = load_catalogue(folder, overlay, examples=examples)
    except CatalogueError as error:
        fail(f"the catalogue cannot be used\n{error}")
    except RuntimeError as error:
        fail(error)
    for problem in catalogue.skipped:
        typer.echo(f"iotsweep: left out: {problem}", err=True)
    return catalogue


def load_table() -> Vendors:
    """The IEEE table, or one sentence and the exit."""
    from iotsweep.vendors import VendorTableError, load_vendors

    try:
        return load_vendors()
    except VendorTableError as error:
        fail(error)
