"""`iotsweep catalogue list`: the product families, with filters and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.catalogue.loading import Folder, Overlay, load
from iotsweep.cli.fail import fail

if TYPE_CHECKING:
    from collections.abc import Collection

    from iotsweep.catalogue.catalogue import Catalogue


def list_fingerprints(
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only this kind, for example camera.")
    ] = None,
    maker: Annotated[
        str | None, typer.Option("--maker", metavar="MAKER", help="Only this maker, for example TP-Link.")
    ] = None,
    can: Annotated[
        str | None, typer.Option("--can", metavar="CAPABILITY", help="Only what can do this, for example audio_listen.")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help="Only draft, tested or stable ones.")
    ] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Only how many there are of each kind.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As SUPPORTED.md has it.")] = False,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """List the product families, by kind, with counts."""
    from iotsweep.catalogue.listing import STATUSES, choose, describe, write_counts, write_list, write_supported

    catalogue = load(folder, overlay)
    _refuse_unknown("kind", kind, catalogue.kinds)
    _refuse_unknown("capability", can, catalogue.capabilities)
    _refuse_unknown("status", status, STATUSES)
    chosen = choose(catalogue, kind=kind, maker=maker, can=can, status=status)
    _refuse_unknown_maker(maker, catalogue)
    if markdown:
        typer.echo(write_supported(chosen, catalogue), nl=False)
        return
    for line in (write_counts if counts else write_list)(chosen, catalogue):
        typer.echo(line)
    typer.echo(describe(chosen), err=True)


def _refuse_unknown(what: str, word: str | None, known: Collection[str]) -> None:
    if word is not None and word not in known:
        fail(f"there is no {what} called {word!r}: choose one of {', '.join(known)}")


def _refuse_unknown_maker(maker: str | None, catalogue: Catalogue) -> None:
    import difflib

    known = {fingerprint.maker.casefold(): fingerprint.maker for fingerprint in catalogue.fingerprints}
    if maker is not None and maker.casefold() not in known:
        close = [known[name] for name in difflib.get_close_matches(maker.casefold(), known, 3, 0.6)]
        fail(f"no fingerprint names the maker {maker!r}" + (f": did you mean {' or '.join(close)}?" if close else ""))
