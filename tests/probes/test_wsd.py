"""The WS-Discovery search."""

from __future__ import annotations

import pytest

from iotsweep.model import Observation, Profile
from iotsweep.probes.context import Hosts, ProbeSkipped
from iotsweep.probes.wsd import FORMS, LISTEN, PROBE, ROUNDS
from tests.probes.fake_network import FakeDoor, Sent, run_probe
from tests.wire.test_wsd import CAMERA, METADATA

HOST = "192.168.7.22"
COMPUTER = CAMERA.replace(b"http://www.onvif.org/ver10/device/wsdl", b"http://schemas.xmlsoap.org/ws/2006/02/devprof")
COMPUTER = COMPUTER.replace(b"http://192.168.50.22:2020/onvif/device_service", b"http://192.168.7.22:5357/1")
UNRESOLVED = COMPUTER.replace(b"<d:XAddrs>http://0.0.0.0/ http://192.168.7.22:5357/1 http://[::1</d:XAddrs>", b"")
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(METADATA) + METADATA


def _run(door: FakeDoor, seconds: float = 10.0) -> tuple[list[Observation], Hosts, float]:
    return run_probe(PROBE, door, seconds)


def _video_only(sent: Sent) -> list[tuple[bytes, str]]:
    return [(CAMERA, HOST)] if b"NetworkVideoTransmitter" in sent[0] else []


def test_a_camera_that_answers_one_form_only_is_found_once() -> None:
    door = FakeDoor(answers=_video_only)
    seen, hosts, took = _run(door)
    assert [o.first("onvif.hardware") for o in seen] == ["C210"]
    assert hosts.known() == (HOST,)
    assert len(door.sent) == len(FORMS) * len(ROUNDS)
    assert took == pytest.approx(LISTEN, abs=0.1)
    assert {key for o in seen for key, _ in o.facts} <= set(PROBE.yields)


def test_a_camera_is_sent_nothing_over_tcp() -> None:
    door = FakeDoor(answers=_video_only, pages={(HOST, 2020): PAGE})
    _run(door)
    assert door.requests == []


def test_a_computer_is_asked_for_its_own_description() -> None:
    door = FakeDoor(announced={3702: [(COMPUTER, HOST)]}, pages={(HOST, 5357): PAGE})
    seen, _, _ = _run(door)
    assert [o.first("wsd.computer") for o in seen] == [None, "ANNA-PC/Workgroup:HOME"]
    assert len(door.requests) == 1
    assert b"2004/09/transfer/Get" in door.requests[0][2]


def test_a_computer_that_gave_no_address_is_asked_for_it_once() -> None:
    def resolve(sent: Sent) -> list[tuple[bytes, str]]:
        return [(COMPUTER, HOST)] if b"Resolve>" in sent[0] else [(UNRESOLVED, HOST)]

    door = FakeDoor(answers=resolve, pages={(HOST, 5357): PAGE})
    seen, _, _ = _run(door)
    assert sum(b"<d:Resolve>" in data for data, _, _ in door.sent) == 1
    assert [o.first("wsd.name") for o in seen if o.first("wsd.name")] == ["PC"]


def test_quiet_hears_and_sends_nothing() -> None:
    door = FakeDoor(announced={3702: [(COMPUTER, HOST)]}, pages={(HOST, 5357): PAGE}, profile=Profile.QUIET)
    seen, _, _ = _run(door)
    assert len(seen) == 1
    assert (door.sent, door.requests) == ([], [])


def test_a_description_on_another_host_is_never_read() -> None:
    elsewhere = COMPUTER.replace(b"192.168.7.22:5357", b"192.168.7.9:5357")
    door = FakeDoor(announced={3702: [(elsewhere, HOST)]}, pages={("192.168.7.9", 5357): PAGE})
    _run(door)
    assert door.requests == []


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with pytest.raises(ProbeSkipped, match="port 3702"):
        _run(FakeDoor(taken=frozenset({3702})))
