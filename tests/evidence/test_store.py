"""Reports saved and read back: whole or not at all, and never trusted."""

from __future__ import annotations

import io
import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iotsweep.evidence import store
from iotsweep.evidence.store import LARGEST, EvidenceError, dump, parse, read, save, schema
from iotsweep.model import Report
from tests.evidence.reports import REPORTS, sample

ROOT = Path(__file__).parents[2]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def left(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def fails(path: Path, *, replace: bool = False) -> str:
    """The sentence that saving fails with."""
    with pytest.raises(EvidenceError) as caught:
        save(sample(), path, replace=replace)
    return str(caught.value)


def tampered(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The sample as JSON, after `change`."""
    tree = json.loads(dump(sample()))
    change(tree)
    return json.dumps(tree).encode()


def refusal(data: bytes) -> str:
    """The sentence that reading `data` is refused with."""
    with pytest.raises(EvidenceError) as caught:
        parse(data, "visit.json")
    sentence = str(caught.value)
    assert sentence.startswith("visit.json ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_saved_report_read_back_equals_itself(tmp_path: Path) -> None:
    save(sample(), tmp_path / "visit.json")
    assert read(tmp_path / "visit.json") == sample()
    assert left(tmp_path) == ["visit.json"]


@SLOW
@given(REPORTS)
def test_any_report_read_back_equals_itself_and_fits_the_schema(report: Report) -> None:
    text = dump(report)
    assert parse(text.encode(), "visit.json") == report
    jsonschema.validate(json.loads(text), schema())


def test_the_file_is_for_one_person_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save(sample(), tmp_path / "visit.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "visit.json").stat().st_mode) == 0o600


def test_the_file_was_never_readable_by_others_while_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    save(sample(), tmp_path / "visit.json")
    assert modes[0] == 0o600


def test_it_is_readable_text_in_utf_8(tmp_path: Path) -> None:
    save(sample(), tmp_path / "visit.json")
    assert "“Küche” 😀" in (tmp_path / "visit.json").read_text(encoding="utf-8")
    assert list(json.loads(dump(sample())))[:3] == ["schema", "tool", "scope"]


def test_half_a_character_in_a_name_of_the_system_costs_no_report(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    report = sample()
    save(replace(report, scope=replace(report.scope, interface="wlan\udcff")), path)
    assert read(path) == replace(report, scope=replace(report.scope, interface="wlan?"))


def owners(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """Under sudo: who owns which inode. As administrator the system itself says so, else what it was asked to do."""
    monkeypatch.setenv("SUDO_UID", "1000")
    monkeypatch.setenv("SUDO_GID", "1001")
    given: dict[int, tuple[int, int]] = {}
    change = os.fchown

    def give(descriptor: int, user: int, group: int) -> None:
        if not root:
            given[os.fstat(descriptor).st_ino] = (user, group)
            return
        change(descriptor, user, group)
        found = os.fstat(descriptor)
        given[found.st_ino] = (found.st_uid, found.st_gid)

    root = os.geteuid() == 0
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", give)
    return given


def test_under_sudo_the_file_belongs_to_whoever_called_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = owners(monkeypatch)
    save(sample(), tmp_path / "visit.json")
    assert given == {(tmp_path / "visit.json").stat().st_ino: (1000, 1001)}
    assert stat.S_IMODE((tmp_path / "visit.json").stat().st_mode) == 0o600


def test_under_sudo_a_link_put_in_the_place_of_the_file_gives_nothing_else_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = owners(monkeypatch)
    other = tmp_path / "other"
    other.write_text("not yours")
    before = other.stat()
    sync = os.fsync

    def swap(descriptor: int) -> None:
        sync(descriptor)
        for part in tmp_path.glob(".iotsweep-*.part"):
            part.rename(tmp_path / "aside")
            part.symlink_to(other)

    monkeypatch.setattr(os, "fsync", swap)
    save(sample(), tmp_path / "visit.json")
    after = other.stat()
    assert before.st_ino not in given
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert other.read_text() == "not yours"


def test_a_link_under_the_name_is_replaced_and_never_followed(tmp_path: Path) -> None:
    other, path = tmp_path / "other", tmp_path / "visit.json"
    other.write_text("precious")
    path.symlink_to(other)
    assert "is there already" in fails(path)
    save(sample(), path, replace=True)
    assert other.read_text() == "precious"
    assert not path.is_symlink()
    dangling = tmp_path / "second.json"
    dangling.symlink_to(tmp_path / "nowhere")
    assert "is there already" in fails(dangling)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("value", ["", "-1", "root", "9" * 40])
def test_a_strange_sudo_setting_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SUDO_UID", value)
    monkeypatch.setenv("SUDO_GID", value)
    save(sample(), tmp_path / "visit.json")
    assert read(tmp_path / "visit.json") == sample()


def test_a_file_that_is_there_is_replaced_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    path.write_text("older")
    assert "is there already" in fails(path)
    assert path.read_text() == "older"
    save(sample(), path, replace=True)
    assert read(path) == sample()
    assert left(tmp_path) == ["visit.json"]


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "visit.json"
    monkeypatch.setattr(store, "_give_to_caller", lambda part: path.write_text("somebody else's"))
    assert "is there already" in fails(path)
    assert path.read_text() == "somebody else's"
    assert left(tmp_path) == ["visit.json"]


def test_a_file_system_without_links_works_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    save(sample(), tmp_path / "visit.json")
    assert left(tmp_path) == ["visit.json"]
    assert read(tmp_path / "visit.json") == sample()


def test_a_link_that_stands_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("keep")
    (tmp_path / "visit.json").symlink_to(tmp_path / "target")
    save(sample(), tmp_path / "visit.json", replace=True)
    assert (tmp_path / "target").read_text() == "keep"
    assert not (tmp_path / "visit.json").is_symlink()


def test_a_folder_that_is_missing_or_named_as_the_file_is_said(tmp_path: Path) -> None:
    assert "make it first" in fails(tmp_path / "gone" / "visit.json")
    assert "is a folder" in fails(tmp_path, replace=True)


def test_a_folder_that_takes_no_files_is_said() -> None:
    assert "choose another place" in fails(Path("/proc/visit.json"))


@pytest.mark.skipif(os.name != "posix", reason="limits of file size are POSIX")
def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    code = (
        "import resource, pathlib, sys\n"
        "from iotsweep.evidence.store import save, EvidenceError\n"
        "from tests.evidence.reports import sample\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: save(sample(), pathlib.Path(sys.argv[1]))\n"
        "except EvidenceError as error: sys.stdout.write(str(error))\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "visit.json")], env=environment, capture_output=True, text=True
    )
    assert "nothing half-written was left" in said.stdout, said.stderr
    assert left(tmp_path) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_stopping_by_hand_while_writing_leaves_nothing_and_keeps_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "visit.json").write_text("older")

    def stop(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        save(sample(), tmp_path / "visit.json", replace=True)
    assert left(tmp_path) == ["visit.json"]
    assert (tmp_path / "visit.json").read_text() == "older"


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(dump(sample()).encode())))
    assert read(Path("-")) == sample()


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "gone", "is not there"), (tmp_path, "is a folder"), (Path("a\0b"), "could not")):
        with pytest.raises(EvidenceError, match=says):
            read(path)


def test_a_file_that_is_cut_off_is_said_wherever_it_ends() -> None:
    data = dump(sample()).encode()
    for end in range(1, len(data) - 1, 3):
        assert "cut off in line" in refusal(data[:end])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<html>", "is not JSON (line 1)"),
        (b"[" * 200_000, "not a report"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "not a report"),
        (b"\xff\xfe\x00", "not"),
        (b"[]", "not a report"),
        (b"null", "not a report"),
        (b'{"schema": 1}', "not a report"),
        (b'{"schema": "other/1"}', "not a report"),
        (b'{"schema": "iotsweep-report/2"}', "newer iotsweep (report version 2): update iotsweep"),
        (b'{"schema": "iotsweep-report/x"}', "version that does not exist"),
        (b'{"schema": "iotsweep-report/0"}', "version that does not exist"),
        (b'{"schema": "iotsweep-report/1"}', "does not hold together at tool"),
        (b'{"schema": "iotsweep-report/1", "tool": ' + b"9" * 5000 + b"}", "not"),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_a_file_larger_than_the_limit_is_refused() -> None:
    assert "larger than 64 MiB" in refusal(b" " * (LARGEST + 1))


def test_values_of_the_wrong_type_are_refused_with_their_place() -> None:
    assert "at runs.0.saw" in refusal(tampered(lambda tree: tree["runs"][0].update(saw="1")))
    assert "at findings.0.confidence" in refusal(tampered(lambda tree: tree["findings"][0].update(confidence="sure")))
    assert "at observations" in refusal(tampered(lambda tree: tree.update(observations=None)))


def test_an_index_of_an_observation_that_is_not_there_is_refused() -> None:
    assert "does not hold" in refusal(tampered(lambda tree: tree["findings"][0]["device"].update(seen=[7])))
    assert "does not hold" in refusal(tampered(lambda tree: tree["findings"][0]["because"][0].update(observation=-1)))


def test_fields_of_a_later_writer_of_the_same_version_are_passed_over() -> None:
    def extend(tree: dict[str, Any]) -> None:
        tree["weather"] = "rain"
        tree["findings"][0]["device"]["colour"] = "white"

    assert parse(tampered(extend), "visit.json") == sample()


@settings(SLOW, max_examples=300)
@given(st.data())
def test_a_report_with_changed_bytes_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    broken = bytearray(dump(sample()).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(broken) - 1))
        length = data.draw(st.integers(0, 30))
        broken[start : start + length] = data.draw(st.binary(max_size=10) | st.sampled_from(_NASTY))
    try:
        report = parse(bytes(broken), "visit.json")
    except EvidenceError:
        return
    assert parse(dump(report).encode(), "visit.json") == report


_NASTY = [
    b'"\\ud800"',
    b"NaN",
    b"1e999",
    b"-0",
    b"null",
    b'"',
    b"[",
    b"}",
    b"\\u0000",
    b"9" * 400,
    b"true",
    b"\xed\xa0\x80",
]


@settings(SLOW, max_examples=200)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_refused(data: bytes) -> None:
    refusal(data)


def test_the_published_schema_is_current_and_valid() -> None:
    published = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), "write it again with: iotsweep evidence schema > docs/report.schema.json"
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$id"]
    assert schema()["title"]
    jsonschema.validate(json.loads(dump(sample())), schema())


def test_the_schema_refuses_what_is_no_report() -> None:
    for change in (
        lambda tree: tree.pop("findings"),
        lambda tree: tree.update(schema="iotsweep-report/2"),
        lambda tree: tree["runs"][0].update(saw="many"),
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(tampered(change)), schema())


def test_a_long_report_is_saved_and_read_in_one_piece(tmp_path: Path) -> None:
    report = sample()
    many = replace(report, observations=report.observations * 5000)
    save(many, tmp_path / "visit.json")
    assert read(tmp_path / "visit.json") == many
