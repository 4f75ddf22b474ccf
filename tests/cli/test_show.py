"""Saving and leaving: evidence goes where it was asked to go, or to standard output, and is never lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.cli.show import keep, leave, show
from iotsweep.cli.stopping import Stopping
from iotsweep.evidence.store import parse
from iotsweep.model import ProbeRun, Report
from tests.evidence.reports import sample


def ended(report: Report, save: Path | None, *, asked: bool = False) -> Result:
    """What the last steps of a command with this report print, and its exit code."""
    app = typer.Typer()

    @app.command()
    def last_steps() -> None:
        stopping = Stopping()
        stopping.asked = asked
        keep(report, save, replace=False)
        if save != Path("-"):
            show(report, load_catalogue(), plain=True)
        leave(report, stopping)

    return CliRunner().invoke(app, [])


@contextmanager
def _full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        yield


def test_saved_evidence_is_named_on_stderr_and_the_report_is_on_stdout(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    result = ended(sample(), path)
    assert result.stderr == f"Saved in {path}, readable by you alone.\n"
    assert result.stdout.startswith("Devices on this network\n")
    assert parse(path.read_bytes(), "file") == sample()


def test_evidence_for_standard_output_stands_there_alone() -> None:
    result = ended(sample(), Path("-"))
    assert parse(result.stdout_bytes, "stdout") == sample()
    assert result.stderr == ""


def test_a_full_disk_sends_the_evidence_to_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _full(monkeypatch):
        result = ended(sample(), tmp_path / "visit.json")
    assert result.exit_code == 1
    assert "visit.json could not be written (No space left on device)" in result.stderr
    assert "It follows on standard output instead, so that nothing is lost." in result.stderr
    assert json.loads(result.stdout)["schema"] == "iotsweep-report/1"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_the_evidence_is_written_does_not_cut_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    path = tmp_path / "visit.json"
    monkeypatch.setattr("os.fsync", lambda descriptor: os.kill(os.getpid(), number))
    with Stopping() as stopping:
        keep(sample(), path, replace=False)
    assert parse(path.read_bytes(), "file") == sample()
    with pytest.raises(typer.Exit) as left:
        leave(sample(), stopping)
    assert left.value.exit_code == 130


@pytest.mark.parametrize(
    ("report", "asked", "code"),
    [
        (replace(sample(), partial=None, runs=(ProbeRun("arp"),)), False, 0),
        (replace(sample(), partial=None, runs=(ProbeRun("arp", skipped="no rights"),)), False, 0),
        (replace(sample(), partial=None, runs=(ProbeRun("arp", failed="it broke"),)), False, 1),
        (replace(sample(), partial="the time was over"), False, 1),
        (replace(sample(), partial="it was stopped by hand"), True, 130),
        (replace(sample(), partial=None, runs=()), True, 130),
    ],
)
def test_the_exit_code_says_how_it_ended(report: Report, asked: bool, code: int) -> None:
    assert ended(report, None, asked=asked).exit_code == code
