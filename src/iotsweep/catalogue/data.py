"""What a catalogue holds beside its fingerprints: kinds, capabilities, and names of makers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iotsweep.catalogue.catalogue import Capability, Kind
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.places import shown
from iotsweep.catalogue.yaml_text import LARGEST, Document, read_yaml


@dataclass(frozen=True, slots=True)
class Data:
    """The tables of one catalogue."""

    kinds: Mapping[str, Kind]
    capabilities: Mapping[str, Capability]
    makers: Mapping[str, tuple[str, ...]]  # the spelling to use, and those not to use
    module_makers: tuple[str, ...]
    version: str


def read_file(path: Path) -> Document:
    """A YAML file as text. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            return read_yaml(file.read(LARGEST + 1), shown(path))
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise CatalogueError([Problem(shown(path), 0, what, "Check that it is there and may be read")]) from None


def read_data(folder: Path) -> Data:
    """Kinds, capabilities and names. Raises CatalogueError."""
    from iotsweep.catalogue.shape import CapabilityShape, Id, KindShape, Name

    kinds = _read_table(folder / "kinds.yaml", dict[Id, KindShape])
    capabilities = _read_table(folder / "capabilities.yaml", dict[str, CapabilityShape])
    makers = _read_table(folder / "makers.yaml", dict[Name, list[Name]])
    try:
        version = (folder / "VERSION").read_text(encoding="utf-8").strip()[:32]
    except (OSError, UnicodeDecodeError):
        what, remedy = "the catalogue has no version", "Write its date into it, as in 2026.11.22"
        raise CatalogueError([Problem(str(folder / "VERSION"), 0, what, remedy)]) from None
    return Data(
        kinds={name: _kind(name, kind) for name, kind in kinds.items()},
        capabilities={
            name: Capability(name, value["tier"], value["capture"] == "yes", value["say"])
            for name, value in capabilities.items()
        },
        makers={name: tuple(others) for name, others in makers.items()},
        module_makers=tuple(_read_table(folder / "module_makers.yaml", list[Name])),
        version=version,
    )


def _kind(name: str, kind: Any) -> Kind:  # noqa: ANN401  (checked by shape.py)
    ports = tuple(map(int, kind["ports"])) if "ports" in kind else None
    return Kind(name, kind["name"], tuple(kind["can"]), ports)


def _read_table(path: Path, shape: Any) -> Any:  # noqa: ANN401
    from iotsweep.catalogue.shape import read_shape

    table, problems = read_shape(shape, read_file(path))
    if problems:
        raise CatalogueError(problems)
    return table
