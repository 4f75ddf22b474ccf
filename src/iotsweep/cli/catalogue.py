"""`iotsweep catalogue`: the fingerprints, their words and their checks."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.fail import ExitCode, fail

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.catalogue.matching import Vendors

catalogue_app = typer.Typer(help="The fingerprints: what devices say, and what that makes them.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Use the fingerprints in this folder instead of the bundled ones.")
]
Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", help="Take your own fingerprints from this folder; they win over bundled ones."),
]


@catalogue_app.callback()
def _root() -> None:
    """The fingerprints: what devices say, and what that makes them."""


@catalogue_app.command("list")
def list_fingerprints(
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind, for example camera.")] = None,
    maker: Annotated[str | None, typer.Option("--maker", help="Only this maker, for example TP-Link.")] = None,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """List the product families, by kind, with counts."""
    catalogue = _load(folder, overlay)
    if kind is not None and kind not in catalogue.kinds:
        fail(f"there is no kind called {kind!r}: choose one of {', '.join(catalogue.kinds)}")
    chosen = [
        fingerprint
        for fingerprint in catalogue.fingerprints
        if kind in (None, fingerprint.kind) and (maker is None or fingerprint.maker.casefold() == maker.casefold())
    ]
    for name in catalogue.kinds:
        here = [fingerprint for fingerprint in chosen if fingerprint.kind == name]
        if here:
            typer.echo(f"{name} ({len(here)})")
        for fingerprint in here:
            own = "  (your own)" if fingerprint.id in catalogue.overlay else ""
            typer.echo(f"  {fingerprint.id:32} {fingerprint.name}{own}")
    makers = {fingerprint.maker for fingerprint in chosen if fingerprint.maker}
    kinds = {fingerprint.kind for fingerprint in chosen}
    typer.echo(f"{len(chosen)} fingerprints, {len(kinds)} kinds, {len(makers)} makers", err=True)


@catalogue_app.command()
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a fingerprint, for example tapo-camera.")],
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Explain one fingerprint: what it goes by, what the device can do, where that comes from."""
    import difflib

    from iotsweep.catalogue.explain import explain

    catalogue = _load(folder, overlay)
    fingerprint = catalogue.fingerprint(identity)
    if fingerprint is None:
        known = [one.id for one in catalogue.fingerprints]
        close = difflib.get_close_matches(identity, known, 3, 0.4)
        fail(f"there is no fingerprint {identity!r}: {_meant(close)}")
    for line in explain(fingerprint, catalogue):
        typer.echo(line)


@catalogue_app.command()
def match(
    file: Annotated[str, typer.Argument(help="JSON lines with observations; - is standard input.")] = "-",
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Say what devices are: one JSON line of observations in, one JSON line with the answer out."""
    from iotsweep.catalogue.answers import LONGEST_LINE, LineError, answer

    catalogue, vendors = _load(folder, overlay), _load_vendors()
    bad = answered = 0
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
                if not line.strip():
                    continue
                try:
                    typer.echo(answer(line.decode("utf-8", "replace"), catalogue, vendors))
                    answered += 1
                except LineError as error:
                    bad += 1
                    typer.echo(f"{file}:{number}: {error}", err=True)
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror}): check the name")
    if bad:
        fail(f"{bad} lines could not be read and have no answer; the other {answered} have one")


@catalogue_app.command()
def keys() -> None:
    """Print the vocabulary: every key that a fingerprint may use, what it means, and which probe yields it."""
    from iotsweep.catalogue.vocabulary import KEYS
    from iotsweep.probes import all_probes

    for key in KEYS:
        probes = [probe.name for probe in all_probes() if any(_covers(yielded, key.name) for yielded in probe.yields)]
        sources = [*probes, *(["captures"] if key.passive else [])]
        typer.echo(f"{key.name:26} {key.means}  [{', '.join(sources)}]")
        members = {yielded for probe in all_probes() for yielded in probe.yields if _is_member(yielded, key.name)}
        for member in sorted(members - {known.name for known in KEYS}):
            typer.echo(f"  {member}")


@catalogue_app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders to check; without any, the whole catalogue.")
    ] = None,
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Check fingerprints against every rule, each with file, line and remedy."""
    from iotsweep.catalogue.checking import check_paths
    from iotsweep.catalogue.vocabulary import yielded_with
    from iotsweep.probes import all_probes

    yields = yielded_with(frozenset(key for probe in all_probes() for key in probe.yields))
    outcome = check_paths(paths or [], _load_vendors(), yields, folder, overlay)
    for problem in outcome.problems:
        typer.echo(str(problem))
    if outcome.problems:
        fail(f"{len(outcome.problems)} problems in {outcome.fingerprints} fingerprints", ExitCode.INCOMPLETE)
    typer.echo(f"{outcome.fingerprints} fingerprints, {outcome.examples} examples: all hold")


def _load(folder: Path | None, overlay: Path | None) -> Catalogue:
    from iotsweep.catalogue.loading import CatalogueError, load_catalogue

    try:
        return load_catalogue(folder, overlay)
    except CatalogueError as error:
        fail(f"the catalogue cannot be used\n{error}")
    except RuntimeError as error:
        fail(error)


def _load_vendors() -> Vendors:
    from iotsweep.vendors import VendorTableError, load_vendors

    try:
        return load_vendors()
    except VendorTableError as error:
        fail(error)


def _meant(close: list[str]) -> str:
    return f"did you mean {' or '.join(close)}?" if close else "'iotsweep catalogue list' shows all"


def _is_member(yielded: str, family: str) -> bool:
    return family.endswith(".*") and yielded.startswith(family[:-1]) and not yielded.endswith("*")


def _covers(yielded: str, key: str) -> bool:
    family = key.replace("<port>", "*")
    if yielded.endswith(".*") and key.startswith(yielded[:-1]):
        return True
    return yielded == family or (family.endswith("*") and yielded.startswith(family[:-1]))
