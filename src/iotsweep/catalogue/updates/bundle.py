"""A whole catalogue as one file: JSON with every file's name and text.

No archive format: names that climb out of the folder, links, devices and files that unpack to a thousand times their
size cannot be written in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from iotsweep.catalogue.places import DATA_FILES, files
from iotsweep.catalogue.updates.errors import UpdateError
from iotsweep.catalogue.yaml_text import LARGEST

FORMAT = 1
LARGEST_BUNDLE = 64 << 20  # bytes
_MOST_FILES = 20_000
_FINGERPRINT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*\.yaml")
_VERSION = re.compile(r"\d{4}\.\d{2}\.\d{2}(\.\d{1,4})?")


def pack(folder: Path) -> bytes:
    """The catalogue in `folder` as one file, the same bytes for the same files. Raises UpdateError."""
    names = [path.relative_to(folder).as_posix() for path in files(folder)]
    names += [name for name in DATA_FILES if name == "VERSION" or (folder / name).exists()]
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in sorted(names)}
    bundle = {"format": FORMAT, "version": texts["VERSION"].strip(), "files": texts}
    _check(bundle)
    return json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def unpack(data: bytes, folder: Path) -> str:
    """Write the files of a bundle into the empty `folder`; returns the catalogue's version. Raises UpdateError."""
    if len(data) > LARGEST_BUNDLE:
        raise UpdateError(f"the catalogue is larger than {LARGEST_BUNDLE >> 20} MiB")
    try:
        bundle = json.loads(data)
    except (ValueError, RecursionError):
        raise UpdateError("the catalogue's file is not JSON") from None
    version, texts = _check(bundle)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    return version


def _check(bundle: object) -> tuple[str, dict[str, str]]:
    if not isinstance(bundle, dict) or not isinstance(bundle.get("files"), dict):
        raise UpdateError("the catalogue's file does not hold files")
    if bundle.get("format") != FORMAT:
        raise UpdateError("the catalogue's file has a form that this program does not know: update iotsweep")
    version, texts = bundle.get("version"), bundle["files"]
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise UpdateError("the catalogue has no dated version, as in 2026.11.22")
    _check_files(texts)
    if texts["VERSION"].strip() != version:
        raise UpdateError("the catalogue's version is not the one in its VERSION file")
    return version, texts


def _check_files(texts: Mapping[str, object]) -> None:
    if len(texts) > _MOST_FILES or not texts.keys() >= {"kinds.yaml", "capabilities.yaml", "VERSION"}:
        raise UpdateError("the catalogue lacks its tables, or holds too many files")
    for name, text in texts.items():
        if name not in DATA_FILES and not (_FINGERPRINT.fullmatch(name) and len(name) < 150):
            raise UpdateError(f"the catalogue holds a file with a name that is not allowed: {name[:80]!r}")
        if not isinstance(text, str) or len(text) > LARGEST:
            raise UpdateError(f"the catalogue's file {name} is no text or too large")
