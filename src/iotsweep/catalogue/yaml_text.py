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

_BLOCKS = ("|", ">")  # styles of text that go over several lines
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
    take = builder.take
    try:
        while type(event := loader.get_event()) is not yaml.StreamEndEvent:
            take(event)
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
        self._documents = 0
        self._around: list[tuple[tuple[Tree, Place], str | None]] = []
        self._here: tuple[Tree, Place] = (None, ())  # the list or mapping that is being filled, and its place
        self._key: str | None = None  # the name in it that waits for its value

    def take(self, event: Any) -> None:  # noqa: ANN401  (PyYAML's events have no common type)
        """Take the next event."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._here, self._key = self._around.pop()
        elif kind is yaml.MappingStartEvent:
            self._start({}, event)
        elif kind is yaml.SequenceStartEvent:
            self._start([], event)
        elif kind is yaml.AliasEvent:
            what, remedy = f"`*{event.anchor}` is an alias", "Write the value out, in quotes if it begins with *"
            self._problem(_line(event), what, remedy)
            self._put("", event)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                self._problem(_line(event), "a second document begins here", "Put it into a file of its own")

    def _refuse_tricks(self, event: Any) -> None:  # noqa: ANN401
        if event.anchor:
            self._problem(_line(event), f"`&{event.anchor}` is an anchor", "Write values out where they are needed")
        if event.tag:
            self._problem(_line(event), f"`{event.tag}` is a tag", "Leave it out: every value is plain text")

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        value: str = event.value
        if event.anchor or event.tag:
            self._refuse_tricks(event)
        if event.style in _BLOCKS:
            value = " ".join(value.split())
        if len(value) > LONGEST:
            self._problem(_line(event), f"a value is longer than {LONGEST} characters", "Shorten it")
        if not value.isprintable():
            self._problem(_line(event), "a value holds control or invisible characters", "Type it again without them")
        self._put(value, event)

    def _start(self, container: Tree, event: Any) -> None:  # noqa: ANN401
        if len(self._around) >= DEEPEST:
            raise _TooDeepError
        self._refuse_tricks(event)
        place: Place = ()
        if self._key is None and type(self._here[0]) is dict:
            line, what = _line(event), "a list or mapping stands where a name should be"
            self._problem(line, what, "Put values that begin with [ or { in quotes")
            self._key = f"?{line}"
        else:
            place = self._put(container, event)
        self._around.append((self._here, self._key))
        self._here, self._key = (container, place), None

    def _put(self, value: Tree, event: Any) -> Place:  # noqa: ANN401
        """Add `value` where the document stands; returns its place."""
        container, place = self._here
        if type(container) is list:
            here = (*place, len(container))
            container.append(value)
            self.lines.setdefault(here, _line(event))
            return here
        if self._key is not None:
            container[self._key] = value
            here, self._key = (*place, self._key), None
            return here
        if container is not None:
            self._name(value, place, _line(event))
        elif self._documents <= 1:
            self.root = value
        return place

    def _name(self, name: str, place: Place, line: int) -> None:
        here = (*place, name)
        first = self.lines.setdefault(here, line)
        if name in self._here[0]:
            self._problem(
                line,
                f"`{name}` stands here a second time (first in line {first})",
                "Keep one, or list both values under it",
            )
        if name == "<<":
            self._problem(line, "`<<` is a merge key", "Write the values out")
        self._key = name

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, what, remedy))


def _line(event: Any) -> int:  # noqa: ANN401
    line: int = event.start_mark.line
    return line + 1
