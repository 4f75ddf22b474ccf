"""`iotsweep catalogue keys`: the vocabulary."""

from __future__ import annotations

import typer


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


def _is_member(yielded: str, family: str) -> bool:
    return family.endswith(".*") and yielded.startswith(family[:-1]) and not yielded.endswith("*")


def _covers(yielded: str, key: str) -> bool:
    family = key.replace("<port>", "*")
    if yielded.endswith(".*") and key.startswith(yielded[:-1]):
        return True
    return yielded == family or (family.endswith("*") and yielded.startswith(family[:-1]))
