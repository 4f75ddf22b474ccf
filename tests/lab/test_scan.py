"""A real `iotsweep scan` of homes made of software that we did not write, judged by what the wire showed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.conduct import MOST_CONNECTIONS, most_connections, never_touched, other_dns, outside_scope
from tests.lab.home import Home
from tests.lab.node import GATEWAY, LAPTOP_MAC, NETWORK
from tests.lab.scans import ORDINARY, SURE, Scanned, account_problems, scan, score
from tests.lab.services import failing_services

pytestmark = pytest.mark.lab
LONGEST = 8.0  # seconds for a whole standard scan, start-up included


@dataclass(frozen=True)
class Visit:
    """One scan of one home; most tests ask about the same visit."""

    home: Home
    scanned: Scanned
    silent_before: list[str]
    silent_after: list[str]


def _visit(home: Home, folder: Path, prefix: tuple[str, ...] = ()) -> Visit:
    before = failing_services(home)
    scanned = scan(home, folder, ["--plain"], prefix)
    assert scanned.report, f"nothing was saved: {scanned.output}"
    return Visit(home, scanned, before, failing_services(home))


@pytest.fixture(scope="module")
def family_visit(family: Home, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return _visit(family, tmp_path_factory.mktemp("family"))


@pytest.fixture(scope="module")
def second_visit(second: Home, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return _visit(second, tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="module")
def ordinary_visit(second: Home, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return _visit(second, tmp_path_factory.mktemp("ordinary"), ORDINARY)


@pytest.fixture(params=["family_visit", "second_visit", "ordinary_visit"])
def visit(request: pytest.FixtureRequest) -> Visit:
    made: Visit = request.getfixturevalue(request.param)
    return made


def test_every_device_is_found(visit: Visit) -> None:
    missed = [node.name for node in visit.home.layout.nodes if not visit.scanned.found(node)]
    assert missed == []


def test_no_device_is_counted_twice(visit: Visit) -> None:
    macs = [mac for finding in visit.scanned.report["findings"] for mac in finding["device"]["macs"]]
    assert sorted(macs) == sorted({*macs})
    assert {node.mac for node in visit.home.layout.nodes} >= {*macs} - {LAPTOP_MAC}


def test_at_least_20_of_25_kinds_are_right(family_visit: Visit) -> None:
    result = score(family_visit.home.layout, family_visit.scanned)
    assert result.right >= 20, f"not named: {result.unnamed}"


def test_most_kinds_of_the_second_home_are_right(second_visit: Visit) -> None:
    result = score(second_visit.home.layout, second_visit.scanned)
    assert result.right >= 10, f"not named: {result.unnamed}"


def test_no_kind_is_wrong_with_confidence(visit: Visit) -> None:
    assert score(visit.home.layout, visit.scanned).wrong == ()


def test_a_maker_that_the_device_tells_is_not_a_wrong_one(visit: Visit) -> None:
    told = {node.mac: node.maker for node in visit.home.layout.nodes if node.maker}
    findings = {mac: finding for finding in visit.scanned.report["findings"] for mac in finding["device"]["macs"]}
    wrong = {
        mac: (maker, findings[mac]["maker"])
        for mac, maker in told.items()
        if mac in findings and findings[mac]["maker"] and findings[mac]["confidence"] in SURE
        if maker.split()[0].lower() not in findings[mac]["maker"].lower()
    }
    assert wrong == {}


def test_a_name_that_the_router_knows_is_shown(family_visit: Visit) -> None:
    phone = family_visit.scanned.finding(family_visit.home.layout.node("phone"))
    assert any("annas-iphone" in name.lower() for name in phone["device"]["names"])


def test_a_scan_of_25_devices_is_quick(family_visit: Visit) -> None:
    assert family_visit.scanned.code in {0, 1}, family_visit.scanned.output
    assert family_visit.scanned.seconds <= LONGEST


def test_every_service_still_answers_after_the_scan(visit: Visit) -> None:
    assert visit.silent_before == []
    assert visit.silent_after == []


def test_nothing_goes_outside_the_scope(visit: Visit) -> None:
    assert visit.scanned.watch.sent
    assert outside_scope(visit.scanned.watch.packets, NETWORK) == []


def test_the_only_dns_is_reverse_look_ups_at_the_gateway(visit: Visit) -> None:
    assert other_dns(visit.scanned.watch.packets, NETWORK, GATEWAY) == []


def test_print_ports_and_remote_control_channels_are_never_touched(visit: Visit) -> None:
    assert never_touched(visit.scanned.watch.packets) == []


def test_no_device_has_more_than_three_connections_open_at_a_time(visit: Visit) -> None:
    too_many = {ip: n for ip, n in most_connections(visit.scanned.watch.packets).items() if n > MOST_CONNECTIONS}
    assert too_many == {}


def test_the_evidence_accounts_for_every_packet(visit: Visit) -> None:
    assert account_problems(visit.scanned) == []


def test_a_scan_without_administrator_rights_says_what_it_lost(ordinary_visit: Visit) -> None:
    assert not ordinary_visit.scanned.report["tool"]["privileged"]
    said = [run for run in ordinary_visit.scanned.report["runs"] if run["skipped"] or run["limits"]]
    assert said
