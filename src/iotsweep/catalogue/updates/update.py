"""Gets a catalogue by The Update Framework (https://theupdateframework.github.io/specification/), and puts it to use.

Every refusal leaves the catalogue in use as it was: a new one stands whole beside it before one small file is replaced.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.installed import POINTER, choose_folder, is_newer, read_pointer, read_version
from iotsweep.catalogue.loading import read_update
from iotsweep.catalogue.lock import hold_for_update
from iotsweep.catalogue.places import sha256_of, updates_folder
from iotsweep.catalogue.updates.bundle import LARGEST_BUNDLE, unpack
from iotsweep.catalogue.updates.errors import UpdateError
from iotsweep.catalogue.updates.trust import GIVEN, choose_root

if TYPE_CHECKING:
    from tuf.ngclient.updater import Updater

TARGET = "catalogue.json"
_PART = ".part-"
_INSTALLED = re.compile(r"\d{4}\.\d{2}\.\d{2}[0-9.]*-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Updated:
    """What is in use now, what was before, and what this program is too old for."""

    version: str
    before: str
    fingerprints: int
    skipped: tuple[Problem, ...] = ()


def update(source: str, root: bytes | None = None, *, loopback: bool = False) -> Updated:
    """Put the newest catalogue of `source` to use. Raises UpdateError, or BusyError while a scan runs.

    `loopback` is for tests: it lets a repository be served by plain http on this very computer.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0 and os.environ.get("SUDO_UID"):
        raise UpdateError("an update needs no administrator rights: run it again without sudo")
    with hold_for_update():
        place = _make_place()
        trusted = choose_root(place, root)
        with tempfile.TemporaryDirectory(prefix=_PART, dir=place) as part:
            data = _download(source, trusted, place, Path(part), loopback=loopback)
            return _install(data, place, Path(part))


def _make_place() -> Path:
    place = updates_folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "geteuid") and (place.stat().st_uid != os.geteuid() or place.stat().st_mode & 0o022):
            raise UpdateError(f"{place} belongs to somebody else or may be written by others: remove it")
        for left in place.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise UpdateError(f"{place} cannot be used ({error.strerror}): check that it may be written") from None
    return place


def _download(source: str, trusted: bytes, place: Path, part: Path, *, loopback: bool) -> bytes:
    """The catalogue's file, as the roles of the repository signed it. What was seen is remembered against rollback."""
    from iotsweep.catalogue.updates.framework import explain, make_updater

    first = not (place / "metadata").is_dir()
    metadata = part / "metadata" if first else place / "metadata"
    metadata.mkdir(mode=0o700, exist_ok=True)
    with explain(source):
        updater = make_updater(source, trusted, metadata, loopback=loopback)
        updater.refresh()
        data = _take_target(updater, part)
    if first:
        metadata.replace(place / "metadata")
        _write_whole(place / GIVEN, trusted)
    return data


def _take_target(updater: Updater, part: Path) -> bytes:
    found = updater.get_targetinfo(TARGET)
    if found is None:
        raise UpdateError("the repository holds no catalogue")
    if found.length > LARGEST_BUNDLE:
        raise UpdateError(f"the catalogue is larger than {LARGEST_BUNDLE >> 20} MiB")
    path = Path(updater.download_target(found, str(part / TARGET)))
    return path.read_bytes()


def _install(data: bytes, place: Path, part: Path) -> Updated:
    """Unpack, try, switch."""
    fresh = part / "catalogue"
    try:
        fresh.mkdir(mode=0o700)
        version = unpack(data, fresh)
        before = read_version(choose_folder().folder)
        if before != version and not is_newer(version, before):
            raise UpdateError(f"the catalogue there is of {version}, older than the one in use ({before})")
        catalogue = read_update(fresh)
        if not catalogue.fingerprints:
            raise UpdateError("this program understands no fingerprint of that catalogue: update iotsweep")
        _switch(fresh, place, version)
    except CatalogueError as error:
        raise UpdateError(f"the catalogue cannot be used, so it was not taken: {error.problems[0]}") from None
    except OSError as error:
        raise UpdateError(f"the catalogue could not be written ({error.strerror}): make room and try again") from None
    return Updated(version, before, len(catalogue.fingerprints), catalogue.skipped)


def _switch(fresh: Path, place: Path, version: str) -> None:
    """Let one small file name the new folder. The folder before it stays for whoever reads it still."""
    digest = sha256_of([("", fresh)])
    old = read_pointer()
    final = place / f"{version}-{digest[:12]}"
    if final.exists() and sha256_of([("", final)]) != digest:
        shutil.rmtree(final)
    if not final.exists():
        fresh.replace(final)
    _write_whole(place / POINTER, json.dumps({"folder": final.name, "sha256": digest}).encode())
    keep = {final, old[0] if old else final}
    for other in place.iterdir():
        if other.is_dir() and _INSTALLED.fullmatch(other.name) and other not in keep:
            shutil.rmtree(other, ignore_errors=True)


def _write_whole(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=_PART, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
