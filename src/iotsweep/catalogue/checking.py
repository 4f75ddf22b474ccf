"""Loads what has to be checked, finds every problem, loading problems included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from iotsweep.catalogue.checks import Case, check
from iotsweep.catalogue.data import read_data
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.loading import Source, make_catalogue, merge, read_sources, repeated, unknown_words
from iotsweep.catalogue.matching import Vendors
from iotsweep.catalogue.places import bundled_folder, user_folder


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many fingerprints and examples were checked, and everything that is wrong."""

    fingerprints: int
    examples: int
    problems: tuple[Problem, ...]


def check_paths(
    paths: Sequence[Path],
    vendors: Vendors,
    yields: frozenset[str],
    folder: Path | None = None,
    overlay: Path | None = None,
) -> Outcome:
    """Check these files and folders, or the whole catalogue when there are none, against the catalogue around them."""
    try:
        root = folder or bundled_folder()
        data = read_data(root)
    except CatalogueError as error:
        return Outcome(0, 0, error.problems)
    own_folder = overlay or (user_folder() if folder is None else None)
    bundled, problems = read_sources([root])
    own, own_problems = read_sources([own_folder]) if own_folder and own_folder.is_dir() else ([], [])
    everything = _rest(merge(bundled, own), paths)
    chosen, problems = read_sources(paths) if paths else (everything, problems + own_problems)
    if paths:
        everything = merge(everything, chosen)
    problems += repeated(chosen if paths else bundled) + unknown_words(chosen, data)
    sound = _without(everything, unknown_words(everything, data))
    case = Case(make_catalogue(sound, data, ""), tuple(sound), vendors, yields)
    problems += check([source for source in sound if source in chosen], case)
    examples = sum(len(source.fingerprint.examples) for source in chosen)
    return Outcome(len(chosen), examples, tuple(sorted(set(problems))))


def _rest(sources: list[Source], paths: Sequence[Path]) -> list[Source]:
    """What is not about to be read again."""
    again = {path.resolve() for path in paths}
    return [source for source in sources if not again & {(here := Path(source.document.path).resolve()), *here.parents}]


def _without(sources: list[Source], problems: Sequence[Problem]) -> list[Source]:
    broken = {problem.path for problem in problems}
    return [source for source in sources if source.document.path not in broken]
