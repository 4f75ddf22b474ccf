"""`iotsweep scan`: what it refuses before anything is sent, and what a dry run shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from iotsweep.model import Profile
from iotsweep.network.interfaces import Interface
from iotsweep.probes import all_probes
from tests.cli.laptop import HOME, LARGE, OTHER, PUBLIC, VPN, command, sit_at

AGREED = ("--no-input", "--consent", "owner")


@pytest.mark.parametrize(
    ("interfaces", "options", "says"),
    [
        ([HOME], [], "nobody agreed to the check: run it in a terminal, or add --consent"),
        ([HOME], ["--consent", "owner"], "nobody agreed to the check"),
        ([HOME], ["--no-input"], "--no-input needs --consent owner|tenant|occupant|account-holder"),
        ([PUBLIC], AGREED, "93.184.215.0/24 is not a private home network"),
        ([HOME], [*AGREED, "--network", "8.8.8.0/24"], "8.8.8.0/24 is not a private home network"),
        ([LARGE], AGREED, "more than the 4,096 of a /20: choose a part of it, for example --network 10.1.0.0/20"),
        ([HOME], [*AGREED, "--network", "10.0.0.0/24"], "this laptop is not on the network 10.0.0.0/24"),
        ([HOME], [*AGREED, "--network", "home"], "'home' is not an IPv4 network: write it like 192.168.1.0/24"),
        ([HOME], [*AGREED, "--interface", "wlan7"], "no interface 'wlan7' with an IPv4 address here: choose one of"),
        ([HOME, OTHER], AGREED, "on several networks: choose one of wlan0 (192.168.7.2/24), eth0 (10.0.0.9/24) with"),
        ([HOME], [*AGREED, "--suspect", "192.168.8.9"], "192.168.8.9 is not a device of 192.168.7.0/24: give the"),
        ([HOME], [*AGREED, "--suspect", "192.168.7.255"], "192.168.7.255 is not a device of 192.168.7.0/24"),
        ([HOME], [*AGREED, "--suspect", "192.168.7.2"], "192.168.7.2 is this laptop itself"),
        ([HOME], [*AGREED, "--suspect", "the clock"], "'the clock' is not an IPv4 address: write it like 192.168.1.23"),
        ([HOME], [*AGREED, "--suspect", "192.168.7.9", "--profile", "quiet"], "the quiet profile asks none"),
        ([], AGREED, "this laptop has no network: connect this laptop to the home's Wi-Fi or router"),
        ([VPN], AGREED, "no usable network here (wg0: it is a VPN or tunnel): connect this laptop"),
    ],
    ids=lambda value: None if isinstance(value, str) else " ".join(map(str, value))[:40],
)
def test_a_refusal_is_one_sentence_and_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, interfaces: Sequence[Interface], options: Sequence[str], says: str
) -> None:
    sit_at(monkeypatch, *interfaces)
    result = command("scan", *options)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert result.stderr.startswith("iotsweep: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("option", [["--profile", "loud"], ["--consent", "me"], ["--router", "them"], ["--bogus"]])
def test_an_option_that_does_not_exist_is_refused_with_what_to_choose_from(
    monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    sit_at(monkeypatch, HOME)
    result = command("scan", *option)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert option[-1] in result.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("there.json", "is there already: choose another name, or add --replace"),
        ("nowhere/visit.json", "is not there: make it first, or choose another name"),
        (".", "is a folder: give the name of a file in it"),
    ],
)
def test_evidence_that_could_not_be_saved_is_refused_before_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / "there.json").write_text("precious")
    sit_at(monkeypatch, HOME)
    result = command("scan", *AGREED, "--save", str(tmp_path / name))
    assert result.exit_code == 2
    assert says in result.stderr
    assert (tmp_path / "there.json").read_text() == "precious"


def test_a_folder_that_takes_no_files_is_refused_before_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sit_at(monkeypatch, HOME)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    result = command("scan", *AGREED, "--save", str(tmp_path / "visit.json"))
    assert result.exit_code == 2
    assert "nothing can be written into the folder" in result.stderr


@pytest.mark.parametrize("profile", list(Profile))
def test_a_dry_run_says_what_every_probe_sends_and_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, profile: Profile
) -> None:
    sit_at(monkeypatch, HOME)
    result = command("scan", "--dry-run", "--profile", profile)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("This is a dry run: nothing is sent.\nNetwork: 192.168.7.0/24 through wlan0")
    for probe in all_probes():
        if profile in probe.profiles and not probe.on_request:
            assert probe.sends in result.stdout
            assert probe.side_effects in result.stdout
    assert ("Never touched: 9100-9116, 8001, 8002." in result.stdout) == (profile is not Profile.QUIET)


def test_a_dry_run_of_another_network_is_refused_like_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME)
    assert command("scan", "--dry-run", "--network", "8.8.8.0/24").exit_code == 2


def test_nmap_is_named_in_a_dry_run_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME)
    assert "\nnmap (" not in command("scan", "--dry-run", "--profile", "thorough").stdout
    assert "\nnmap (" in command("scan", "--dry-run", "--profile", "thorough", "--nmap").stdout


def test_a_deep_check_is_told_with_its_length_in_a_dry_run_and_only_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sit_at(monkeypatch, HOME)
    assert "deep-pppp" not in command("scan", "--dry-run").stdout
    shown = command("scan", "--dry-run", "--suspect", "192.168.7.9").stdout
    assert "Deep check of 192.168.7.9" in shown
    assert "\ndeep-pppp (deep)\n" in shown
    assert "157,092" in shown


def test_what_the_deep_check_does_is_said_before_anybody_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME)
    result = command("scan", "--suspect", "192.168.7.9")
    assert result.exit_code == 2
    assert "The deep check of 192.168.7.9" in result.stderr
    assert "5 minutes and 20 seconds" in result.stderr
    assert "Ctrl-C" in result.stderr
