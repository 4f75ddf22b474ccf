"""What an update is trusted by: the root that came with the program, or one that a person gave once."""

from __future__ import annotations

from pathlib import Path

from iotsweep.catalogue.updates.errors import UpdateError

EMBEDDED = Path(__file__).parents[2] / "data" / "catalogue-root.json"  # laid there by maintainers once they hold keys
GIVEN = "trusted-root.json"  # in the folder of updates
LARGEST_ROOT = 512 * 1024


def choose_root(place: Path, given: bytes | None, embedded: Path = EMBEDDED) -> bytes:
    """The root to begin from. A root that is trusted already is never replaced by a given one. Raises UpdateError."""
    known = _read(embedded) or _read(place / GIVEN)
    if known is None and given is None:
        raise UpdateError(
            "this program does not know yet whose catalogues to trust: get the maintainers' root.json by a way that "
            "you trust, and give it once with --root"
        )
    if known is not None and given is not None and given != known:
        raise UpdateError(
            "another root is trusted already, and it decides itself who follows it: leave out --root, or remove "
            f"{place} to begin again"
        )
    root = known or given
    assert root is not None
    return root


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_ROOT + 1)
    except OSError:
        return None
