"""Reads a folder of fingerprints into a Catalogue, or says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.data import Data, read_data, read_file
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.places import bundled_folder, files, sha256_of, shown, user_folder
from iotsweep.catalogue.yaml_text import Document
from iotsweep.model import Fingerprint

__all__ = [
    "CatalogueError",
    "Source",
    "load_catalogue",
    "make_catalogue",
    "merge",
    "read_sources",
    "repeated",
    "unknown_words",
]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One fingerprint and the file that it comes from."""

    fingerprint: Fingerprint
    document: Document
    folder: str  # name of the folder that the file lies in


def load_catalogue(folder: Path | None = None, overlay: Path | None = None) -> Catalogue:
    """The catalogue in `folder` with the user's own in `overlay` on top. None: the bundled one, and the user's folder.

    Raises CatalogueError with every problem of every file.
    """
    if folder is None:
        folder = bundled_folder()
        overlay = overlay or user_folder()
    data = read_data(folder)
    own, problems = read_sources([overlay]) if overlay and overlay.is_dir() else ([], [])
    bundled, more = read_sources([folder])
    sources = merge(bundled, own)
    problems += more + repeated(bundled) + repeated(own) + unknown_words(sources, data)
    if problems:
        raise CatalogueError(problems)
    return make_catalogue(sources, data, sha256_of([("", folder), ("overlay/", overlay)]), own)


def make_catalogue(sources: Iterable[Source], data: Data, sha256: str, own: Iterable[Source] = ()) -> Catalogue:
    """The value, its fingerprints in order of id."""
    fingerprints = sorted((source.fingerprint for source in sources), key=lambda fingerprint: fingerprint.id)
    return Catalogue(
        fingerprints=tuple(fingerprints),
        kinds=data.kinds,
        capabilities=data.capabilities,
        version=data.version,
        sha256=sha256,
        makers=data.makers,
        module_makers=data.module_makers,
        overlay=frozenset(source.fingerprint.id for source in own),
    )


def read_sources(paths: Iterable[Path]) -> tuple[list[Source], list[Problem]]:
    """Every fingerprint in these files and folders, and what is wrong."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in dict.fromkeys(file for place in paths for file in files(place)):
        try:
            source, wrong = _read_source(path)
        except CatalogueError as error:
            problems += error.problems
        else:
            problems += wrong
            sources += [source] if source else []
    return sources, problems


def _read_source(path: Path) -> tuple[Source | None, list[Problem]]:
    from iotsweep.catalogue.build import build_fingerprint
    from iotsweep.catalogue.shape import FingerprintShape, read_shape

    if path.suffix != ".yaml":
        return None, [Problem(shown(path), 0, "this is no fingerprint file", "Name it <id>.yaml or move it elsewhere")]
    document = read_file(path)
    shape, problems = read_shape(FingerprintShape, document)
    if shape is None:
        return None, problems
    fingerprint, problems = build_fingerprint(shape, document)
    return Source(fingerprint, document, path.resolve().parent.name), problems


def merge(bundled: Iterable[Source], own: Iterable[Source]) -> list[Source]:
    """The user's own fingerprints replace bundled ones of the same id."""
    by_id = {source.fingerprint.id: source for source in bundled}
    by_id |= {source.fingerprint.id: source for source in own}
    return list(by_id.values())


def repeated(sources: Iterable[Source]) -> list[Problem]:
    """Ids that stand in two files."""
    first: dict[str, Source] = {}
    problems = []
    for source in sources:
        other = first.setdefault(source.fingerprint.id, source)
        if other is not source:
            what = f"the id `{source.fingerprint.id}` is already that of {other.document.path}"
            problems.append(Problem(source.document.path, source.document.line(("id",)), what, "Choose another id"))
    return problems


def unknown_words(sources: Iterable[Source], data: Data) -> list[Problem]:
    """Kinds and capabilities that do not exist."""
    problems = []
    for source in sources:
        fingerprint, document = source.fingerprint, source.document
        if fingerprint.kind not in data.kinds:
            what, remedy = f"`{fingerprint.kind}` is no kind", f"Write one of {', '.join(data.kinds)}"
            problems.append(Problem(document.path, document.line(("kind",)), what, remedy))
        for number, name in enumerate(fingerprint.can):
            if name not in data.capabilities:
                what, remedy = f"`{name}` is no capability", f"Write one of {', '.join(data.capabilities)}"
                problems.append(Problem(document.path, document.line(("can", number)), what, remedy))
    return problems
