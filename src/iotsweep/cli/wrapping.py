"""Words about what happens, on standard error: wrapped between words in a terminal, one line each for a pipe."""

from __future__ import annotations

import shutil
import sys
import textwrap

import typer

_WIDEST, _NARROWEST = 100, 30  # columns


def say(text: str, lead: str = "") -> None:
    """One paragraph, each of its lines after `lead`; empty lines before it stay."""
    breaks = text[: len(text) - len(text.lstrip("\n"))]
    text = text[len(breaks) :]
    typer.echo(breaks + (wrap(text, lead) if sys.stderr.isatty() else lead + text), err=True)


def wrap(text: str, lead: str = "", later: str | None = None) -> str:
    """`text` in lines that the terminal holds; those after the first begin with `later`, else with `lead`."""
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
    following = lead if later is None else later
    return textwrap.fill(
        text, width, initial_indent=lead, subsequent_indent=following, break_on_hyphens=False, break_long_words=False
    )
