"""A fingerprint in plain words, for `catalogue show`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.places import shown
from iotsweep.model import Clue, Fingerprint


def explain(fingerprint: Fingerprint, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the page."""
    kind = catalogue.kinds[fingerprint.kind]
    yield f"{fingerprint.name} ({fingerprint.id})"
    yield f"Kind: {kind.name} ({kind.id})"
    yield f"Maker: {fingerprint.maker or 'any'}"
    yield f"Status: {fingerprint.status}, reviewed {fingerprint.reviewed}"
    yield f"File: {shown(Path(fingerprint.path))}" + (" (your own)" if fingerprint.id in catalogue.overlay else "")
    yield ""
    yield "This kind of device:"
    yield from (f"  - {catalogue.capabilities[name].say}" for name in fingerprint.can)
    for confidence, clues in fingerprint.clues:
        yield ""
        yield f"It is {confidence} when any of these was seen:"
        yield from (f"  - {_in_words(clue)} (line {clue.line})" for clue in clues)
    yield from _account(fingerprint)
    yield ""
    yield "Where this comes from:"
    yield from (f"  - {reference}" for reference in fingerprint.references)


def _in_words(clue: Clue) -> str:
    return " and ".join(f"{key} is {' or '.join(values)}" for key, values in clue.facts)


def _account(fingerprint: Fingerprint) -> Iterator[str]:
    account = fingerprint.account
    if account is None:
        return
    yield ""
    yield f"In the {account.app} app, look for:"
    if account.people:
        yield f"  - people with access: {account.people}"
    if account.alerts:
        yield f"  - what could alert the account holder: {account.alerts}"
