"""What else the laptop is connected to: each other network and tunnel is one sentence, and nothing is sent."""

from __future__ import annotations

import pytest

from iotsweep.network.interfaces import Interface
from iotsweep.probes import Probe, surroundings
from iotsweep.probes.surroundings import PROBE, SurroundingsProbe, describe_others
from tests.fakes import SCOPE
from tests.probes.fake_network import FakeDoor, at_once, make_context

OWN = Interface("eth0", "192.168.7.2", 24, SCOPE.mac)
OTHER = Interface("wlan0", "10.0.0.9", 24, "02:00:00:00:00:09")


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


def test_another_network_is_said_and_ours_is_not() -> None:
    (said,) = describe_others((OWN, OTHER), SCOPE)
    assert said == "This laptop is also on 10.0.0.0/24 (wlan0). That network was not looked at."


def test_a_network_that_the_same_check_looks_at_is_said_so() -> None:
    (said,) = describe_others((OWN, OTHER), SCOPE, ["10.0.0.0/24"])
    assert said.endswith("was part of the same check and has a report of its own.")


def test_a_part_of_the_network_names_the_whole() -> None:
    (said,) = describe_others((Interface("eth0", "192.168.7.2", 22, SCOPE.mac),), SCOPE)
    assert said == "Only 192.168.7.0/24 was asked; the laptop's whole network is 192.168.4.0/22."


@pytest.mark.parametrize(("up", "sentences"), [(True, 1), (False, 0)])
def test_a_tunnel_that_is_on_is_said(up: bool, sentences: int) -> None:
    vpn = Interface("wg0", "10.8.0.2", 24, "", up=up, passed_over="it is a VPN or tunnel")
    said = list(describe_others((OWN, vpn), SCOPE))
    assert len(said) == sentences
    assert all("VPN or another tunnel is on (wg0)" in sentence for sentence in said)


def test_they_become_limits_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "read_interfaces", lambda: (OWN, OTHER))
    limits: list[str] = []
    door = FakeDoor()

    async def go() -> None:
        context = make_context(door, [])
        await SurroundingsProbe().run(context)
        limits.extend(context.limits)

    at_once(go())
    assert len(limits) == 1
    assert door.sent == []
