"""How a command ends when it cannot go on: one sentence on stderr and the right exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

import typer


class ExitCode(IntEnum):
    """What a script can rely on (docs/commands.md)."""

    DONE = 0
    INCOMPLETE = 1  # done, but something could not be checked or does not hold
    REFUSED = 2  # refused, or input that cannot be used
    INTERRUPTED = 130  # stopped by hand; everything seen is saved


def fail(message: object, code: ExitCode = ExitCode.REFUSED) -> NoReturn:
    """Say one sentence on stderr and leave."""
    typer.echo(f"iotsweep: {message}", err=True)
    raise typer.Exit(code)
