"""`iotsweep report FILE`: shows a saved report again."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from iotsweep.cli.fail import fail


class Format(StrEnum):
    """The forms in which a saved report can be shown."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"


def report(
    file: Annotated[Path, typer.Argument(help="A file that --save wrote; - for standard input.")],
    format_: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.TERMINAL,
    plain: Annotated[bool, typer.Option("--plain", help="The same as --format plain.")] = False,
) -> None:
    """Show a saved report again, exactly as it was judged then."""
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue
    from iotsweep.cli.show import print_evidence, show
    from iotsweep.evidence.store import EvidenceError, read

    try:
        saved = read(file)
        catalogue = load_catalogue()
    except (EvidenceError, CatalogueError) as error:
        fail(error)
    if format_ is Format.JSON:
        print_evidence(saved)
        return
    show(saved, catalogue, plain or format_ is Format.PLAIN)
