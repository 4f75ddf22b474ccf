"""`iotsweep catalogue match`: JSON lines in, JSON lines out."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from iotsweep.cli.catalogue.loading import Folder, Overlay, load, load_table
from iotsweep.cli.fail import fail


def match(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines with observations; - is standard input.")
    ] = "-",
    folder: Folder = None,
    overlay: Overlay = None,
) -> None:
    """Say what devices are: one JSON line of observations in, one JSON line with the answer out."""
    from iotsweep.catalogue.answers import LONGEST_LINE, LineError, answer

    catalogue, vendors = load(folder, overlay), load_table()
    bad = answered = 0
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
                if not line.strip():
                    continue
                try:
                    typer.echo(answer(line.decode("utf-8", "replace"), catalogue, vendors))
                    answered += 1
                except LineError as error:
                    bad += 1
                    typer.echo(f"{file}:{number}: {error}", err=True)
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror}): check the name")
    if bad:
        fail(f"{bad} lines could not be read and have no answer; the other {answered} have one")
