"""The one `clean()` that all hostile text passes before it goes anywhere."""

from __future__ import annotations

import unicodedata

LONGEST = 512
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, bidi and zero-width, surrogates, unassigned


def clean(text: str | bytes, limit: int = LONGEST) -> str:
    """Text without control, escape and bidirectional characters, white space folded, at most `limit` characters."""
    if isinstance(text, bytes):
        text = text[: limit * 8].decode("utf-8", "replace")
    text = text[: limit * 8]
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _DROPPED)
    return " ".join(kept.split())[:limit].rstrip()
