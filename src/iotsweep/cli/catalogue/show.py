"""`iotsweep catalogue show`: one fingerprint in plain words, and why it fits something or does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.catalogue.loading import Folder, Overlay, load, load_table
from iotsweep.cli.fail import fail

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Fingerprint


def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a fingerprint, for example tapo-camera.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FILE", help="A saved report or JSON lines: say which clue holds, and why."),
    ] = None,
    device: Annotated[
        str | None, typer.Option("--device", metavar="ADDRESS", help="With --against: only this device or line.")
    ] = None,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Explain one fingerprint: what it goes by, what the device can do, where that comes from."""
    from iotsweep.catalogue.explain import explain

    catalogue = load(folder, overlay)
    fingerprint = _find(identity, catalogue)
    if against is not None:
        _compare(fingerprint, catalogue, against, device)
        return
    for line in explain(fingerprint, catalogue):
        typer.echo(line)


def _find(identity: str, catalogue: Catalogue) -> Fingerprint:
    import difflib

    fingerprint = catalogue.fingerprint(identity)
    if fingerprint is None:
        close = difflib.get_close_matches(identity, [one.id for one in catalogue.fingerprints], 3, 0.4)
        meant = f"did you mean {' or '.join(close)}?" if close else "'iotsweep catalogue list' shows all"
        fail(f"there is no fingerprint {identity!r}: {meant}")
    return fingerprint


def _compare(fingerprint: Fingerprint, catalogue: Catalogue, path: Path, device: str | None) -> None:
    from iotsweep.catalogue.comparing import compare
    from iotsweep.cli.catalogue.devices import find_devices

    vendors = load_table()
    for one in find_devices(path, device):
        typer.echo(one.label)
        for line in compare(fingerprint, one.seen, vendors, catalogue.is_in_things):
            typer.echo(f"  {line}")
