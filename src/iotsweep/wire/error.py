"""The one error that a decoder raises."""

from __future__ import annotations


class WireError(ValueError):
    """These bytes are not what the protocol says; the message names what was wrong."""
