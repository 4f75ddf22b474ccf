"""Where fingerprints lie on this computer, and which files of a folder are fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from iotsweep.catalogue.errors import CatalogueError, Problem

DATA_FILES = ("kinds.yaml", "capabilities.yaml", "makers.yaml", "module_makers.yaml", "VERSION")
OVERLAY_VARIABLE = "IOTSWEEP_FINGERPRINTS"  # another place for the user's own fingerprints
_MOST_FILES = 20_000


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
    if os.environ.get(OVERLAY_VARIABLE):
        return Path(os.environ[OVERLAY_VARIABLE])
    from platformdirs import user_config_dir

    return Path(user_config_dir("iotsweep", appauthor=False)) / "fingerprints"


def shown(path: Path) -> str:
    """The path as an error names it: as short as it is still found from where the user stands."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def files(path: Path) -> Iterator[Path]:
    """The fingerprint files of a folder, or the file itself."""
    if not path.is_dir():
        yield path
        return
    nested = [file for file in path.rglob("*") if file.suffix in (".yaml", ".yml") and file.name not in DATA_FILES]
    visible = (file for file in nested if not any(part.startswith(".") for part in file.relative_to(path).parts))
    yield from sorted(visible)[:_MOST_FILES]


def sha256_of(folders: Iterable[tuple[str, Path | None]]) -> str:
    """One digest over every file that decides an answer, by name and content."""
    digest = hashlib.sha256()
    for prefix, folder in folders:
        if folder is None or not folder.is_dir():
            continue
        data = (folder / name for name in DATA_FILES if (folder / name).is_file())
        for path in sorted({*files(folder), *data}):
            name = prefix + path.relative_to(folder).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()
