"""Several networks in one command: what is refused, what each report holds, and how all of it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iotsweep.cli.several import name_files, say_both
from iotsweep.model import Device, DeviceRole, Observation, Report, Scope
from iotsweep.probes import neighbours
from iotsweep.sweep import Plan
from iotsweep.wire.neighbours import Neighbour
from tests.cli.laptop import HOME, OTHER, command, sit_at
from tests.cli.test_lab import IOTSWEEP, shell
from tests.cli.test_listening import begun
from tests.evidence.reports import sample
from tests.fakes import SCOPE
from tests.probes.unasked import FIREWALLA

AGREED = ("--no-input", "--consent", "owner")
BOTH = ("--interface", "wlan0", "--interface", "eth0")
TWIN = replace(OTHER, address="192.168.7.9", gateway="192.168.7.1")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([*BOTH, "--network", "10.0.0.0/25"], "--network is a part of one network: give one --interface with it"),
        ([*BOTH, "--save", "-"], "standard output holds one report: give --save a file name"),
        ([*BOTH, "--interface", "wlan7"], "no interface 'wlan7' with an IPv4 address here"),
        ([*BOTH, "--suspect", "172.16.0.9"], "172.16.0.9 is not a device of 192.168.7.0/24"),
    ],
    ids=str,
)
def test_what_does_not_go_with_several_networks_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, options: list[str], says: str
) -> None:
    sit_at(monkeypatch, HOME, OTHER)
    result = command("scan", *AGREED, *options)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_networks_that_share_addresses_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME, TWIN)
    result = command("scan", *AGREED, *BOTH)
    assert result.exit_code == 2
    assert "wlan0 (192.168.7.0/24) and eth0 (192.168.7.0/24) share addresses" in result.stderr


def test_a_file_that_is_there_already_stops_before_any_network_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sit_at(monkeypatch, HOME, OTHER)
    (tmp_path / "visit-eth0.json").write_text("precious")
    result = command("scan", *AGREED, *BOTH, "--save", str(tmp_path / "visit.json"))
    assert result.exit_code == 2
    assert "visit-eth0.json is there already" in result.stderr


def test_a_dry_run_shows_every_network_and_the_deep_check_where_its_device_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME, OTHER)
    shown = command("scan", "--dry-run", *BOTH, "--suspect", "10.0.0.23").stdout
    first, second = shown.split("This is a dry run: nothing is sent.")[1:]
    assert "Network: 192.168.7.0/24 through wlan0" in first
    assert "Network: 10.0.0.0/24 through eth0" in second
    assert "Deep check" not in first
    assert "Deep check of 10.0.0.23" in second


def test_the_same_interface_named_twice_is_one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at(monkeypatch, HOME, OTHER)
    shown = command("scan", "--dry-run", "--interface", "eth0", "--interface", "eth0").stdout
    assert shown.count("This is a dry run") == 1


def test_a_box_that_tells_stops_its_own_network_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_table() -> tuple[Neighbour, ...]:
        return (Neighbour("10.0.0.1", FIREWALLA, "eth0"),)

    sit_at(monkeypatch, HOME, OTHER)
    monkeypatch.setattr(neighbours, "read_table", read_table)
    plans = begun(monkeypatch)
    result = command("scan", *AGREED, *BOTH)
    assert "10.0.0.0/24 (eth0) is left out. We saw Firewalla at 10.0.0.1." in result.stderr
    assert [plan.scope.interface for plan in plans] == ["wlan0"]


def test_where_every_network_has_such_a_box_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_table() -> tuple[Neighbour, ...]:
        return (Neighbour("10.0.0.1", FIREWALLA, "eth0"), Neighbour("192.168.7.1", FIREWALLA, "wlan0"))

    sit_at(monkeypatch, HOME, OTHER)
    monkeypatch.setattr(neighbours, "read_table", read_table)
    plans = begun(monkeypatch)
    result = command("scan", *AGREED, *BOTH)
    assert result.exit_code == 2
    assert "no network is left to check" in result.stderr
    assert plans == []


class Runs:
    """In place of sweeps: a report for each plan, and whatever else happens meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, stopped_in: int = -1) -> None:
        self.plans: list[Plan] = []
        self.stopped_in = stopped_in

        async def nobody() -> tuple[Neighbour, ...]:
            return ()

        sit_at(monkeypatch, HOME, OTHER)
        monkeypatch.setattr(neighbours, "read_table", nobody)
        monkeypatch.setattr("iotsweep.cli.running.run", self.run)

    def run(self, plan: Plan, plain: bool, stopping: Any) -> Report:  # noqa: ANN401
        self.plans.append(plan)
        stopping.asked = len(self.plans) - 1 == self.stopped_in
        return replace(sample(), scope=plan.scope, partial=None)


