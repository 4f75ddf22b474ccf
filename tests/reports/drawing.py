"""Renders a report into text, as a terminal of a given width and ability would show it."""

from __future__ import annotations

import io
from typing import Literal

from rich.console import Console

from iotsweep.model import Report
from iotsweep.reports.terminal import render
from tests.reports.fakes import FakeCatalogue, FakeGuidance

Depth = Literal["auto", "standard", "256", "truecolor", "windows"]


def draw(
    report: Report, width: int = 80, *, depth: Depth | None = None, encoding: str = "utf-8", no_color: bool = False
) -> str:
    """What `terminal.render` writes to a terminal of `width` columns; without colours unless `depth` is given."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    console = Console(
        file=stream,
        width=width,
        height=24,
        force_terminal=True,
        color_system=depth,
        no_color=no_color,
        legacy_windows=False,
    )
    render(report, FakeCatalogue(), FakeGuidance(), console)
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode(encoding)
