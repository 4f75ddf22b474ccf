"""`iotsweep demo`: what it says, and what it does where a practice home cannot be built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
import typer
from typer.testing import CliRunner

from iotsweep.cli import demo as command
from iotsweep.cli import show
from iotsweep.model import Scope
from iotsweep.practice import demo as practice
from iotsweep.practice.home import Home
from iotsweep.practice.kernel import PracticeError

app = typer.Typer()
app.command()(command.demo)


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why a replay was shown; nothing real is loaded, saved or shown."""
    reasons: list[str] = []
    monkeypatch.setattr(command, "load", lambda: "catalogue")
    monkeypatch.setattr(command, "_replay", lambda home, catalogue, why: reasons.append(why))
    for name in ("keep", "show", "leave"):
        monkeypatch.setattr(show, name, lambda *_: None)
    return reasons


def test_the_homes_are_listed_with_their_stories() -> None:
    result = CliRunner().invoke(app, ["--list"])
    assert result.exit_code == 0
    assert result.output.startswith("family-home: A family home, 20 devices.")
    assert "quiet-flat" in result.output


def test_an_unknown_home_is_refused_with_what_to_choose_from() -> None:
    result = CliRunner().invoke(app, ["mansion"])
    assert result.exit_code == 2
    assert "no practice home is called 'mansion'; choose one of family-home" in result.output


def test_a_home_with_a_mistake_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nid: mine\n")
    result = CliRunner().invoke(app, [str(path)])
    assert result.exit_code == 2
    assert "mine.yaml:2: 'id' stands twice" in result.output


def test_a_file_that_is_there_already_is_not_overwritten(tmp_path: Path, replayed: list[str]) -> None:
    path = tmp_path / "saved.json"
    path.write_text("precious")
    result = CliRunner().invoke(app, ["--save", str(path)])
    assert result.exit_code == 2
    assert replayed == []


def test_where_no_home_can_be_built_a_replay_is_shown_and_said(
    monkeypatch: pytest.MonkeyPatch, replayed: list[str]
) -> None:
    def refuse(home: Home, scan: Callable[[Scope], object]) -> NoReturn:
        raise PracticeError("private networks need Linux")

    monkeypatch.setattr(practice, "run", refuse)
    result = CliRunner().invoke(app, ["--plain", "--no-input"])
    assert result.exit_code == 0
    assert "cannot be built here: private networks need Linux." in result.output
    assert replayed == ["The practice home cannot be built here: private networks need Linux."]


def test_a_replay_that_was_asked_for_builds_nothing(monkeypatch: pytest.MonkeyPatch, replayed: list[str]) -> None:
    monkeypatch.setattr(practice, "run", lambda *_: pytest.fail("nothing must be built"))
    assert CliRunner().invoke(app, ["quiet-flat", "--replay"]).exit_code == 0
    assert replayed == ["A replay was asked for."]
