"""`iotsweep report FILE`: shows a saved report again."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from iotsweep.choices import Level
from iotsweep.cli.fail import fail


class Format(StrEnum):
    """The forms in which a saved report can be shown."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"


def report(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that --save wrote; - for standard input.")],
    format_: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.TERMINAL,
    plain: Annotated[bool, typer.Option("--plain", help="The same as --format plain.")] = False,
    level: Annotated[
        list[Level] | None,
        typer.Option(metavar="LEVEL", help="Only check-first, find-it, check-next or lower-concern; again for more."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Only this kind, such as camera or not-identified; again for more."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most N devices.")] = None,
    skip: Annotated[int, typer.Option(min=0, metavar="N", help="Pass over the first N of them.")] = 0,
    without_personal: Annotated[
        bool,
        typer.Option("--without-personal", help="A copy for others: names, addresses and serials become [name 1] ..."),
    ] = False,
) -> None:
    """Show a saved report again, exactly as it was judged then."""
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue
    from iotsweep.cli.show import print_evidence, show
    from iotsweep.evidence.store import EvidenceError, read
    from iotsweep.reports.minimising import minimise
    from iotsweep.reports.selection import EVERYTHING, Selection

    try:
        saved = read(file)
        catalogue = load_catalogue()
    except (EvidenceError, CatalogueError) as error:
        fail(error)
    saved = minimise(saved) if without_personal else saved
    selection = Selection(frozenset(level or ()), frozenset(kind or ()), skip, limit)
    if unknown := selection.kinds - {*catalogue.kinds, "not-identified"}:
        fail(f"{', '.join(sorted(unknown))} is no kind: choose of {', '.join(catalogue.kinds)} and not-identified")
    if format_ is not Format.JSON:
        show(saved, catalogue, plain or format_ is Format.PLAIN, selection)
        return
    if selection != EVERYTHING:
        fail("--level, --kind, --limit and --skip choose what is shown, and JSON is the whole record: leave them out")
    print_evidence(saved)
