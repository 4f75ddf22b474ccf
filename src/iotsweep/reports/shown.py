"""Hostile text made harmless a second time, at the last moment: a saved file may have been edited by hand."""

from __future__ import annotations

import unicodedata

from iotsweep.clean import clean

QUOTED = 48  # characters of a device's own words; longer ones are shortened with an ellipsis
SENTENCE = 600  # characters of any one sentence of a report
_MARKS_IN_A_ROW = 2  # Vietnamese, Thai and Hindi stack two; more is only ever there to break a line
_PLAIN_MARKS = str.maketrans({"…": "...", "·": ",", "\u2013": "-", "\u2014": "-", "\u2019": "'"})
_QUOTES = str.maketrans(dict.fromkeys('"\u201c\u201d\u201e\u201f\uff02', "'"))


def shown(text: str, limit: int = SENTENCE) -> str:
    """`text` without control, bidirectional and stacked combining characters, at most `limit` characters."""
    if text.isascii() and text.isprintable() and len(text) <= limit and "  " not in text:
        return text.strip()
    tidy = _without_stacks(unicodedata.normalize("NFC", clean(text, limit * 4)))
    return tidy if len(tidy) <= limit else tidy[: limit - 1].rstrip() + "…"


def quoted(text: str, limit: int = QUOTED) -> str:
    """A device's own words in double quotes, which its words cannot close."""
    inner = shown(text.translate(_QUOTES), limit)
    return f'"{inner}"'


def plain_marks(text: str) -> str:
    """`text` with the typographic marks of our own sentences written in ASCII."""
    return text.translate(_PLAIN_MARKS)


def encodable(text: str, encoding: str) -> str:
    """`text` as `encoding` can show it; what it cannot show becomes a question mark."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return plain_marks(text).encode(encoding, "replace").decode(encoding)
    return text


def _without_stacks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        if 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF:
            continue  # variation selectors change a character's width on some terminals only
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept).strip()
