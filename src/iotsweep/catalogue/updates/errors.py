"""Why an update was refused."""

from __future__ import annotations


class UpdateError(Exception):
    """The update was refused and the catalogue in use stays; the message says why and what to do."""
