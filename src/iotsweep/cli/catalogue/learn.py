"""`iotsweep catalogue learn`: a draft for review from an unnamed device of a saved scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.catalogue.loading import Folder, Overlay, load, load_table
from iotsweep.cli.fail import ExitCode, fail

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.catalogue.drafting import Draft
    from iotsweep.catalogue.matching import Vendors
    from iotsweep.catalogue.writing import Proof
    from iotsweep.cli.catalogue.devices import Target
    from iotsweep.model import Observation


def learn(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A report that --save wrote.")],
    device: Annotated[str, typer.Option("--device", metavar="ADDRESS", help="Its IP or hardware address.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the draft here.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="What it is, when you know it.")] = None,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Draft a fingerprint from a device of a saved scan, personal values masked, and try it out."""
    from iotsweep.catalogue.writing import prove, write_draft
    from iotsweep.cli.catalogue.devices import find_devices, read_devices
    from iotsweep.clock import utc_now

    catalogue, vendors = load(folder, overlay, examples=True), load_table()
    if kind is not None and kind not in catalogue.kinds:
        fail(f"there is no kind called {kind!r}: choose one of {', '.join(catalogue.kinds)}")
    chosen = find_devices(file, device)[0]
    rest = [one for one in read_devices(file) if one.label != chosen.label]
    seen = [observation for _, observation in chosen.seen]
    others = [[observation for _, observation in one.seen] for one in rest]
    drafted = _draft(chosen, others, kind, catalogue, vendors)
    text = write_draft(drafted, utc_now()[:10])
    labels = [one.label for one in rest]
    proof = prove(text, seen, list(zip(labels, others, strict=True)), catalogue, vendors)
    _write(text, out)
    _say(proof, drafted.id)


def _draft(
    chosen: Target, others: list[list[Observation]], kind: str | None, catalogue: Catalogue, vendors: Vendors
) -> Draft:
    from dataclasses import replace

    from iotsweep.catalogue.drafting import DraftError, draft
    from iotsweep.catalogue.matching import fit

    seen = [observation for _, observation in chosen.seen]
    try:
        drafted = draft(seen, others, catalogue, vendors, fit(chosen.seen, catalogue, vendors))
    except DraftError as error:
        fail(error)
    return replace(drafted, kind=kind, can=catalogue.kinds[kind].can, guessed=("can",)) if kind else drafted


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"{out} is there already: choose another name")
    except OSError as error:
        fail(f"{out} cannot be written ({error.strerror}): choose another place")


def _say(proof: Proof, identity: str) -> None:
    for problem in proof.problems:
        typer.echo(f"to mend: {problem}", err=True)
    typer.echo(f"{identity} matches this device: {proof.confidence}.", err=True)
    if proof.devices:
        typer.echo(f"It also matches other devices of this scan: {', '.join(proof.devices)}. Narrow it.", err=True)
    if proof.also:
        typer.echo(f"It also matches examples of {', '.join(proof.also[:10])}. Narrow it, or improve those.", err=True)
    typer.echo("Review every line, then: iotsweep catalogue check FILE", err=True)
    if proof.confidence.rank == 0:
        raise typer.Exit(ExitCode.INCOMPLETE)
