"""`iotsweep report FILE` and `evidence schema`: what was saved is shown again, and what is no report is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iotsweep.evidence.store import dump, read, save
from tests.cli.laptop import command
from tests.evidence.reports import sample

WHOLE = dump(sample())


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A report that --save wrote."""
    path = tmp_path / "visit.json"
    save(sample(), path)
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WHOLE[: len(WHOLE) // 2], "is cut off in line"),
        (WHOLE.replace("iotsweep-report/1", "iotsweep-report/2"), "comes from a newer iotsweep (report version 2)"),
        ('{"devices": []}', "is not a report that iotsweep saved: give a file that --save wrote"),
        ("<xml/>", "is not JSON (line 1): use the file as it was saved"),
        ("", "is empty: use the file as it was saved"),
        ("[" * 100_000, "use the file as it was saved"),
        (" " * (64 * 2**20 + 1), "is larger than 64 MiB"),
    ],
    ids=["cut off", "newer", "foreign", "not JSON", "empty", "deep", "huge"],
)
def test_a_file_that_is_no_report_is_refused_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "visit.json"
    path.write_text(text)
    result = command("report", str(path))
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.startswith(f"iotsweep: {path} ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = command("report", str(tmp_path / "nothing.json"))
    assert result.exit_code == 2
    assert "is not there: check the name and the folder" in result.stderr


def test_a_saved_report_is_shown_as_it_was_judged(saved: Path) -> None:
    result = command("report", str(saved))
    assert result.exit_code == 0, result.output
    assert "X camera" in result.stdout
    assert command("report", str(saved), "--plain").stdout == command("report", str(saved), "--format", "plain").stdout


def test_as_json_it_is_the_file_again(saved: Path) -> None:
    result = command("report", str(saved), "--format", "json")
    assert json.loads(result.stdout) == json.loads(saved.read_text())


def test_a_dash_reads_standard_input(saved: Path) -> None:
    result = command("report", "-", given=saved.read_bytes())
    assert result.exit_code == 0, result.output
    assert "X camera" in result.stdout


def test_evidence_on_standard_output_reads_back_whatever_the_encoding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    save(sample(), tmp_path / "visit.json")
    (tmp_path / "again.json").write_bytes(
        command("report", str(tmp_path / "visit.json"), "--format", "json").stdout_bytes
    )
    assert read(tmp_path / "again.json") == sample()


def test_the_schema_is_printed_as_json() -> None:
    result = command("evidence", "schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$id"] == "urn:iotsweep:report:1"
