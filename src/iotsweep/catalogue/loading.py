"""Reads a folder of fingerprints into a Catalogue, or says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from iotsweep.catalogue.cache import read_cache, read_shipped, write_cache
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.collecting import without_collecting
from iotsweep.catalogue.data import Data, read_data, read_file
from iotsweep.catalogue.errors import CatalogueError, NewerFormatError, Problem
from iotsweep.catalogue.installed import Chosen, choose_folder
from iotsweep.catalogue.places import bundled_folder, files, sha256_of, shown, user_folder
from iotsweep.catalogue.yaml_text import Document
from iotsweep.model import Fingerprint

FORMAT = 1  # of fingerprint files; raise it when a field or a way of writing is added

__all__ = [
    "FORMAT",
    "CatalogueError",
    "Reading",
    "Source",
    "load_catalogue",
    "make_catalogue",
    "merge",
    "read_sources",
    "read_update",
    "repeated",
    "unknown_words",
]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One fingerprint and the file that it comes from."""

    fingerprint: Fingerprint
    document: Document
    folder: str  # name of the folder that the file lies in


@dataclass(slots=True)
class Reading:
    """What some files hold, what is wrong with them, and what only a newer program understands."""

    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    newer: list[Problem] = field(default_factory=list)


def load_catalogue(folder: Path | None = None, overlay: Path | None = None, *, examples: bool = False) -> Catalogue:
    """The catalogue in `folder` with the user's own in `overlay` on top.

    None: the newest catalogue on this computer with the user's folder, from the cache where it holds just that.
    `examples`: with those of each fingerprint, which only checks and benchmarks need.
    Raises CatalogueError with every problem of every file.
    """
    if folder is not None or examples:
        chosen = Chosen(folder) if folder else choose_folder()
        overlay = overlay if folder else overlay or user_folder()
        catalogue = _read_catalogue(chosen, overlay)
        return catalogue if examples else _without_examples(catalogue)
    overlay = overlay or user_folder()
    chosen = choose_folder()
    roots = (chosen.folder, overlay if overlay.is_dir() else None)
    folders = [("", chosen.folder), ("overlay/", overlay)]
    kept = read_cache(folders, roots)
    if kept is None and (kept := read_shipped(folders, roots)) is not None:
        write_cache(kept, folders, roots)  # which is quicker to believe the next time
    if kept is None:
        kept = _without_examples(_read_best(chosen, overlay))
        if kept.sha256 == sha256_of(folders):  # else files changed meanwhile, or an update could not be used
            write_cache(kept, folders, roots)
    return replace(kept, skipped=(*chosen.problems, *kept.skipped)) if chosen.problems else kept


def read_update(folder: Path) -> Catalogue:
    """The updated catalogue in `folder` alone. Raises CatalogueError when its tables cannot be used."""
    return _read_catalogue(Chosen(folder, updated=True), None)


def _read_best(chosen: Chosen, overlay: Path) -> Catalogue:
    """The chosen catalogue; when an update cannot be used at all, the one that came with the program."""
    try:
        return _read_catalogue(chosen, overlay)
    except CatalogueError as error:
        if not chosen.updated:
            raise
        problems = error.problems
    kept = _read_catalogue(Chosen(bundled_folder()), overlay)
    return replace(kept, skipped=problems)


def _read_catalogue(chosen: Chosen, overlay: Path | None) -> Catalogue:
    """From the files. What this program is too old for is skipped, with the reason."""
    folder = chosen.folder
    roots = [("", folder), ("overlay/", overlay)]
    before = sha256_of(roots)
    data, newer = read_data(folder, skip=chosen.updated)
    own = read_sources([overlay]) if overlay and overlay.is_dir() else Reading()
    bundled = read_sources([folder])
    if chosen.updated:
        newer += set_aside(bundled, data)
    sources = merge(bundled.sources, own.sources)
    problems = own.problems + bundled.problems + repeated(bundled.sources) + repeated(own.sources)
    problems += unknown_words(sources, data)
    if problems:
        raise CatalogueError(problems)
    if sha256_of(roots) != before:
        what, remedy = "files changed while they were being read", "Try again once nothing writes to them"
        raise CatalogueError([Problem(shown(folder), 0, what, remedy)])
    catalogue = make_catalogue(sources, data, before, own.sources)
    return replace(catalogue, skipped=tuple(sorted({*newer, *bundled.newer, *own.newer})))


def _without_examples(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, fingerprints=tuple(replace(one, examples=()) for one in catalogue.fingerprints))


def set_aside(reading: Reading, data: Data) -> list[Problem]:
    """Take every fingerprint with a problem out of `reading`; returns the problems."""
    found = reading.problems + unknown_words(reading.sources, data)
    broken = {problem.path for problem in found}
    reading.sources = [source for source in reading.sources if source.document.path not in broken]
    reading.problems = []
    return found


def make_catalogue(sources: Iterable[Source], data: Data, sha256: str, own: Iterable[Source] = ()) -> Catalogue:
    """The value, its fingerprints in order of id."""
    return Catalogue(
        fingerprints=tuple(sorted((source.fingerprint for source in sources), key=lambda one: one.id)),
        kinds=data.kinds,
        capabilities=data.capabilities,
        version=data.version,
        sha256=sha256,
        makers=data.makers,
        module_makers=data.module_makers,
        thing_part_makers=data.thing_part_makers,
        holders=data.holders,
        overlay=frozenset(source.fingerprint.id for source in own),
    )


def read_sources(paths: Iterable[Path]) -> Reading:
    """Every fingerprint in these files and folders, and what is wrong."""
    with without_collecting():
        return _read_sources(paths)


def _read_sources(paths: Iterable[Path]) -> Reading:
    reading = Reading()
    for path in dict.fromkeys(file for place in paths for file in files(place)):
        try:
            source, wrong = _read_source(path)
        except NewerFormatError as error:
            reading.newer += error.problems
        except CatalogueError as error:
            reading.problems += error.problems
        else:
            reading.problems += wrong
            reading.sources += [source] if source else []
    return reading


def _read_source(path: Path) -> tuple[Source | None, list[Problem]]:
    from iotsweep.catalogue.build import build_fingerprint, can_be_compared
    from iotsweep.catalogue.shape import FingerprintShape, read_shape

    if path.suffix != ".yaml":
        return None, [Problem(shown(path), 0, "this is no fingerprint file", "Name it <id>.yaml or move it elsewhere")]
    document = read_file(path)
    _refuse_newer(document)
    shape, problems = read_shape(FingerprintShape, document)
    if shape is None:
        return None, problems
    fingerprint, problems = build_fingerprint(shape, document)
    if problems and not can_be_compared(fingerprint):
        return None, problems
    fingerprint = replace(fingerprint, path=str(path))
    return Source(fingerprint, document, path.absolute().parent.name), problems


def _refuse_newer(document: Document) -> None:
    """Raise NewerFormatError when the file says that it needs a newer format than this program knows."""
    needs = document.tree.get("needs") if isinstance(document.tree, dict) else None
    if isinstance(needs, str) and needs.isdecimal() and int(needs[:9]) > FORMAT:
        what = f"this fingerprint needs format {needs[:9]} and this program knows {FORMAT}, so it is left out"
        raise NewerFormatError([Problem(document.path, document.line(("needs",)), what, "Update iotsweep to use it")])


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
