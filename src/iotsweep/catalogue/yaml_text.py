"""YAML as plain text: every value stays what was typed, every value keeps its line.

YAML's own types turn a MAC prefix into a number and `no` into false, so none of them is used. What could make a small
file large or a plain file clever (aliases, tags, merge keys, deep nesting, repeated keys) is refused. The tree is built
from parser events, not by PyYAML's composer, so that nesting is bounded before anything recurses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from iotsweep.catalogue.errors import CatalogueError, Problem

LARGEST = 256 * 1024  # bytes; our largest files are a hundredth of that
DEEPEST = 12
LONGEST = 2000  # characters of one value

Place = tuple[str | int, ...]
Tree = Any  # str, list[Tree] or dict[str, Tree]

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values and where they stand."""

    path: str
    tree: Tree
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of `place`, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(data: bytes, path: str) -> Document:
    """The one document in `data`. Raises CatalogueError with every problem that was found."""
    if len(data) > LARGEST:
        raise CatalogueError(
            [
                Problem(
                    path, 0, f"the file is larger than {LARGEST // 1024} KiB", "Split it, one product family per file"
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError([Problem(path, line, "the file is not UTF-8 text", "Save it as UTF-8")]) from None
    builder = _Builder(path)
    try:
        _parse(text, builder)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        builder.problems.append(_syntax_problem(error, text, path))
    if builder.problems:
        raise CatalogueError(builder.problems)
    return Document(path, builder.root, builder.lines)


def _parse(text: str, builder: _Builder) -> None:
    loader = _LOADER(text)
    try:
        while type(event := loader.get_event()) is not yaml.StreamEndEvent:
            builder.take(event)
    finally:
        loader.dispose()


def _syntax_problem(error: Exception, text: str, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    tabs = mark is not None and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1])
    remedy = (
        "Indent with spaces, never with tabs" if tabs else "Compare the indentation, colons and quotes with the guide"
    )
    return Problem(path, mark.line + 1 if mark else 0, f"this is not YAML: {what}", remedy)


class _TooDeepError(ValueError):
    problem = f"values are nested more than {DEEPEST} deep"


class _Builder:
    """Builds the tree from parser events; keeps the line of every key and item."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Tree = ""
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._open: list[tuple[Tree, Place]] = []
        self._key: list[str | None] = []
        self._documents = 0

    def take(self, event: Any) -> None:  # noqa: ANN401  (PyYAML's events have no common type)
        """Take the next event."""
        kind = type(event)
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self._refuse_tricks(event, line)
            self._scalar(event, line)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_tricks(event, line)
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.AliasEvent):
            self._problem(line, f"`*{event.anchor}` is an alias", "Write the value out, in quotes if it begins with *")
            self._scalar(None, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._problem(line, "a second document begins here", "Put it into a file of its own")

    def _refuse_tricks(self, event: Any, line: int) -> None:  # noqa: ANN401
        if event.anchor:
            self._problem(line, f"`&{event.anchor}` is an anchor", "Write values out where they are needed")
        if event.tag:
            self._problem(line, f"`{event.tag}` is a tag", "Leave it out: every value is plain text")

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401
        value: str = event.value if event is not None else ""
        if event is not None and event.style in ("|", ">"):
            value = " ".join(value.split())
        if len(value) > LONGEST:
            self._problem(line, f"a value is longer than {LONGEST} characters", "Shorten it")
        if not value.isprintable():
            self._problem(line, "a value holds control or invisible characters", "Type it again without them")
        self._put(value, line)

    def _start(self, container: Tree, line: int) -> None:
        if len(self._open) >= DEEPEST:
            raise _TooDeepError
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            self._problem(
                line, "a list or mapping stands where a name should be", "Put values that begin with [ or { in quotes"
            )
            place: Place = ()
            self._key[-1] = f"?{line}"
        else:
            place = self._put(container, line)
        self._open.append((container, place))
        self._key.append(None)

    def _put(self, value: Tree, line: int) -> Place:
        """Add `value` where the document stands; returns its place."""
        if not self._open:
            if self._documents <= 1:
                self.root = value
            return ()
        container, place = self._open[-1]
        if isinstance(container, list):
            container.append(value)
            here = (*place, len(container) - 1)
            self.lines.setdefault(here, line)
        elif self._key[-1] is None:
            self._name(value, place, line)
            return place
        else:
            here = (*place, self._key[-1])
            container[self._key[-1]] = value
            self._key[-1] = None
        return here

    def _name(self, name: str, place: Place, line: int) -> None:
        first = self.lines.get((*place, name))
        if first is not None and name in self._open[-1][0]:
            self._problem(
                line,
                f"`{name}` stands here a second time (first in line {first})",
                "Keep one, or list both values under it",
            )
        if name == "<<":
            self._problem(line, "`<<` is a merge key", "Write the values out")
        self.lines.setdefault((*place, name), line)
        self._key[-1] = name

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, what, remedy))
