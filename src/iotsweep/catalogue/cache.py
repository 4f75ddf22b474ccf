"""Keeps the compiled catalogue between two runs, and never trusts it.

It is JSON, never code. It is used only when this user owns it and nobody else could write it, when it was made by this
very program from files with this very digest, and when its own digest is right. The digest is taken over every file's
content, or is the one that was taken when the listing with all change times was the same. Whatever fails, the files are
read again; nothing about it is ever an error. It holds catalogue data only: no trace of a visit.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from iotsweep import __version__
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.compiled import LAYOUT, CompiledError, Roots, decode, encode
from iotsweep.catalogue.places import listing_of, sha256_of

OFF_VARIABLE = "IOTSWEEP_NO_CACHE"  # any text: neither read nor written
SHIPPED = "compiled.json"  # beside the fingerprints in an installed program, written when that was built
_NAME = "catalogue.json"
_LONGEST_HEAD = 1000
_LARGEST = 64 << 20  # bytes; 600 fingerprints need about 1 MiB

Folders = Sequence[tuple[str, Path | None]]


def read_cache(folders: Folders, roots: Roots) -> Catalogue | None:
    """The catalogue made from the files in these folders as they are now, or None."""
    folder = _folder()
    if folder is None or not _is_ours(folder):
        return None
    head, _, body = _read(folder / _NAME).partition(b"\n")
    listing = listing_of(folders)
    known = _listed_digest(head, listing)
    digest = known or sha256_of(folders)
    if head != _head(digest, listing if known else _listing_in(head), body):
        return None
    if known is None and listing is not None:
        _write(folder, _head(digest, listing, body), body)
    try:
        return decode(body, roots)
    except CompiledError:
        return None


def read_shipped(folders: Folders, roots: Roots) -> Catalogue | None:
    """What was compiled when the program was built, as long as the files are still the same; else None.

    It lies beside the fingerprints: whoever could change it could change the program as well.
    """
    try:
        head, _, body = (roots[0] / SHIPPED).read_bytes()[:_LARGEST].partition(b"\n")
        return decode(body, roots) if head == _head(sha256_of(folders), None, body) else None
    except (OSError, CompiledError):
        return None


def write_shipped(catalogue: Catalogue, folder: Path, target: Path) -> None:
    """Compile the catalogue read from `folder` into `target`, for `read_shipped`."""
    body = encode(catalogue, (folder, None))
    target.write_bytes(_head(catalogue.sha256, None, body) + b"\n" + body)


def write_cache(catalogue: Catalogue, folders: Folders, roots: Roots) -> None:
    """Keep `catalogue` for the next run, whole or not at all. Where that is not possible, nothing happens."""
    folder = _folder()
    if folder is None or not _make(folder):
        return
    body = encode(catalogue, roots)
    _write(folder, _head(catalogue.sha256, listing_of(folders), body), body)


def _write(folder: Path, head: bytes, body: bytes) -> None:
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(prefix=".catalogue-", dir=folder)  # 0600 from the start
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(head + b"\n" + body)
            Path(name).replace(folder / _NAME)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _head(digest: str, listing: str | None, body: bytes) -> bytes:
    made = {"program": __version__, "layout": LAYOUT, "files": digest, "listing": listing}
    return json.dumps({**made, "body": hashlib.sha256(body).hexdigest()}).encode()


def _listed_digest(head: bytes, listing: str | None) -> str | None:
    """The digest in `head`, when the listing there is the one of now."""
    found = _read_head(head)
    digest = found.get("files")
    return digest if listing is not None and found.get("listing") == listing and isinstance(digest, str) else None


def _listing_in(head: bytes) -> str | None:
    listing = _read_head(head).get("listing")
    return listing if isinstance(listing, str) else None


def _read_head(head: bytes) -> dict[str, object]:
    try:
        found = json.loads(head[:_LONGEST_HEAD])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _folder() -> Path | None:
    if os.environ.get(OFF_VARIABLE):
        return None
    from platformdirs import user_cache_dir

    try:
        folder = Path(user_cache_dir("iotsweep", appauthor=False))
    except (OSError, RuntimeError, KeyError):
        return None
    return folder if folder.is_absolute() else None  # relative: there is no home


def _is_ours(folder: Path) -> bool:
    """True for a real folder that only this user can change: under sudo the caller's own does not count."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _only_ours(found, 0o077)


def _only_ours(found: os.stat_result, not_for_others: int) -> bool:
    if not hasattr(os, "geteuid"):  # Windows: the profile folder's own access list
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & not_for_others


def _make(folder: Path) -> bool:
    """True when the folder is there and ours. It is made only inside folders that are ours."""
    if folder.exists():
        return _is_ours(folder)
    around = next((parent for parent in folder.parents if parent.exists()), None)
    try:
        if around is None or not _only_ours(around.stat(), 0):
            return False
        folder.mkdir(mode=0o700, parents=True)
    except OSError:
        return False
    return _is_ours(folder)


def _read(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not _only_ours(found, 0o022) or found.st_size > _LARGEST:
            return b""
        try:
            return file.read(_LARGEST)
        except OSError:
            return b""
