"""Where fingerprints lie on this computer, and which files of a folder are fingerprints."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from iotsweep.catalogue.errors import CatalogueError, Problem

DATA_FILES = (
    *("kinds.yaml", "capabilities.yaml", "makers.yaml", "module_makers.yaml", "thing_part_makers.yaml"),
    *("block_holders.yaml", "VERSION"),
)
OVERLAY_VARIABLE = "IOTSWEEP_FINGERPRINTS"  # another place for the user's own fingerprints
UPDATES_VARIABLE = "IOTSWEEP_CATALOGUE_UPDATES"  # another place for updated catalogues
_MAC_SUPPORT = "Library/Application Support/iotsweep"
_ELSEWHERE = {"config": ".config/iotsweep", "data": ".local/share/iotsweep"}
_MOST_FILES = 20_000
_GRAIN = 2_000_000_000  # nanoseconds: FAT's, the coarsest
_LARGEST = 1 << 20  # bytes of a file that count; the reader refuses far smaller ones


@cache
def bundled_folder() -> Path:
    """Where the fingerprints that came with the program lie: in the package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "fingerprints", package.parent.parent / "fingerprints"):
        if (place / "kinds.yaml").is_file():
            return place
    remedy = "Install iotsweep again: python -m pip install --force-reinstall iotsweep"
    raise CatalogueError([Problem("fingerprints", 0, "the bundled catalogue is missing", remedy)])


def user_folder() -> Path:
    """Where a user's own fingerprints live."""
    return _folder_of_user(OVERLAY_VARIABLE, "config", "fingerprints")


def updates_folder() -> Path:
    """Where catalogues from `catalogue update` live."""
    return _folder_of_user(UPDATES_VARIABLE, "data", "catalogue")


def _folder_of_user(variable: str, holds: str, name: str) -> Path:
    """The folder that the environment names, or `name` where this system keeps a user's `config` or `data`."""
    if os.environ.get(variable):
        return Path(os.environ[variable])
    home = _home_before_sudo()
    if home is not None:
        return home / (_MAC_SUPPORT if sys.platform == "darwin" else _ELSEWHERE[holds]) / name
    from platformdirs import user_config_dir, user_data_dir

    usual = user_config_dir if holds == "config" else user_data_dir
    return Path(usual("iotsweep", appauthor=False)) / name


def _home_before_sudo() -> Path | None:
    """The home of whoever called sudo: a scan as administrator uses the same fingerprints as one without."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not os.environ.get("SUDO_UID", "").isdecimal():
        return None
    import pwd

    try:
        return Path(pwd.getpwuid(int(os.environ["SUDO_UID"])).pw_dir)
    except (KeyError, OverflowError):
        return None


def shown(path: Path) -> str:
    """The path as an error names it: as short as it is still found from where the user stands."""
    try:
        here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118  (text: this is done for every file)
    except OSError:
        return str(path)
    whole = os.path.abspath(path)  # noqa: PTH100
    return whole[len(here) :] if whole.startswith(here) else str(path)


def files(path: Path) -> list[Path]:
    """The fingerprint files of a folder, or the file itself."""
    return [Path(name) for name in file_names(path)] if path.is_dir() else [path]


def file_names(folder: Path) -> list[str]:
    """The fingerprint files in `folder`, as text: `Path` would double the time that a scan needs to begin."""
    return sorted(entry.path for entry in _entries(folder) if entry.name not in DATA_FILES)[:_MOST_FILES]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Every file in `folder` that may count."""
    found: list[os.DirEntry[str]] = []
    waiting = [str(folder)]
    while waiting and len(found) < _MOST_FILES:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.name.endswith((".yaml", ".yml")) or entry.name in DATA_FILES:
                        found.append(entry)
        except OSError:  # a folder that may not be read holds no fingerprint that could be used
            continue
    return found


def sha256_of(folders: Iterable[tuple[str, Path | None]]) -> str:
    """One digest over every file that decides an answer, by name and content."""
    digest = hashlib.sha256()
    for prefix, folder in folders:
        if folder is None or not folder.is_dir():
            continue
        start = len(str(folder)) + 1
        data = [name for name in (str(folder / name) for name in DATA_FILES) if os.path.isfile(name)]  # noqa: PTH113
        for path in sorted([*file_names(folder), *data]):
            name = prefix + path[start:].replace(os.sep, "/")
            digest.update(f"{name}\0{_content_sha256(path)}\n".encode())
    return digest.hexdigest()


def listing_of(folders: Iterable[tuple[str, Path | None]]) -> str | None:
    """A digest that changes whenever a file does, at the cost of a listing; None where that cannot be told.

    A write always moves a file's change time (POSIX), which nobody can set; but a second write within its grain would
    not, so files that changed just now are not believed (as git does: Documentation/technical/racy-git.txt).
    """
    if os.name != "posix":
        return None
    digest, newest = hashlib.sha256(), 0
    try:
        for prefix, folder in folders:
            for entry in sorted(_entries(folder), key=lambda one: one.path) if folder and folder.is_dir() else ():
                found = entry.stat()
                newest = max(newest, found.st_ctime_ns)
                told = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
                digest.update(f"{prefix}{entry.path}\0{told}\n".encode())
    except OSError:
        return None
    return digest.hexdigest() if newest < time.time_ns() - _GRAIN else None


def _content_sha256(path: str) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return "unreadable"
    try:
        return hashlib.sha256(os.read(descriptor, _LARGEST)).hexdigest()
    except OSError:
        return "unreadable"
    finally:
        os.close(descriptor)
