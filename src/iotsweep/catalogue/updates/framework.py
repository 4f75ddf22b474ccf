"""The one place that speaks python-tuf: its client, and its refusals in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from iotsweep.catalogue.updates.errors import UpdateError

if TYPE_CHECKING:
    from tuf.ngclient.updater import Updater

MISSING = "updates need python-tuf, which is not installed: python -m pip install 'iotsweep[update]'"


def make_updater(source: str, trusted: bytes, metadata: Path, *, loopback: bool = False) -> Updater:
    """A client of the repository at `source` that begins from the root `trusted`. Raises UpdateError."""
    try:
        from tuf.ngclient.updater import Updater

        from iotsweep.catalogue.updates.fetching import FOLDER, FolderFetcher, HttpsFetcher, refuse_plain
    except ImportError:
        raise UpdateError(MISSING) from None
    if "://" in source:
        refuse_plain(source, loopback=loopback)
        base = source.rstrip("/") + "/"
        return Updater(
            str(metadata),
            f"{base}metadata/",
            target_base_url=f"{base}targets/",
            fetcher=HttpsFetcher(loopback=loopback),
            bootstrap=trusted,
        )
    folder = Path(source)
    if not (folder / "metadata").is_dir():
        raise UpdateError(f"{folder} is no catalogue repository: it has no folder `metadata`")
    return Updater(
        str(metadata),
        f"{FOLDER}metadata/",
        target_base_url=f"{FOLDER}targets/",
        fetcher=FolderFetcher(folder),
        bootstrap=trusted,
    )


@contextmanager
def explain(source: str) -> Iterator[None]:
    """Turn a refusal of the framework into an UpdateError that says what happened and what to do."""
    refusals = _refusals()
    try:
        yield
    except Exception as error:
        if isinstance(error, UpdateError):
            raise
        if isinstance(error.__cause__, UpdateError):
            raise error.__cause__ from None
        said = next((text for kind, text in refusals if isinstance(error, kind)), None)
        if said is None and not isinstance(error, OSError | ValueError):
            raise
        detail = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise UpdateError(f"{source} was refused: {said or 'it cannot be used'} ({detail}).") from error


def _refusals() -> tuple[tuple[type[Exception], str], ...]:
    """What each refusal of the framework means, the most particular first. Raises UpdateError without the framework."""
    try:
        from tuf.api import exceptions
    except ImportError:
        raise UpdateError(MISSING) from None
    return (
        (
            exceptions.ExpiredMetadataError,
            "what it signed has expired: it is not kept up, or somebody holds it back",
        ),
        (exceptions.BadVersionNumberError, "it offers something older than what was seen before"),
        (exceptions.UnsignedMetadataError, "it is not signed by those who are trusted to"),
        (exceptions.LengthOrHashMismatchError, "a file is not the one that was signed: it was changed or half copied"),
        (exceptions.DownloadLengthMismatchError, "a file is longer than the one that was signed"),
        (exceptions.SlowRetrievalError, "it came too slowly"),
        (exceptions.DownloadHTTPError, "a file is missing there: the copy is not whole, or the address is another"),
        (exceptions.DownloadError, "it cannot be read"),
        (exceptions.RepositoryError, "what it says of itself does not hold together"),
    )
