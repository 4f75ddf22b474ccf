"""The doctor as a command: plain lines, exit code, checklist; reading this machine's facts never fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.doctor import reading
from iotsweep.doctor.facts import LINUX, Facts
from iotsweep.vendors import load_vendors
from tests.cli.laptop import command
from tests.doctor.laptops import laptop


def sit_with(monkeypatch: pytest.MonkeyPatch, facts: Facts) -> None:
    monkeypatch.setattr(reading, "read_facts", lambda catalogue, vendors: facts)


def test_a_laptop_that_is_ready_gives_exit_code_0(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_with(monkeypatch, laptop(LINUX))
    result = command("doctor")
    assert result.exit_code == 0, result.output
    assert "Nothing that limits a check was found" in result.stdout
    assert "to mend" not in result.stdout
    assert result.stdout.endswith("Nothing was sent.\n")


def test_what_limits_a_check_comes_with_its_fix_and_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_with(monkeypatch, replace(laptop(LINUX), privileged=False))
    result = command("doctor")
    assert result.exit_code == 1
    assert "to mend rights: the link layer cannot be used" in result.stdout
    assert "\n        Fix: run it with sudo" in result.stdout
    assert "1 thing limits a check" in result.stdout
    assert ".." not in result.stdout


def test_the_checklist_has_its_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_with(monkeypatch, laptop(LINUX))
    text = command("doctor", "--before-visit").stdout
    places = [text.index(f"{part} the visit\n  1. ") for part in ("Before", "During", "After")]
    assert places == sorted(places)
    assert "Never copy another device's address." in text
    assert "Before the visit" not in command("doctor").stdout


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_the_facts_of_this_machine_can_be_read_as_if_it_were_any_system(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(reading, "has_link_rights", lambda: False)  # asking would open a socket
    monkeypatch.setattr(reading, "read_interfaces", lambda: ())
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(reading, "_run", lambda *arguments: "")
    facts = reading.read_facts(load_catalogue(), load_vendors())
    assert facts.time
    assert facts.catalogue_fingerprints > 1000
    assert facts.system in {"linux", "macos", "windows", "freebsd14"}


def test_a_command_that_is_not_there_says_nothing() -> None:
    assert reading._run("/nowhere/at/all") == ""
    assert reading._read_file("/nowhere/at/all") is None
    assert reading._read_file("/") == ""
