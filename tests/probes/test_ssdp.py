"""The UPnP search."""

from __future__ import annotations

import pytest

from iotsweep.model import Observation, Profile
from iotsweep.probes.context import Hosts, ProbeSkipped
from iotsweep.probes.ssdp import LISTEN, PROBE, ROUNDS, TARGETS
from tests.probes.fake_network import FakeDoor, Sent, run_probe
from tests.wire.test_ssdp import NOTIFY, REPLY

HOST = "192.168.7.20"


def _run(door: FakeDoor, seconds: float = 10.0) -> tuple[list[Observation], Hosts, float]:
    return run_probe(PROBE, door, seconds)


def _roku(sent: Sent) -> list[tuple[bytes, str]]:
    return [(REPLY, HOST)] if b"roku:ecp" in sent[0] else []


def test_every_target_is_searched_for_in_every_round() -> None:
    door = FakeDoor()
    _run(door)
    assert len(door.sent) == len(TARGETS) * len(ROUNDS)
    assert {(address, port) for _, address, port in door.sent} == {("239.255.255.250", 1900)}


def test_a_reply_repeated_in_every_round_is_one_observation() -> None:
    seen, hosts, _ = _run(FakeDoor(answers=_roku))
    assert [(o.ip, o.first("ssdp.st")) for o in seen] == [(HOST, "upnp:rootdevice")]
    assert seen[0].sha256
    assert hosts.known() == (HOST,)


def test_an_announcement_is_heard_in_the_quiet_profile_and_nothing_is_sent() -> None:
    door = FakeDoor(announced={1900: [(NOTIFY, HOST)]}, profile=Profile.QUIET)
    seen, _, took = _run(door, seconds=30)
    assert [o.first("ssdp.st") for o in seen] == ["roku:ecp"]
    assert door.sent == []
    assert took == pytest.approx(30, abs=0.1)


def test_it_listens_for_the_slow_and_then_ends_by_itself() -> None:
    assert _run(FakeDoor())[2] == pytest.approx(LISTEN, abs=0.1)


def test_the_deadline_comes_first() -> None:
    assert _run(FakeDoor(), seconds=1.0)[2] <= 1.2


def test_a_device_with_an_address_of_another_network_is_told_but_never_asked() -> None:
    seen, hosts, _ = _run(FakeDoor(announced={1900: [(NOTIFY, "169.254.3.4")]}))
    assert [o.ip for o in seen] == ["169.254.3.4"]
    assert hosts.known() == ()


def test_this_laptops_own_words_are_passed_over() -> None:
    assert _run(FakeDoor(announced={1900: [(NOTIFY, "192.168.7.2")]}))[0] == []


def test_rubbish_stops_nothing() -> None:
    seen, _, _ = _run(FakeDoor(announced={1900: [(b"\xff\0rubbish", HOST), (NOTIFY, HOST)]}))
    assert len(seen) == 1


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with pytest.raises(ProbeSkipped, match="port 1900"):
        _run(FakeDoor(taken=frozenset({1900})))


def test_only_declared_keys_are_used() -> None:
    declared = set(PROBE.yields)
    for key, _ in _run(FakeDoor(answers=_roku))[0][0].facts:
        assert key in declared or (key.startswith("ssdp.header.") and "ssdp.header.*" in declared)
