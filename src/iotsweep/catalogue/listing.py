"""Lists of fingerprints: for the screen, and for SUPPORTED.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.model import Fingerprint

STATUSES = ("draft", "tested", "stable")


def choose(
    catalogue: Catalogue, *, kind: str | None, maker: str | None, can: str | None, status: str | None
) -> tuple[Fingerprint, ...]:
    """The fingerprints that fit every filter that is given."""
    return tuple(
        one
        for one in catalogue.fingerprints
        if kind in (None, one.kind)
        and (maker is None or one.maker.casefold() == maker.casefold())
        and (can is None or can in one.can)
        and status in (None, one.status)
    )


def write_list(chosen: Sequence[Fingerprint], catalogue: Catalogue) -> Iterator[str]:
    """Every fingerprint under its kind."""
    for kind, here in _by_kind(chosen, catalogue):
        yield f"{kind} ({len(here)})"
        for one in here:
            yield f"  {one.id:32} {one.name}" + ("  (your own)" if one.id in catalogue.overlay else "")


def write_counts(chosen: Sequence[Fingerprint], catalogue: Catalogue) -> Iterator[str]:
    """How many fingerprints and makers there are of each kind."""
    for kind, here in _by_kind(chosen, catalogue):
        yield f"{kind:16} {len(here):5} families {len(_makers(here)):5} makers"


def describe(chosen: Sequence[Fingerprint]) -> str:
    """How many in all."""
    kinds = {one.kind for one in chosen}
    return f"{len(chosen)} fingerprints, {len(kinds)} kinds, {len(_makers(chosen))} makers"


def write_supported(chosen: Sequence[Fingerprint], catalogue: Catalogue) -> str:
    """The page for people who want to know whether a product is known. The user's own fingerprints are left out."""
    ours = [one for one in chosen if one.id not in catalogue.overlay]
    lines = [
        "# What the catalogue knows",
        "",
        "Written by `iotsweep catalogue list --markdown > SUPPORTED.md`; a change by hand is lost.",
        "A family is many models. What is not listed can still be found, and is shown with what it says of itself.",
        "",
        f"Catalogue {catalogue.version}: {describe(ours)}.",
        "",
        "| kind | families | makers |",
        "|---|--:|--:|",
    ]
    by_kind = list(_by_kind(ours, catalogue))
    lines += [f"| {_kind_name(kind, catalogue)} | {len(here)} | {len(_makers(here))} |" for kind, here in by_kind]
    for kind, here in by_kind:
        lines += ["", f"## {_kind_name(kind, catalogue)}", "", "| product family | maker | status |", "|---|---|---|"]
        ordered = sorted(here, key=lambda one: (one.generic, one.name.casefold(), one.id))
        lines += [f"| {_cell(one.name)} | {_cell(one.maker or 'any')} | {one.status} |" for one in ordered]
    return "\n".join(lines) + "\n"


def _by_kind(chosen: Sequence[Fingerprint], catalogue: Catalogue) -> Iterator[tuple[str, list[Fingerprint]]]:
    for kind in catalogue.kinds:
        here = [one for one in chosen if one.kind == kind]
        if here:
            yield kind, here


def _makers(chosen: Sequence[Fingerprint]) -> set[str]:
    return {one.maker for one in chosen if one.maker}


def _kind_name(kind: str, catalogue: Catalogue) -> str:
    return catalogue.kinds[kind].name


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
