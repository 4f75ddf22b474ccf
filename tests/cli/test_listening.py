"""The look before anything is asked, and what happens when a box here tells its owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from iotsweep.probes import neighbours
from iotsweep.sweep import Plan
from iotsweep.wire.neighbours import Neighbour
from tests.cli.laptop import HOME, command, sit_at
from tests.test_monitors import EERO, FIREWALLA, GATEWAY, TP_LINK

AGREED = ("--no-input", "--consent", "owner")


def know(monkeypatch: pytest.MonkeyPatch, mac: str) -> None:
    """The gateway stands in this laptop's neighbour table with this MAC address."""

    async def read_table() -> tuple[Neighbour, ...]:
        return (Neighbour(GATEWAY, mac, "wlan0"),)

    sit_at(monkeypatch, HOME)
    monkeypatch.setattr(neighbours, "read_table", read_table)


@pytest.mark.parametrize(("mac", "box"), [(FIREWALLA, "Firewalla"), (EERO, "eero mesh Wi-Fi")])
def test_a_script_stops_with_one_sentence_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, mac: str, box: str
) -> None:
    know(monkeypatch, mac)
    result = command("scan", *AGREED, "--router", "other")
    assert result.exit_code == 2
    assert f"We saw {box} at {GATEWAY}." in result.stderr
    assert "add --despite-monitor" in result.stderr
    assert result.stderr.count("\n") == 1


def begun(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans of the checks that began; each of them ends at once."""
    plans: list[Plan] = []

    def begin(plan: Plan, plain: bool, stopping: object) -> None:
        plans.append(plan)
        raise SystemExit(0)

    monkeypatch.setattr("iotsweep.cli.running.run", begin)
    return plans


def test_a_check_goes_on_without_such_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, TP_LINK)
    plans = begun(monkeypatch)
    command("scan", *AGREED)
    assert [plan.before for plan in plans] == [()]


def test_a_check_that_goes_on_despite_such_a_box_says_so_and_writes_it_down(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, FIREWALLA)
    plans = begun(monkeypatch)
    result = command("scan", *AGREED, "--despite-monitor")
    assert "We saw Firewalla" in result.stderr
    assert "goes on, as --despite-monitor says" in result.stderr
    (run,) = plans[0].before
    assert "We saw Firewalla" in run.limits[0]
    assert "decided to go on all the same" in run.limits[0]


def test_a_quiet_check_asks_nobody_and_is_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, FIREWALLA)
    plans = begun(monkeypatch)
    result = command("scan", *AGREED, "--profile", "quiet", "--for", "15m")
    assert [plan.longest for plan in plans] == [900]
    assert "Listening for up to 15 minutes" in result.stderr
    assert "It may also keep a clip" in result.stderr
    assert "tell the account holder" in result.stderr


def test_a_person_is_asked_and_stopping_is_the_answer_that_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, FIREWALLA)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("iotsweep.cli.gate.ask_consent", _agree)
    result = command("scan", given=b"\n")
    assert result.exit_code == 2
    assert "You could stop here and look at devices by eye" in result.stderr
    assert "Joining the Wi-Fi may already have been noticed" in result.stderr
    assert "stopped before anything was asked" in result.stderr


def _agree(scopes: list[object], role: object, router: object) -> tuple[object, ...]:
    from iotsweep.cli.gate import consent_by_option
    from iotsweep.model import ConsentRole

    return tuple(consent_by_option(ConsentRole.OWNER, None) for _ in scopes)


@pytest.mark.parametrize("time", ["soon", "15", "1s", "2d"])
def test_a_time_that_cannot_be_read_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, time: str) -> None:
    know(monkeypatch, TP_LINK)
    result = command("scan", *AGREED, "--for", time)
    assert result.exit_code == 2
    assert "write it like 90s, 15m or 1h" in result.stderr or "choose from 5s to 24h" in result.stderr


def test_a_dry_run_says_what_is_sent_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, TP_LINK)
    quiet = command("scan", "--dry-run", "--profile", "quiet", "--for", "30m").stdout
    assert "At most 30 minutes." in quiet
    assert "IGMP and MLD" in quiet
    standard = command("scan", "--dry-run", "--for", "10m").stdout
    assert "After the first pass, until 10 minutes are over, it listens on." in standard
    assert "Once a minute after the first pass" in standard
    assert "Once a minute" not in command("scan", "--dry-run").stdout


def test_nothing_is_saved_when_it_stops(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    know(monkeypatch, FIREWALLA)
    assert command("scan", *AGREED, "--save", str(tmp_path / "visit.json")).exit_code == 2
    assert list(tmp_path.iterdir()) == []
