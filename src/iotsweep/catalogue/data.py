"""What a catalogue holds beside its fingerprints: kinds, capabilities, and names of makers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iotsweep.catalogue.catalogue import Capability, Kind
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.installed import read_version
from iotsweep.catalogue.places import shown
from iotsweep.catalogue.yaml_text import LARGEST, Document, read_yaml


@dataclass(frozen=True, slots=True)
class Data:
    """The tables of one catalogue."""

    kinds: Mapping[str, Kind]
    capabilities: Mapping[str, Capability]
    makers: Mapping[str, tuple[str, ...]]  # the spelling to use, and those not to use
    module_makers: tuple[str, ...]
    thing_part_makers: tuple[str, ...]
    holders: Mapping[str, tuple[str, ...]]  # under whose names the IEEE lists a maker's blocks
    version: str


def read_file(path: Path) -> Document:
    """A YAML file as text. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            return read_yaml(file.read(LARGEST + 1), shown(path))
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise CatalogueError([Problem(shown(path), 0, what, "Check that it is there and may be read")]) from None


def read_data(folder: Path, *, skip: bool = False) -> tuple[Data, list[Problem]]:
    """Kinds, capabilities and names. Raises CatalogueError, or with `skip` leaves out rows that have problems."""
    from iotsweep.catalogue.shape import CapabilityShape, Id, KindShape, Name

    skipped: list[Problem] | None = [] if skip else None
    kinds = _read_table(folder / "kinds.yaml", dict[Id, KindShape], skipped)
    capabilities = _read_table(folder / "capabilities.yaml", dict[str, CapabilityShape], skipped)
    in_things = folder / "thing_part_makers.yaml"  # a smaller catalogue can do without
    makers = _read_table(folder / "makers.yaml", dict[Name, list[Name]], skipped)
    holders = _read_table(folder / "block_holders.yaml", dict[Name, list[Name]], skipped)
    version = read_version(folder)
    if not version:
        what, remedy = "the catalogue has no version", "Write its date into it, as in 2026.11.22"
        raise CatalogueError([Problem(str(folder / "VERSION"), 0, what, remedy)])
    return Data(
        kinds={name: _kind(name, kind) for name, kind in kinds.items()},
        capabilities={
            name: Capability(name, value["tier"], value["capture"] == "yes", value["say"])
            for name, value in capabilities.items()
        },
        makers={name: tuple(others) for name, others in makers.items()},
        module_makers=tuple(_read_table(folder / "module_makers.yaml", list[Name], skipped)),
        thing_part_makers=tuple(_read_table(in_things, list[Name], skipped)) if in_things.exists() else (),
        holders={name: tuple(others) for name, others in holders.items()},
        version=version,
    ), skipped or []


def _kind(name: str, kind: Any) -> Kind:  # noqa: ANN401  (checked by shape.py)
    ports = tuple(map(int, kind["ports"])) if "ports" in kind else None
    return Kind(name, kind["name"], tuple(kind["can"]), ports)


def _read_table(path: Path, shape: Any, skipped: list[Problem] | None) -> Any:  # noqa: ANN401
    """The table; rows with problems go to `skipped` instead when it is a list. Raises CatalogueError."""
    from iotsweep.catalogue.shape import read_shape

    document = read_file(path)
    table, problems = read_shape(shape, document)
    if problems and skipped is not None and isinstance(document.tree, dict):
        lines = {problem.line for problem in problems}
        good = {name: row for name, row in document.tree.items() if not lines & _lines(document, name)}
        table, rest = read_shape(shape, Document(document.path, good, document.lines))
        skipped += problems
        problems = rest
    if problems:
        raise CatalogueError(problems)
    return table


def _lines(document: Document, name: str) -> set[int]:
    return {line for place, line in document.lines.items() if place[:1] == (name,)}
