"""The one error of every decoder."""

from __future__ import annotations


class WireError(ValueError):
    """The bytes are not what their protocol says they are: truncated, malformed or too big."""
