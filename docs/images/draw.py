"""Draws report.svg, the picture in the README, from a saved report: `python docs/images/draw.py practice.json`.

The picture shows the beginning of what `iotsweep report` prints in a terminal of 100 columns. It asks for nothing from
elsewhere: Rich's web fonts are taken out, and the viewer's own fixed-width font is used.
"""

from __future__ import annotations

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.evidence.store import read
from iotsweep.guidance import load_guidance
from iotsweep.reports.terminal import render

WIDTH = 100
_SECOND = re.compile(r"[ │][▲?■○] 2[ │]")  # the title of the second device: the picture ends before it
PICTURE = Path(__file__).with_name("report.svg")
_SHADES = [(40, 42, 46), (165, 66, 66), (95, 129, 61), (222, 147, 95), (95, 129, 157), (133, 103, 143), (94, 141, 135)]
_THEME = TerminalTheme((24, 26, 31), (222, 224, 228), [*_SHADES, (197, 200, 198)], [*_SHADES, (255, 255, 255)])


def draw(saved: Path) -> str:
    """The picture as SVG text."""
    paper = Console(file=StringIO(), width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False)
    render(read(saved), load_catalogue(), load_guidance(), paper)
    assert isinstance(paper.file, StringIO)
    lines = [Text.from_ansi(line) for line in paper.file.getvalue().splitlines()]
    second = next((at for at, line in enumerate(lines) if _SECOND.match(line.plain)), len(lines))
    recorded = Console(file=StringIO(), width=WIDTH, record=True, force_terminal=True, color_system="truecolor")
    for line in lines[: second - 1]:
        recorded.print(line, soft_wrap=True)
    svg = recorded.export_svg(title="iotsweep demo", theme=_THEME, unique_id="report")
    svg = re.sub(r"\s*@font-face \{.*?\}|\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", "monospace")


if __name__ == "__main__":
    PICTURE.write_text(draw(Path(sys.argv[1])), encoding="utf-8")
