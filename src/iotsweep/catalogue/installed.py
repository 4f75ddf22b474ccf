"""Which catalogue is used: the bundled one, or a newer one that `catalogue update` has put beside it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.places import bundled_folder, sha256_of, shown, updates_folder

POINTER = "current.json"  # names the folder in use; replacing this one file is the switch
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,63}")
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Chosen:
    """A catalogue's folder, whether it may be newer than this program, and what kept an update from being used."""

    folder: Path
    updated: bool = False
    problems: tuple[Problem, ...] = ()


def choose_folder() -> Chosen:
    """The installed update when it is whole and newer than what came with the program, else that."""
    bundled = bundled_folder()
    pointed = read_pointer()
    if pointed is None:
        return Chosen(bundled)
    folder, digest = pointed
    if not is_newer(read_version(folder), read_version(bundled)):
        return Chosen(bundled)
    if sha256_of([("", folder)]) != digest:
        what = "the updated catalogue is not as it was installed, so the one that came with the program is used"
        return Chosen(bundled, problems=(Problem(shown(folder), 0, what, "Run `iotsweep catalogue update` again"),))
    return Chosen(folder, updated=True)


def read_pointer() -> tuple[Path, str] | None:
    """The installed update's folder and its digest, or None."""
    place = updates_folder()
    try:
        with (place / POINTER).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        name, digest = found["folder"], found["sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(digest, str):
        return None
    return (place / name, digest) if _is_trusted(place) else None


def _is_trusted(place: Path) -> bool:
    """Only this user, or whoever called sudo, may have put it there; nobody else may write there."""
    if not hasattr(os, "geteuid"):
        return True
    found = place.stat()
    return str(found.st_uid) in {str(os.geteuid()), os.environ.get("SUDO_UID", "")} and not found.st_mode & 0o022


def read_version(folder: Path) -> str:
    """The dated version of the catalogue in `folder`, "" when it has none."""
    try:
        return (folder / "VERSION").read_text(encoding="utf-8").strip()[:32]
    except (OSError, UnicodeDecodeError):
        return ""


def is_newer(version: str, other: str) -> bool:
    """True when `version` (2026.11.22, 2026.11.22.1) comes after `other`."""
    return _numbers(version) > _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version))
