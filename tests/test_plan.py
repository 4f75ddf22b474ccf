"""Which probes a sweep runs, how long it may take, and what a dry run says about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.model import Profile
from iotsweep.plan import describe, make_plan
from iotsweep.sweep import Plan
from tests.fakes import SCOPE


@pytest.fixture(autouse=True)
def _no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iotsweep.stamp.has_link_rights", lambda: False)  # asking would open one


def planned(profile: Profile, network: str = "192.168.7.0/24", *, nmap: bool = False) -> Plan:
    """The plan of one profile for one network."""
    return make_plan(replace(SCOPE, profile=profile, network=network), load_catalogue(), nmap=nmap)


def names(plan: Plan) -> set[str]:
    """The probes of a plan."""
    return {probe.name for probe in plan.probes}


def test_every_probe_of_a_plan_belongs_to_its_profile() -> None:
    for profile in Profile:
        plan = planned(profile, nmap=True)
        assert plan.probes
        assert all(profile in probe.profiles for probe in plan.probes)


def test_each_profile_asks_in_more_ways_than_the_one_before() -> None:
    quiet, standard, thorough = (names(planned(profile)) for profile in Profile)
    assert quiet - {"listen"} < standard <= thorough


def test_a_quiet_check_opens_no_connection_to_any_device() -> None:
    assert names(planned(Profile.QUIET)).isdisjoint({"arp", "ports", "upnp", "reverse-names", "nmap"})


def test_nmap_runs_only_when_it_was_asked_for() -> None:
    assert "nmap" not in names(planned(Profile.STANDARD)) | names(planned(Profile.THOROUGH))
    assert "nmap" in names(planned(Profile.STANDARD, nmap=True))
    assert planned(Profile.STANDARD, nmap=True).seconds > planned(Profile.STANDARD).seconds


def test_a_larger_network_gets_more_time() -> None:
    assert planned(Profile.STANDARD, "10.0.0.0/20").seconds > planned(Profile.STANDARD, "10.0.0.0/24").seconds


def test_a_dry_run_names_every_probe_with_what_it_sends_and_what_can_be_noticed() -> None:
    plan = planned(Profile.STANDARD)
    text = describe(plan)
    for probe in plan.probes:
        assert f"\n{probe.name} ({probe.stage})\n  sends: {probe.sends}\n  can be noticed: {probe.side_effects}" in text
    assert f"TCP ports asked: {', '.join(map(str, plan.catalogue.ports()))}" in text


def test_a_dry_run_of_listening_names_no_ports() -> None:
    assert "TCP ports" not in describe(planned(Profile.QUIET))
