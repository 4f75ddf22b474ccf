"""What the files of a catalogue look like, for pydantic: it reports everything that is wrong in one pass.

These describe files, not values: `build.py` makes the model's own types from them at once.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.yaml_text import Document

_STRICT = ConfigDict(extra="forbid")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _expected(value: object) -> object:
    return {"confidence": "none"} if value == "none" else value


Text = Annotated[str, StringConstraints(min_length=1)]
Texts = Annotated[list[Text], BeforeValidator(_listed), Field(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Port = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,4}$")]
Facts = Annotated[dict[Text, Texts], Field(min_length=1)]


class AccountShape(TypedDict):
    """Where an app lists people with access."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]  # pydantic's documented way for a TypedDict
    app: Text
    people: NotRequired[Text]
    alerts: NotRequired[Text]


class CluesShape(TypedDict, total=False):
    """Clues by how sure they make us."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    confirmed: Annotated[list[Facts], Field(min_length=1)]
    likely: Annotated[list[Facts], Field(min_length=1)]
    possible: Annotated[list[Facts], Field(min_length=1)]


class ExpectShape(TypedDict):
    """What the fingerprint has to answer to an example."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    confidence: Literal["confirmed", "likely", "possible", "none"]
    model: NotRequired[Text]
    firmware: NotRequired[Text]
    serial: NotRequired[Text]
    name: NotRequired[Text]
    maker: NotRequired[Text]


class ExampleShape(TypedDict):
    """One thing that was or could be seen, and the right answer."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    name: Text
    saw: Annotated[list[Facts], Field(min_length=1)]
    expect: Annotated[ExpectShape, BeforeValidator(_expected)]


class FingerprintShape(TypedDict):
    """One product family."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    needs: NotRequired[Port]  # the format that a program has to know to use this file; read before all else
    id: Id
    name: Name
    kind: Id
    maker: NotRequired[Name]
    generic: NotRequired[Literal["true", "false"]]
    can: Texts
    status: Literal["draft", "tested", "stable"]
    reviewed: Text
    references: Texts
    account: NotRequired[AccountShape]
    clues: CluesShape
    examples: Annotated[list[ExampleShape], Field(min_length=1)]


class KindShape(TypedDict):
    """What a device can be."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    name: Name
    can: Texts
    ports: NotRequired[Annotated[list[Port], BeforeValidator(_listed)]]


class CapabilityShape(TypedDict):
    """What a device can do to a person."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]
    tier: Literal["T0", "T1", "T2", "T3", "T4"]
    capture: Literal["yes", "no"]
    say: Text


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:  # noqa: ANN401  (any of the shapes above)
    return TypeAdapter(shape)


def read_shape(shape: Any, document: Document) -> tuple[Any, list[Problem]]:  # noqa: ANN401
    """The document as `shape` says, and no problems; or None and all of them."""
    try:
        return _adapter(shape).validate_python(document.tree), []
    except ValidationError as error:
        return None, [
            _problem(detail, shape, document) for detail in error.errors(include_url=False, include_input=True)
        ]


def _problem(detail: Any, shape: Any, document: Document) -> Problem:  # noqa: ANN401
    place = tuple(part for part in detail["loc"] if part != "[key]")
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place) or "the file"
    what, remedy = _words(detail, field)
    if detail["type"] == "extra_forbidden":
        remedy = _closest(str(place[-1]), place[:-1], shape)
    return Problem(document.path, document.line(place), what, remedy)


_TYPES = {
    "list_type": ("has to be a list", "Begin each entry on its own line with a dash"),
    "dict_type": ("has to be a mapping", "Write `name: value` pairs, indented under it"),
    "string_type": ("has to be text", "Write one value, in quotes if it holds a colon followed by a space"),
    "string_too_short": ("is empty", "Fill it in or remove the line"),
    "too_short": ("is empty", "Fill it in or remove the line"),
    "missing": ("is missing", "Add it; the guide shows an example"),
    "extra_forbidden": ("is not a known field", ""),
}


def _words(detail: Any, field: str) -> tuple[str, str]:  # noqa: ANN401
    if detail["type"] in _TYPES:
        what, remedy = _TYPES[detail["type"]]
        return f"`{field}` {what}", remedy
    context = detail.get("ctx", {})
    if "expected" in context:
        return f"`{field}` is `{_shown(detail['input'])}`", f"Write one of {context['expected']}"
    if detail["type"] == "string_pattern_mismatch":
        return (
            f"`{field}` is `{_shown(detail['input'])}`",
            "Use lower-case letters, digits and single hyphens"
            if field.rpartition(".")[2] in ("id", "kind")
            else "Write a plain number",
        )
    if "max_length" in context:
        return f"`{field}` is too long", f"Use at most {context['max_length']} characters"
    return f"`{field}` cannot be used: {detail['msg']}", "Compare it with the guide"


def _shown(value: object) -> str:
    return value[:60] if isinstance(value, str) else "a list or mapping"


def _closest(name: str, place: tuple[str | int, ...], shape: Any) -> str:  # noqa: ANN401
    level = {
        "clues": CluesShape, "account": AccountShape, "expect": ExpectShape, "examples": ExampleShape
    }  # fmt: skip
    here = next((level[part] for part in reversed(place) if part in level), shape)
    known = list(getattr(here, "__annotations__", {}))
    close = difflib.get_close_matches(name, known, 1, 0.6)
    return f"Did you mean `{close[0]}`" if close else f"Known here: {', '.join(known)}"
