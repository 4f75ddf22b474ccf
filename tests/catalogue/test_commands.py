from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner, Result

from iotsweep.cli.catalogue import catalogue_app
from tests.catalogue.helpers import GOOD, FewVendors, a_folder

LINE = {"id": "one", "observations": [{"mdns.service": "_acme._tcp.local.", "mdns.txt.model": ["DC-7"]}]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    vendors = ModuleType("iotsweep.vendors")
    vendors.load_vendors = FewVendors  # type: ignore[attr-defined]
    vendors.VendorTableError = ValueError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "iotsweep.vendors", vendors)
    return a_folder(tmp_path, {"doorbell/acme-doorcam.yaml": GOOD})


def run(folder: Path, *arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(catalogue_app, [*arguments, "--folder", str(folder)], input=given)


def test_list_counts_and_filters(folder: Path) -> None:
    result = run(folder, "list", "--maker", "acme")
    assert "doorbell (1)\n  acme-doorcam" in result.stdout
    assert "1 fingerprints, 1 kinds, 1 makers" in result.stderr
    assert run(folder, "list", "--kind", "camera").stdout == ""
    assert run(folder, "list", "--kind", "cam").exit_code == 2


def test_show_explains_and_suggests(folder: Path) -> None:
    result = run(folder, "show", "acme-doorcam")
    assert "can show video" in result.stdout
    assert "mdns.service is _acme._tcp and mdns.txt.model is" in result.stdout
    missing = run(folder, "show", "acme-dorcam")
    assert missing.exit_code == 2
    assert "did you mean acme-doorcam?" in missing.stderr


def test_match_answers_line_by_line(folder: Path) -> None:
    empty = {"id": 2, "observations": []}
    result = run(folder, "match", given=f"{json.dumps(LINE)}\n\n{json.dumps(empty)}\n")
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 0
    assert {key: first[key] for key in ("id", "kind", "maker", "model", "confidence")} == {
        "id": "one",
        "kind": "doorbell",
        "maker": "Acme",
        "model": "DC-7",
        "confidence": "confirmed",
    }
    assert first["because"][0] == {"observation": 0, "key": "mdns.service", "value": "_acme._tcp.local."}
    assert (second["id"], second["kind"], second["confidence"], second["because"]) == (2, None, "none", [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "this is not JSON"),
        ("[" * 50_000, "this is not JSON"),
        ("9" * 5000, "this is not JSON"),
        ("[]", "each line has to be an object"),
        ('{"observations": []}', '"id" has to be'),
        ('{"id": true, "observations": []}', '"id" has to be'),
        ('{"id": 1, "observations": {}}', '"observations" has to be a list'),
        ('{"id": 1, "observations": [1]}', "each observation"),
        ('{"id": 1, "observations": [{"a": {}}]}', '"a" has to be text'),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(folder: Path, line: str, said: str) -> None:
    result = run(folder, "match", given=f"{line}\n{json.dumps(LINE)}\n")
    assert result.exit_code == 2
    assert f"-:1: {said}" in result.stderr
    assert "1 lines could not be read and have no answer; the other 1 have one" in result.stderr
    assert json.loads(result.stdout)["id"] == "one"


def test_match_takes_bytes_that_are_no_text_and_hides_escapes(folder: Path) -> None:
    line = json.dumps({"id": 1, "observations": [{"mdns.service": "_acme._tcp", "mdns.txt.model": "DC-7\x1b\u202e"}]})
    result = run(folder, "match", given=b"\xff\xfe\n" + line.encode() + b"\n")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["model"] == "DC-7"


def test_match_names_a_file_that_is_not_there(folder: Path) -> None:
    assert "nowhere.jsonl cannot be read" in run(folder, "match", "nowhere.jsonl").stderr


def test_check_says_that_all_hold_or_what_does_not(folder: Path) -> None:
    assert "1 fingerprints, 2 examples: all hold" in run(folder, "check").stdout
    bad = folder / "doorbell" / "bad.yaml"
    bad.write_text("id: bad\n")
    result = run(folder, "check", str(bad))
    assert result.exit_code == 1
    assert "`clues` is missing. Add it" in result.stdout


def test_a_broken_catalogue_is_refused_with_its_problems(folder: Path) -> None:
    (folder / "doorbell" / "bad.yaml").write_text("id: bad\n")
    result = run(folder, "list")
    assert result.exit_code == 2
    assert "bad.yaml:1: `name` is missing" in result.stderr


def test_keys_prints_the_vocabulary() -> None:
    result = CliRunner().invoke(catalogue_app, ["keys"])
    assert result.exit_code == 0
    assert "mdns.txt.*" in result.stdout
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line.strip()}
    assert lines["tuya.gw_id"].endswith("(personal: serial)")
    assert lines["dhcp.hostname"].endswith("(personal: name)")
    assert "personal" not in lines["mdns.service"]
    assert "what one device alone has" in result.stdout


def test_match_names_the_maker_that_a_nameless_device_tells(folder: Path) -> None:
    line = {"id": 1, "observations": [{"upnp.manufacturer": "Grandview Ltd.", "mac.address": "b8:5f:98:00:00:01"}]}
    answer = json.loads(run(folder, "match", given=json.dumps(line)).stdout)
    assert (answer["kind"], answer["maker"]) == (None, "Grandview Ltd.")
