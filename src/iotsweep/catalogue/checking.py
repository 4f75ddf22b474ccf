"""Loads what has to be checked, finds every problem, loading problems included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from iotsweep.catalogue.checks import Case, check
from iotsweep.catalogue.collecting import without_collecting
from iotsweep.catalogue.data import read_data
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.loading import (
    Reading,
    Source,
    load_catalogue,
    make_catalogue,
    merge,
    read_sources,
    repeated,
    unknown_words,
)
from iotsweep.catalogue.matching import Vendors
from iotsweep.catalogue.places import bundled_folder, shown, user_folder
from iotsweep.catalogue.yaml_text import Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many fingerprints and examples were checked, what is wrong, and what may be meant so."""

    fingerprints: int
    examples: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


def check_paths(
    paths: Sequence[Path],
    vendors: Vendors,
    yields: frozenset[str],
    folder: Path | None = None,
    overlay: Path | None = None,
) -> Outcome:
    """Check these files and folders, or the whole catalogue when there are none, against the catalogue around them."""
    with without_collecting():
        return _check_paths(paths, vendors, yields, folder, overlay)


def _check_paths(
    paths: Sequence[Path], vendors: Vendors, yields: frozenset[str], folder: Path | None, overlay: Path | None
) -> Outcome:
    try:
        root = folder or bundled_folder()
        data, _ = read_data(root)
    except CatalogueError as error:
        return Outcome(0, 0, error.problems)
    own_folder = overlay or (user_folder() if folder is None else None)
    if paths:
        chosen = read_sources(paths)
        around = _rest(_read_around(root, own_folder), paths)
        everything, twice = merge(around, chosen.sources), repeated(chosen.sources)
    else:
        chosen = read_sources([root])
        around, twice = [], repeated(chosen.sources)
        own = read_sources([own_folder]) if own_folder and own_folder.is_dir() else Reading()
        everything = merge(chosen.sources, own.sources)
        chosen = Reading(everything, chosen.problems + own.problems, chosen.newer + own.newer)
    problems = chosen.problems + chosen.newer + twice + unknown_words(chosen.sources, data)
    sound = _without(everything, unknown_words(everything, data))
    case = Case(make_catalogue(sound, data, ""), tuple(sound), vendors, yields)
    looked_at = {id(source) for source in chosen.sources}
    problems += check([source for source in sound if id(source) in looked_at], case)
    examples = sum(len(source.fingerprint.examples) for source in chosen.sources)
    warnings = tuple(_taken(chosen.sources, around, own_folder))
    return Outcome(len(chosen.sources), examples, tuple(sorted(set(problems))), warnings)


def _read_around(root: Path, own_folder: Path | None) -> list[Source]:
    """All other fingerprints: ready-made where the whole catalogue is sound, since only their contents matter."""
    try:
        catalogue = load_catalogue(None if root == bundled_folder() else root, own_folder)
    except CatalogueError:
        own = read_sources([own_folder]) if own_folder and own_folder.is_dir() else Reading()
        return merge(read_sources([root]).sources, own.sources)
    return [
        Source(one, Document(shown(Path(one.path)), {}), Path(one.path).parent.name) for one in catalogue.fingerprints
    ]


def _taken(chosen: Sequence[Source], around: Sequence[Source], own_folder: Path | None) -> Iterator[Problem]:
    """Ids that stand elsewhere too: meant in the user's own folder, a slip anywhere else."""
    elsewhere = {source.fingerprint.id: source for source in around}
    for source in chosen:
        other = elsewhere.get(source.fingerprint.id)
        if other and not (own_folder and Path(source.fingerprint.path).resolve().is_relative_to(own_folder.resolve())):
            what = f"the id `{source.fingerprint.id}` is also that of {other.document.path}"
            remedy = "Choose another id; to replace that one on this computer, put the file into your own folder"
            yield Problem(source.document.path, source.document.line(("id",)), what, remedy)


def _rest(sources: list[Source], paths: Sequence[Path]) -> list[Source]:
    """What is not about to be read again."""
    again = {path.resolve() for path in paths}
    return [source for source in sources if not again & {(here := Path(source.fingerprint.path)), *here.parents}]


def _without(sources: list[Source], problems: Sequence[Problem]) -> list[Source]:
    broken = {problem.path for problem in problems}
    return [source for source in sources if source.document.path not in broken]
