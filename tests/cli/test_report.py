"""`iotsweep report FILE` and `evidence schema`: what was saved is shown again, and what is no report is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from iotsweep.evidence.store import dump, read, save
from tests.cli.laptop import command
from tests.evidence.reports import sample

ROOT = Path(__file__).resolve().parents[2]
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


def test_evidence_on_standard_output_is_utf_8_whatever_the_terminal_shows(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "again.json").write_bytes(_in_latin("report", str(saved), "--format", "json"))
    assert read(tmp_path / "again.json") == sample()


def test_letters_that_a_terminal_lacks_become_question_marks(saved: Path) -> None:
    assert "\"Caméra 'Küche' ?\"".encode("latin-1") in _in_latin("report", str(saved), "--plain")


def test_evidence_that_standard_output_does_not_take_is_said(saved: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = _run("report", str(saved), "--format", "json", stdout=full)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("iotsweep: the evidence could not be written to standard output (No space")
    assert done.stderr.count(b"\n") == 1


def _in_latin(*arguments: str) -> bytes:
    done = _run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(*arguments: str, stdout: int | IO[bytes] = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": "src", "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "iotsweep", *arguments]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, cwd=ROOT, env=environment, check=False)


def test_the_schema_is_printed_as_json() -> None:
    result = command("evidence", "schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$id"] == "urn:iotsweep:report:1"


def test_a_part_is_shown_on_request_and_said_to_be_one(saved: Path) -> None:
    whole = command("report", str(saved), "--plain").stdout
    part = command("report", str(saved), "--plain", "--kind", "camera", "--limit", "1").stdout
    assert "Only a part" not in whole
    assert "Shown: Only a part: 1 of " in part
    assert "Found: " in part
    none = command("report", str(saved), "--plain", "--level", "lower-concern", "--skip", "1000").stdout
    assert "Shown: Only a part: 0 of " in none
    assert "Device 1 of" not in none


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--kind", "unicorn"), "unicorn is no kind"), (("--format", "json", "--limit", "1"), "JSON is the whole record")],
)
def test_a_part_that_cannot_be_is_refused(saved: Path, options: tuple[str, ...], says: str) -> None:
    result = command("report", str(saved), *options)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize("form", ["terminal", "plain", "json"])
def test_a_copy_without_personal_details_is_made_in_every_form(saved: Path, form: str) -> None:
    whole = command("report", str(saved), "--format", form).stdout
    copy = command("report", str(saved), "--format", form, "--without-personal").stdout
    for personal in ("192.168.7.3", "3c:00:00:00:00:03", "Küche"):
        assert personal in whole
        assert personal not in copy
    assert "no longer the full evidence" in " ".join(copy.split())


def test_a_copy_can_be_shown_again_and_says_what_it_is(saved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    copy.write_text(command("report", str(saved), "--format", "json", "--without-personal").stdout, encoding="utf-8")
    assert read(copy).left_out
    assert "Copy: This copy was made without personal details." in command("report", str(copy), "--plain").stdout