def test_each_network_gets_a_report_and_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runs = Runs(monkeypatch)
    result = command("scan", *AGREED, *BOTH, "--save", str(tmp_path / "visit.json"))
    saved = {path.name: json.loads(path.read_text())["scope"]["network"] for path in tmp_path.iterdir()}
    assert saved == {"visit-wlan0.json": "192.168.7.0/24", "visit-eth0.json": "10.0.0.0/24"}
    assert "Network 1 of 2: 192.168.7.0/24 through wlan0." in result.stderr
    assert "Network 2 of 2: 10.0.0.0/24 through eth0." in result.stderr
    assert all(plan.scope.consent for plan in runs.plans)


def test_stopping_by_hand_ends_the_rest_as_well_and_says_what_was_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(monkeypatch, stopped_in=0)
    result = command("scan", *AGREED, *BOTH, "--for", "15m")
    assert result.exit_code == 130
    assert len(runs.plans) == 1
    assert "10.0.0.0/24 through eth0 was not checked: it was stopped by hand before" in result.stderr


@pytest.mark.parametrize("options", [["--for", "15m"], ["--profile", "quiet"], ["--profile", "quiet", "--for", "15m"]])
def test_ending_a_listening_by_hand_is_no_interruption(monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    Runs(monkeypatch, stopped_in=0)
    assert command("scan", *AGREED, "--interface", "eth0", *options).exit_code == 0
    Runs(monkeypatch, stopped_in=1)
    assert command("scan", *AGREED, *BOTH, *options).exit_code == 0


def test_stopping_any_other_check_by_hand_is_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    Runs(monkeypatch, stopped_in=0)
    assert command("scan", *AGREED, "--interface", "eth0").exit_code == 130


def test_a_report_that_cannot_be_saved_does_not_cost_the_other_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs = Runs(monkeypatch)
    wlan, saved = tmp_path / "visit-wlan0.json", tmp_path / "visit.json"

    def take_name(plan: Plan, plain: bool, stopping: object) -> Report:
        wlan.exists() or wlan.write_text("precious")
        return runs.run(plan, plain, stopping)

    monkeypatch.setattr("iotsweep.cli.running.run", take_name)
    result = command("scan", *AGREED, *BOTH, "--save", str(saved))
    assert result.exit_code == 1
    assert wlan.read_text() == "precious"
    assert json.loads((tmp_path / "visit-eth0.json").read_text())["scope"]["interface"] == "eth0"


@pytest.mark.parametrize("names", [("Wi-Fi", "Ethernet 2"), ("a/b", "a b"), ("無線", "有線")])
def test_file_names_are_made_of_interfaces_and_never_lead_elsewhere(names: tuple[str, str]) -> None:
    files = name_files(Path("visits/home.json"), [replace(SCOPE, interface=name) for name in names])
    assert len(set(files)) == 2
    assert all(file is not None and file.parent == Path("visits") and file.suffix == ".json" for file in files)


def _report(scope: Scope, *devices: Device, seen: tuple[Observation, ...] = ()) -> Report:
    finding = sample().findings[0]
    return replace(
        sample(),
        scope=scope,
        observations=seen,
        findings=tuple(replace(finding, name="a camera", device=device) for device in devices),
    )


def _device(ip: str, mac: str, role: DeviceRole = DeviceRole.DEVICE, seen: tuple[int, ...] = ()) -> Device:
    return Device(f"device-{ip}", role, (mac,), (ip,), (), (), None, seen)


def test_a_device_on_both_networks_is_said_by_its_address_or_its_own_identity() -> None:
    other = replace(SCOPE, network="10.0.0.0/24", interface="wlan0")
    mac, more = "02:aa:00:00:00:01", "02:aa:00:00:00:02"
    one = _report(SCOPE, _device("192.168.7.9", mac))
    (said,) = say_both([one, _report(other, _device("10.0.0.4", mac), _device("10.0.0.5", more))])
    assert said == "On more than one of these networks: a camera, at 192.168.7.9 (eth0) and 10.0.0.4 (wlan0)."
    udn = (Observation("upnp", "", None, None, (("upnp.udn", "uuid:1"),)),)
    two = _report(SCOPE, _device("192.168.7.9", mac, seen=(0,)), seen=udn)
    assert len(list(say_both([two, _report(other, _device("10.0.0.5", more, seen=(0,)), seen=udn)]))) == 1
    laptop = DeviceRole.LAPTOP
    assert not list(say_both([_report(SCOPE, _device("1", mac, laptop)), _report(other, _device("2", mac, laptop))]))
    assert not list(say_both([one, _report(other, _device("10.0.0.5", more))]))


# --- on two wires --------------------------------------------------------------------------------------------

# Two cables from the laptop; a box with one hardware address on both, and one device more on the second.
CABLES = """
ip link set lo up
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
unshare --net sleep 60 & far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
nsenter -t $far -n sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
nsenter -t $far -n sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for n in 0 1; do
  ip link add eth$n type veth peer name far$n address 02:00:00:00:00:99
  ip link set far$n netns $far
  nsenter -t $far -n ip addr add 192.168.5$n.3/24 dev far$n
  nsenter -t $far -n ip link set far$n up
  ip addr add 192.168.5$n.2/24 dev eth$n && ip link set eth$n up
done
nsenter -t $far -n ip link add extra link far1 address 02:00:00:00:00:77 type macvlan mode bridge
nsenter -t $far -n sh -c "ip addr add 192.168.51.7/32 dev extra && ip link set extra up"
for n in 0 1; do until ip -o link show eth$n | grep -q "state UP"; do sleep 0.02; done; done
"""
SCAN = (*IOTSWEEP, "scan", "--interface", "eth0", "--interface", "eth1", *AGREED, "--plain")


def _read(folder: Path, interface: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / f"visit-{interface}.json").read_text())
    return report


