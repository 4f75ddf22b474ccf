"""`iotsweep catalogue update`."""

from __future__ import annotations


def update() -> None:
    """Not there yet."""
