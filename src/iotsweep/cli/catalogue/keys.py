"""`iotsweep catalogue keys`: the vocabulary."""

from __future__ import annotations

import typer


def keys() -> None:
    """Print the vocabulary: every key that a fingerprint may use, what it means, what is personal, who yields it."""
    from iotsweep.catalogue.personal import MEANS, sort_personal
    from iotsweep.catalogue.vocabulary import KEYS
    from iotsweep.probes import all_probes

    for key in KEYS:
        probes = [probe.name for probe in all_probes() if any(_covers(yielded, key.name) for yielded in probe.yields)]
        sources = [*probes, *(["captures"] if key.passive else [])]
        typer.echo(f"{key.name:26} {key.means}  [{', '.join(sources)}]{_mark(key.personal)}")
        members = {yielded for probe in all_probes() for yielded in probe.yields if _is_member(yielded, key.name)}
        for member in sorted(members - {known.name for known in KEYS}):
            typer.echo(f"  {member}{_mark(sort_personal(member))}")
    typer.echo("\nWhat is marked personal is left out of `report --without-personal`:")
    for word, means in MEANS.items():
        typer.echo(f"  {word:16} {means}")


def _mark(sort: str | None) -> str:
    return f"  (personal: {sort})" if sort else ""


def _is_member(yielded: str, family: str) -> bool:
    return family.endswith(".*") and yielded.startswith(family[:-1]) and not yielded.endswith("*")


def _covers(yielded: str, key: str) -> bool:
    family = key.replace("<port>", "*")
    if yielded.endswith(".*") and key.startswith(yielded[:-1]):
        return True
    return yielded == family or (family.endswith("*") and yielded.startswith(family[:-1]))