def _addresses(report: dict[str, Any]) -> set[str]:
    return {ip for finding in report["findings"] for ip in finding["device"]["ipv4"]}


@pytest.mark.lab
def test_two_cables_are_checked_in_one_command_and_each_report_stays_on_its_own(tmp_path: Path) -> None:
    done = shell(CABLES + '"$@"', *SCAN, "--save", str(tmp_path / "visit.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    one, two = _read(tmp_path, "eth0"), _read(tmp_path, "eth1")
    assert _addresses(one) - {"192.168.50.2"} == {"192.168.50.3"}
    assert _addresses(two) - {"192.168.51.2"} == {"192.168.51.3", "192.168.51.7"}
    for report, other in ((one, "192.168.51."), (two, "192.168.50.")):
        places = [place["address"] for run in report["runs"] for place in run["sent"]["destinations"]]
        assert places
        assert not [place for place in places if place.startswith(other)]
        whys = [missed["why"] for missed in report["not_checked"]]
        assert any("was part of the same check and has a report of its own" in why for why in whys)
        assert not any("That network was not looked at" in why for why in whys)
    assert "at 192.168.50.3 (eth0) and 192.168.51.3 (eth1)." in done.stderr
    assert done.stderr.count("On more than one of these networks") == 1


@pytest.mark.lab
def test_a_box_that_tells_on_one_cable_keeps_that_cable_silent_and_the_other_is_checked(tmp_path: Path) -> None:
    known = f"ip neigh add 192.168.51.3 lladdr {FIREWALLA} dev eth1 nud permanent\n"
    count = "grep eth1 /proc/net/dev | tr -s ' ' | cut -d ' ' -f 12 >&2; "
    script = CABLES + known + count + '"$@" || code=$?; ' + count + "exit ${code:-0}"
    done = shell(script, *SCAN, "--save", str(tmp_path / "visit.json"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "192.168.51.0/24 (eth1) is left out. We saw Firewalla at 192.168.51.3." in done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].isdigit()
    assert lines[0] == lines[-1], "something was sent on the network that was left out"
    assert "192.168.50.3" in _addresses(_read(tmp_path, "eth0"))
    assert not (tmp_path / "visit-eth1.json").exists()


@pytest.mark.lab
def test_without_rights_nobody_is_missed_that_the_system_can_be_made_to_ask(tmp_path: Path) -> None:
    """Nothing is known before and nothing is offered: only the poke and the neighbour table can find these."""
    ordinary = "setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all"
    script = CABLES + f'test -z "$(ip neigh)"; {ordinary} "$@"'
    done = shell(script, *SCAN, "--save", str(tmp_path / "visit.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    two = _read(tmp_path, "eth1")
    assert two["tool"]["privileged"] is False
    assert _addresses(two) - {"192.168.51.2"} == {"192.168.51.3", "192.168.51.7"}
    macs = {mac for finding in two["findings"] for mac in finding["device"]["macs"]}
    assert {"02:00:00:00:00:99", "02:00:00:00:00:77"} <= macs
    (poke,) = (run for run in two["runs"] if run["probe"] == "neighbours")
    assert {(place["protocol"], place["port"]) for place in poke["sent"]["destinations"]} == {("udp", 9)}
    whys = " | ".join(missed["why"] for missed in two["not_checked"])
    assert "Without administrator rights this laptop's system asked for the addresses" in whys
    assert "ARP was left out" in whys
