"""`iotsweep read` makes the same report, from files and from standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotsweep.cli.app import app
from tests.captures.making import CAMERA, EVERYBODY, dhcp, pcap, said, write

JOINS = said(
    CAMERA, "0.0.0.0", "255.255.255.255", 68, 67, dhcp(CAMERA, {53: b"\3", 12: b"chuangmi_camera_ipc019e"}), EVERYBODY
)
run = CliRunner().invoke


@pytest.fixture(autouse=True)
def _rights_that_may_not_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this laptop may do is nothing to a report of a file, which has to be the same everywhere."""

    def try_rights() -> bool:
        raise AssertionError("the rights of this laptop were tried")

    monkeypatch.setattr("iotsweep.stamp.has_link_rights", try_rights)


def test_a_capture_becomes_a_report(tmp_path: Path) -> None:
    done = run(app, ["read", str(write(tmp_path, pcap(JOINS))), "--plain"])
    assert done.exit_code == 0, done.output
    assert "Xiaomi" in done.output
    assert "This check sent nothing." in done.output


def test_the_evidence_of_a_capture_is_saved_and_reads_back(tmp_path: Path) -> None:
    saved = tmp_path / "visit.json"
    done = run(app, ["read", str(write(tmp_path, pcap(JOINS))), "--save", str(saved), "--no-input", "--plain"])
    assert done.exit_code == 0, done.output
    report = json.loads(saved.read_text())
    finding = report["findings"][0]
    assert (finding["device"]["macs"], finding["kind"], finding["maker"]) == ([CAMERA.hex(":")], "camera", "Xiaomi")
    assert report["scope"]["consent"] is None
    assert report["tool"]["privileged"] is False
    assert {each["probe"] for each in report["runs"]} == {"capture"}
    assert run(app, ["report", str(saved), "--plain"]).exit_code == 0


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = run(app, ["read", "-", "--save", "-"], input=pcap(JOINS))
    assert done.exit_code == 0, done.output
    assert '"chuangmi_camera_ipc019e"' in done.stdout


@pytest.mark.parametrize("data", [b"no capture", None])
def test_what_cannot_be_read_ends_with_one_sentence_and_code_2(tmp_path: Path, data: bytes | None) -> None:
    path = write(tmp_path, data) if data else tmp_path / "gone.pcap"
    done = run(app, ["read", str(path)])
    assert done.exit_code == 2
    assert done.stderr.startswith("iotsweep: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_capture_that_is_damaged_ends_with_code_1(tmp_path: Path) -> None:
    done = run(app, ["read", str(write(tmp_path, pcap(JOINS) + b"\xff" * 40)), "--plain"])
    assert done.exit_code == 1
    assert "This check is not complete" in done.output


def test_the_same_capture_gives_the_same_evidence(tmp_path: Path) -> None:
    path = str(write(tmp_path, pcap(JOINS, JOINS)))
    assert run(app, ["read", path, "--save", "-"]).stdout == run(app, ["read", path, "--save", "-"]).stdout
