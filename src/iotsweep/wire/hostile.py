"""Hostile XML and JSON read with limits; whatever is wrong with them becomes a WireError."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from iotsweep.wire.error import WireError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 256 * 1024  # bytes; real descriptions stay below 40 KiB
# What takes time in a document: elements, attributes, entities. The longest real descriptions have some 700 such marks.
_MARKS, _MOST_MARKS = (b"<", b"=", b"&"), 2048
_LONGEST = 512  # characters of one value, as in clean()
# What is quoted may hold ampersands; a bare one anywhere else is a slip of the device.
_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!#?\w{1,10};)", re.DOTALL)


def read_xml(data: bytes) -> Element:
    """The root element. Tolerates padding and a bare ampersand, which real devices send; refuses any DTD."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring

    if len(data) > LARGEST:
        raise WireError(f"XML of {len(data)} bytes is larger than {LARGEST}")
    if sum(map(data.count, _MARKS)) > _MOST_MARKS:
        raise WireError(f"XML with more than {_MOST_MARKS} elements, attributes and entities")
    data = _AMPERSAND.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], data.strip(b"\0 \t\r\n"))
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        raise WireError(f"not well-formed XML: {error}") from error
    except (ValueError, LookupError, RecursionError) as error:
        raise WireError(f"XML refused: {type(error).__name__}") from error
    return root


def local_name(element: Element) -> str:
    """The element's name without its namespace: makers use different prefixes for one namespace."""
    return str(element.tag).rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """The text of the first direct child with this local name, "" when there is none."""
    for child in element:
        if local_name(child) == name:
            return (child.text or "").strip()[:_LONGEST]
    return ""


def child_texts(element: Element) -> dict[str, str]:
    """The texts of all direct children by local name, of two equal names the first: for reading many of them."""
    texts: dict[str, str] = {}
    for child in element:
        texts.setdefault(local_name(child), (child.text or "").strip()[:_LONGEST])
    return texts


def read_json(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`; trailing padding is tolerated."""
    if len(data) > LARGEST:
        raise WireError(f"JSON of {len(data)} bytes is larger than {LARGEST}")
    try:
        value = json.loads(data.strip(b"\0 \t\r\n").decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise WireError("not JSON") from error
    return member(value)


def member(value: object, *names: str) -> dict[str, Any]:
    """The object found by walking down `names`; WireError when one of them is missing or no object."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict):
        raise WireError(f"no object {'.'.join(names) or 'at the top'}")
    return value


def scalar(value: object) -> str:
    """A JSON scalar as text, true and false in lower case; anything else is ""."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)[:_LONGEST]
    return ""


def pick(source: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    """Only the named fields, under our keys, empty ones left out. What is not named is never kept."""
    found = {key: scalar(source.get(name)) for name, key in names.items()}
    return {key: value for key, value in found.items() if value}
