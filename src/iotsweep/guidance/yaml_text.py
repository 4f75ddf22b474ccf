"""YAML read as text: every value a string, every error with its file, line and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

LARGEST = 512 * 1024  # bytes; the longest of our files is a tenth of that

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes no numbers, dates or booleans


class GuidanceError(ValueError):
    """A guidance file that cannot be used: file, line, what is wrong and what mends it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a file, and where it stands."""

    path: str
    line: int
    value: str | tuple[Node, ...] | tuple[tuple[str, Node], ...]

    def fail(self, what: str) -> GuidanceError:
        """An error that names this place."""
        return GuidanceError(f"{self.path}, line {self.line}: {what}.")

    def text(self) -> str:
        """This value as one line of text. Raises GuidanceError when it is a list, a mapping or empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fail("a sentence belongs here; write one")
        return " ".join(self.value.split())

    def items(self) -> tuple[Node, ...]:
        """The items of a list. Raises GuidanceError for anything else."""
        if isinstance(self.value, str) or any(isinstance(item, tuple) for item in self.value):
            raise self.fail("a list belongs here; begin each line with '- '")
        return tuple(item for item in self.value if isinstance(item, Node))

    def texts(self) -> tuple[str, ...]:
        """The sentences of a list."""
        return tuple(item.text() for item in self.items())

    def fields(self) -> dict[str, Node]:
        """The named values of a mapping. Raises GuidanceError for anything else."""
        if isinstance(self.value, str) or any(isinstance(item, Node) for item in self.value):
            raise self.fail("named values belong here, as in 'name: ...'")
        return dict(item for item in self.value if isinstance(item, tuple))

    def exactly(self, required: frozenset[str], optional: frozenset[str] = frozenset()) -> dict[str, Node]:
        """The named values, which must be `required` and may be `optional`. Raises GuidanceError otherwise."""
        fields = self.fields()
        for name, node in fields.items():
            if name not in required | optional:
                raise node.fail(f"'{name}' is not known here; use one of {', '.join(sorted(required | optional))}")
        if missing := sorted(required - fields.keys()):
            raise self.fail(f"'{missing[0]}' is missing; add it")
        return fields


def read_bundled(name: str) -> Node:
    """A file that iotsweep brings along."""
    return read_text((files("iotsweep.guidance") / "texts" / name).read_bytes(), f"guidance/texts/{name}")


def read_text(data: bytes, path: str) -> Node:
    """The one document in `data`. Raises GuidanceError."""
    if len(data) > LARGEST:
        raise GuidanceError(f"{path}: the file is larger than {LARGEST // 1024} KiB; split it.")
    try:
        root = yaml.compose(data.decode("utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise GuidanceError(f"{path}: this is not UTF-8 text; save it as UTF-8.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise GuidanceError(f"{path}{where}: this is not YAML; look at indentation, colons and quotes.") from error
    if root is None:
        raise GuidanceError(f"{path}: the file is empty; write its texts.")
    return _convert(root, path, set())


def _convert(node: Any, path: str, met: set[int]) -> Node:  # noqa: ANN401  (PyYAML has no types for nodes)
    line = node.start_mark.line + 1
    if id(node) in met:
        raise GuidanceError(f"{path}, line {line}: an alias repeats this value; write it out.")
    met.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return Node(path, line, str(node.value))
    if isinstance(node, yaml.SequenceNode):
        return Node(path, line, tuple(_convert(item, path, met) for item in node.value))
    return Node(path, line, tuple(_pairs(node, path, met)))


def _pairs(node: Any, path: str, met: set[int]) -> Iterator[tuple[str, Node]]:  # noqa: ANN401
    names: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in names or not isinstance(key, yaml.ScalarNode):
            raise GuidanceError(f"{path}, line {key.start_mark.line + 1}: '{name}' stands here twice; keep one.")
        names.add(name)
        yield name, _convert(value, path, met)
