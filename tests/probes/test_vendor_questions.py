"""The makers' own discovery questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iotsweep.model import Observation, Profile
from iotsweep.practice.home import PracticeDevice, Truth, Vendor
from iotsweep.practice.responders.vendors import PROTOCOLS
from iotsweep.probes.context import Context, Hosts
from iotsweep.probes.vendor_questions import PROBE, ROUNDS, SETTLE
from iotsweep.probes.vendor_suspects import ASKED, SUSPECTS_MOST
from iotsweep.probes.vendor_suspects import PROBE as SUSPECTS
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.probes.fake_network import FakeDoor, Sent, at_once, make_context
from tests.wire.test_miio import REPLIES
from tests.wire.test_pppp import ANSWERS
from tests.wire.test_tuya import PLAIN

HOST, LAPTOP = "192.168.7.30", "192.168.7.2"
PPPP = bytes.fromhex(next(iter(ANSWERS)))


def _run(door: FakeDoor, seconds: float = 10.0) -> tuple[list[Observation], Context, float]:
    seen: list[Observation] = []
    contexts: list[Context] = []

    async def run() -> None:
        contexts.append(make_context(door, seen, seconds, Hosts()))
        contexts[0].settle = contexts[0].hosts.end
        await PROBE.run(contexts[0])

    took = at_once(run())
    return seen, contexts[0], took


def _only_directed(sent: Sent) -> list[tuple[bytes, str]]:
    return [(PPPP, HOST)] if sent[1:] == ("192.168.7.255", 32108) else []


def test_only_listed_datagrams_leave_in_their_rounds_to_each_place() -> None:
    door = FakeDoor()
    _, _, took = _run(door)
    times = {(data, question.port): question.times for question in QUESTIONS for data in question.asked(LAPTOP)}
    assert {(data, port) for data, _, port in door.sent} == set(times)
    for sent in set(door.sent):
        assert door.sent.count(sent) == times[sent[0], sent[2]] <= len(ROUNDS)
    assert took == pytest.approx(SETTLE, abs=0.1)


def test_everything_goes_to_everybody_and_nobody_in_particular() -> None:
    door = FakeDoor()
    _run(door)
    groups = {question.group for question in QUESTIONS if question.group and question.asked(LAPTOP)}
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


def test_a_port_that_is_taken_costs_only_its_own_makers() -> None:
    door = FakeDoor(answers=_only_directed, taken=frozenset({10000}))
    seen, context, _ = _run(door)
    assert len(seen) == 1
    assert len(context.limits) == 1
    assert "Foscam and Vivotek" in context.limits[0]
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


def test_two_makers_on_one_port_are_told_apart_by_what_they_say() -> None:
    tuya_device, gree_device = "192.168.7.31", "192.168.7.32"
    foscam_camera, vivotek_camera = "192.168.7.33", "192.168.7.34"

    def answers(sent: Sent) -> list[tuple[bytes, str]]:
        if sent[1:] != ("192.168.7.255", 7000):
            return []
        return [(_build("tuya-3.5"), tuya_device), (_build("gree"), gree_device)]

    announced = {10000: [(_build("foscam"), foscam_camera), (_build("vivotek"), vivotek_camera)]}
    seen, _, _ = _run(FakeDoor(answers=answers, announced=announced))
    told = {o.ip: {key.partition(".")[0] for key, _ in o.facts} - {"udp"} for o in seen}
    assert told == {
        tuya_device: {"tuya"},
        gree_device: {"gree"},
        foscam_camera: {"foscam"},
        vivotek_camera: {"vivotek"},
    }


def _build(protocol: str) -> bytes:
    device = PracticeDevice("thing", Truth(), "192.168.7.77", "a0:b1:c2:03:04:05")
    return PROTOCOLS[protocol].build(device, Vendor(protocol, id="1", name="Hall", model="M1", firmware="1"))


def test_answers_to_a_fixed_port_or_a_group_are_heard() -> None:
    announced = {
        port: [(_build(name), HOST)]
        for port, name in ((10009, "v380"), (34569, "xmeye"), (37020, "sadp"), (23456, "tvt"), (5683, "coiot"),
                           (6667, "tuya"), (4002, "govee"), (1758, "bosch"), (10669, "panasonic"), (3000, "reolink"))
    }  # fmt: skip
    seen, _, _ = _run(FakeDoor(announced=announced))
    told = {key.partition(".")[0] for o in seen for key, _ in o.facts} - {"udp"}
    assert told == {"v380", "dvrip", "sadp", "tvt", "coap", "tuya", "govee", "bosch", "panasonic", "reolink"}


def test_nothing_is_ever_sent_back_to_who_answered() -> None:
    door = FakeDoor(answers=_only_directed)
    _run(door)
    assert HOST not in {address for _, address, _ in door.sent}


def test_every_group_is_joined_in_which_somebody_answers() -> None:
    joined: set[str | None] = set()

    class Noting(FakeDoor):
        def datagrams(self, *, port: int = 0, group: str | None = None) -> Any:  # noqa: ANN401
            joined.add(group)
            return super().datagrams(port=port, group=group)

    _run(Noting())
    assert {"239.255.255.250", "234.55.55.55", "234.55.55.56", "224.0.1.187"} <= joined


# --- one by one -----------------------------------------------------------------------------------------------------


def _ask_suspects(door: FakeDoor, suspects: tuple[str, ...]) -> tuple[list[Observation], Context]:
    seen: list[Observation] = []
    contexts: list[Context] = []

    async def run() -> None:
        hosts = Hosts()
        for ip in (*suspects, "192.168.7.99"):
            hosts.add(ip)
        hosts.close()
        contexts.append(replace(make_context(door, seen, 20.0, hosts), is_named=lambda ip: ip not in suspects))
        await SUSPECTS.run(contexts[0])

    at_once(run())
    return seen, contexts[0]


def test_only_devices_without_a_name_are_asked_one_by_one_and_never_the_router() -> None:
    door = FakeDoor()
    _ask_suspects(door, (HOST, "192.168.7.1"))
    assert {address for _, address, _ in door.sent} == {HOST}
    assert {(data, port) for data, _, port in door.sent} == {(d, q.port) for q in ASKED for d in q.asked(LAPTOP)}
    assert len(door.sent) < 50
    assert len(door.sent) == len(set(door.sent))


def test_an_answer_ends_the_questions_to_that_one() -> None:
    def answers(sent: Sent) -> list[tuple[bytes, str]]:
        return [(PPPP, HOST)] if sent[1:] == (HOST, 32108) else []

    door = FakeDoor(answers=answers)
    seen, _ = _ask_suspects(door, (HOST, "192.168.7.31"))
    assert [o.first("pppp.uid") for o in seen if o.ip == HOST] == ["BATD-156362-WONJM"]
    to_host = [sent for sent in door.sent if sent[1] == HOST]
    to_other = [sent for sent in door.sent if sent[1] != HOST]
    assert to_host[-1][2] == 32108
    assert len(to_host) < len(to_other)


def test_nobody_is_asked_when_all_have_a_name() -> None:
    door = FakeDoor()
    _ask_suspects(door, ())
    assert door.sent == []


def test_more_than_a_network_of_suspects_is_said() -> None:
    _, context = _ask_suspects(FakeDoor(), tuple(f"192.168.7.{n}" for n in range(10, 10 + SUSPECTS_MOST + 3)))
    assert context.limits == ["3 devices without a name were not asked one by one"]
