"""The makers' own discovery questions."""

from __future__ import annotations

import pytest

from iotsweep.model import Observation, Profile
from iotsweep.probes.context import Context, Hosts
from iotsweep.probes.vendor_questions import LISTEN, PROBE, ROUNDS
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.probes.fake_network import FakeDoor, Sent, at_once, make_context
from tests.wire.test_miio import REPLIES
from tests.wire.test_pppp import ANSWERS
from tests.wire.test_tuya import PLAIN

HOST = "192.168.7.30"
PPPP = bytes.fromhex(next(iter(ANSWERS)))


def _run(door: FakeDoor, seconds: float = 10.0) -> tuple[list[Observation], Context, float]:
    seen: list[Observation] = []
    contexts: list[Context] = []

    async def run() -> None:
        contexts.append(make_context(door, seen, seconds, Hosts()))
        await PROBE.run(contexts[0])

    took = at_once(run())
    return seen, contexts[0], took


def _only_directed(sent: Sent) -> list[tuple[bytes, str]]:
    return [(PPPP, HOST)] if sent[1:] == ("192.168.7.255", 32108) else []


def test_only_listed_datagrams_leave_each_three_times_to_each_place() -> None:
    door = FakeDoor()
    _, _, took = _run(door)
    listed = {(data, question.port) for question in QUESTIONS for data in question.datagrams}
    assert {(data, port) for data, _, port in door.sent} == listed
    assert all(door.sent.count(sent) == len(ROUNDS) for sent in door.sent)
    assert took == pytest.approx(LISTEN, abs=0.5)


def test_everything_goes_to_everybody_and_nobody_in_particular() -> None:
    door = FakeDoor()
    _run(door)
    groups = {question.group for question in QUESTIONS if question.group}
    assert {address for _, address, _ in door.sent} == {"255.255.255.255", "192.168.7.255", *groups}


def test_a_camera_that_hears_only_its_networks_broadcast_is_found_once() -> None:
    seen, context, _ = _run(FakeDoor(answers=_only_directed))
    assert [(o.ip, o.first("pppp.uid"), o.first("udp.32108")) for o in seen] == [(HOST, "BATD-156362-WONJM", "open")]
    assert context.hosts.known() == (HOST,)


def test_a_reply_that_can_hold_a_token_leaves_not_even_its_hash() -> None:
    door = FakeDoor(answers=lambda sent: [(REPLIES[0], HOST)] if sent[2] == 54321 else [])
    seen, _, _ = _run(door)
    assert [(o.first("miio.device_id"), o.sha256) for o in seen] == [("260426251", "")]


def test_quiet_hears_announcements_and_sends_nothing() -> None:
    door = FakeDoor(announced={6666: [(PLAIN, HOST)]}, profile=Profile.QUIET)
    seen, _, _ = _run(door)
    assert [(o.first("tuya.announced"), o.first("udp.6666")) for o in seen] == [("plain", "heard")]
    assert door.sent == []


def test_a_port_that_is_taken_costs_only_its_own_maker() -> None:
    door = FakeDoor(answers=_only_directed, taken=frozenset({10000}))
    seen, context, _ = _run(door)
    assert len(seen) == 1
    assert len(context.limits) == 1
    assert "Foscam" in context.limits[0]
    assert "10000" in context.limits[0]


def test_our_own_broadcast_coming_back_is_passed_over() -> None:
    door = FakeDoor(announced={6666: [(PLAIN, "192.168.7.2")]})
    assert _run(door)[0] == []


def test_every_key_of_every_decoder_is_declared() -> None:
    assert {key for question in QUESTIONS for key in question.keys} <= set(PROBE.yields)


def test_a_place_that_the_guard_refuses_is_said_and_costs_nobody_else() -> None:
    door = FakeDoor(answers=_only_directed, refused=frozenset({"234.55.55.55"}))
    seen, context, _ = _run(door)
    assert len(seen) == 1
    assert "234.55.55.55" not in {address for _, address, _ in door.sent}
    assert len(context.limits) == 1
    assert "TVT" in context.limits[0]
