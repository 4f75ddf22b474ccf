"""Writes the gold files anew after a meant change of wording: `PYTHONPATH=src python -m tests.reports.write_gold`."""

from __future__ import annotations

from pathlib import Path

from iotsweep.reports.plain import render
from tests.reports.drawing import draw
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

GOLD = Path(__file__).parent / "gold"

if __name__ == "__main__":
    plain = render(make_report(), FakeCatalogue(), FakeGuidance())
    (GOLD / "terminal-80.txt").write_text(draw(make_report()), encoding="utf-8")
    (GOLD / "plain.txt").write_text(f"{plain}\n", encoding="utf-8")
