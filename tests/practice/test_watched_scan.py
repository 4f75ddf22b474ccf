"""What a standard scan of the home of hidden cameras puts on the wire, judged from the frames, not from our account.

Two numbers, because "to a device" can mean two things: what is addressed to it, and what everybody hears. When this was
written, at most 114 packets were addressed to one device (the router, which is asked for names; a camera gets about
80), and 326 broadcast and multicast datagrams and some 950 ARP requests went to everybody.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from iotsweep.model import Scope
from iotsweep.network.allow_list import AllowList
from iotsweep.practice.demo import scope_of
from iotsweep.practice.loading import find_home, load_home
from iotsweep.wire import sadp
from iotsweep.wire.vendor_questions import NEVER_ASKED, QUESTIONS, allowed_datagrams
from tests.lab.conduct import most_connections, never_touched, other_dns, outside_scope, unaccounted
from tests.lab.frames import SYN, Packet
from tests.network.test_allow_list import NEVER_SENT
from tests.practice.watched import Watched, addressed, asked_again, most_attempts, to_everybody, watch
from tests.wire.test_sadp import REPLY

HOME = "hidden-cameras"
MOST_PACKETS = 120  # to any one device
MOST_CONNECTIONS = 2  # open at any one device at a time
MOST_DATAGRAMS_TO_ALL = 400
ARP_PASSES = 6  # over every address of the network; who answered is not asked again

# Everything that a standard scan says over TCP begins like this; then a stream server, a door station, a certificate.
_TCP_BEGINNINGS = (b"GET ", b"POST /", b"OPTIONS rtsp://", b"OPTIONS sip:", b"\x16\x03")
# SOAP that reads: ONVIF's calls without login, a printer's or a router's own description, one port mapping at a time.
_SOAP = (
    b"<GetSystemDateAndTime ", b"<GetCapabilities ", b"<GetServices ", b"<GetHostname ", b"/transfer/Get<",
    b":GetGenericPortMappingEntry ",
)  # fmt: skip
_NEVER_SAID = (
    b"SETUP ", b"PLAY ", b"DESCRIBE ", b"PUT ", b"DELETE ", b"authorization:", b"pair-setup", b"/identify",
    b"addportmapping", b"deleteportmapping", b"setsystem", b"systemreboot", b"password",
)  # fmt: skip


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return watch(HOME, tmp_path_factory.mktemp("watched"))


@pytest.mark.lab
def test_few_packets_are_addressed_to_any_one_device(watched: Watched) -> None:
    counted = addressed(watched.packets)
    sys.stdout.write(f"addressed to one device: at most {max(counted[d.address] for d in watched.home.devices)}\n")
    assert {d.id: counted[d.address] for d in watched.home.devices if counted[d.address] >= MOST_PACKETS} == {}
    assert all(counted[d.address] for d in watched.home.devices), "the recorder missed a device"


@pytest.mark.lab
def test_what_everybody_hears_is_bounded_and_counted_apart(watched: Watched) -> None:
    heard = to_everybody(watched.packets)
    sys.stdout.write(f"to everybody: {dict(heard)}\n")
    assert heard.total() - heard["arp"] <= MOST_DATAGRAMS_TO_ALL
    assert heard["arp"] <= ARP_PASSES * 254
    asked = sum(len(q.asked(watched.scope.address)) * q.times * (2 * q.broadcast + bool(q.group)) for q in QUESTIONS)
    makers = allowed_datagrams(watched.scope.address)
    assert 0 < sum(packet.to_all and packet.port in makers for packet in watched.asked) <= asked


@pytest.mark.lab
def test_every_datagram_is_on_the_allow_list_byte_for_byte(watched: Watched) -> None:
    makers, allowed = allowed_datagrams(watched.scope.address), AllowList(watched.scope)
    asked = {port: {p.payload for p in watched.asked if p.port == port} for port in makers}
    assert {port: said for port, said in asked.items() if not said <= makers[port]} == {}
    assert {port for port, said in asked.items() if not said} == set(), "the recorder missed a question"
    others = [packet for packet in watched.asked if packet.port not in makers]
    assert [p for p in others if not allowed.permits(p.address, p.port or 0, p.payload)] == []


@pytest.mark.lab
def test_nothing_is_sent_that_changes_wakes_or_opens_a_device(watched: Watched) -> None:
    never = set(NEVER_SENT.values())
    assert [p for p in watched.asked if (p.port, p.payload) in never or p.port in NEVER_ASKED] == []
    said = [packet for packet in watched.sent if packet.protocol == "tcp" and packet.payload]
    assert said
    assert {p.payload[:20] for p in said if not p.payload.startswith(_TCP_BEGINNINGS)} == set()
    posted = [p.payload for p in said if p.payload.startswith(b"POST ")]
    assert {data for data in posted if not any(call in data for call in _SOAP)} == set()
    plain = [packet.payload for packet in said if packet.payload[:2] != b"\x16\x03"]
    assert {word for word in _NEVER_SAID for data in plain if word.lower() in data.lower()} == set()


@pytest.mark.lab
def test_at_most_two_connections_are_open_at_a_device_and_none_at_a_forbidden_port(watched: Watched) -> None:
    answering = {packet.source for packet in watched.packets if packet.protocol == "tcp" and not packet.outgoing}
    most = most_connections(watched.packets)
    assert {address: most[address] for address in answering if most[address] > MOST_CONNECTIONS} == {}
    for silent in (
        most.keys() - answering
    ):  # no connection is ever open there; what counts is how many are tried at once
        assert most_attempts(watched.packets, silent, within=0.5) <= MOST_CONNECTIONS
    assert never_touched(watched.packets) == []


@pytest.mark.lab
def test_nothing_leaves_the_network_and_the_account_in_the_evidence_is_that_of_the_wire(watched: Watched) -> None:
    assert outside_scope(watched.packets, watched.home.network) == []
    assert other_dns(watched.packets, watched.home.network, watched.home.gateway) == []
    assert unaccounted(watched.packets, watched.report["runs"]) == []


@pytest.mark.lab
def test_after_the_first_answer_a_device_is_asked_that_no_more(watched: Watched) -> None:
    assert asked_again(watched.packets, watched.scope) == []
    answering = {packet.source for packet in watched.packets if not packet.outgoing and packet.protocol == "udp"}
    assert len(answering & {device.address for device in watched.home.devices}) >= 20
    assert any(not p.to_all and p.port in allowed_datagrams(watched.scope.address) for p in watched.asked), (
        "nobody was asked alone, so this shows nothing"
    )


# --- the judges themselves, on frames made up here ------------------------------------------------------------------


@pytest.fixture
def scope() -> Scope:
    return scope_of(load_home(find_home(HOME)))


def _talk(scope: Scope) -> Iterator[Packet]:
    """Hikvision's question to everybody, an answer, and the question to that camera alone."""
    question = next(question for question in QUESTIONS if question.port == sadp.PORT).datagrams[0]
    yield Packet(1.0, True, "udp", scope.address, sadp.GROUP, sadp.PORT, sadp.PORT, payload=question, to_all=True)
    yield Packet(2.0, False, "udp", "192.168.1.32", sadp.GROUP, sadp.PORT, sadp.PORT, payload=REPLY, to_all=True)
    yield Packet(3.0, True, "udp", scope.address, "192.168.1.32", sadp.PORT, sadp.PORT, payload=question)


def test_a_question_to_one_that_has_answered_it_is_found(scope: Scope) -> None:
    asked, answer, again = _talk(scope)
    assert len(asked_again([asked, answer, again], scope)) == 1
    assert asked_again([asked, again, answer], scope) == []
    assert asked_again([asked, answer, replace(again, address="192.168.1.33")], scope) == []
    assert asked_again([asked, answer, asked], scope) == []


def test_attempts_are_counted_by_when_they_began() -> None:
    syns = [
        Packet(at, True, "tcp", "192.168.1.5", "192.168.1.16", 1000 + n, 80, SYN) for n, at in enumerate((0, 0.4, 0.8))
    ]
    assert most_attempts([*syns, replace(syns[0], time=0.6)], "192.168.1.16", within=0.5) == 2
    assert most_attempts(syns, "192.168.1.16", within=1) == 3
    assert most_attempts(syns, "192.168.1.17", within=1) == 0


def test_what_is_addressed_to_one_and_what_everybody_hears_are_told_apart(scope: Scope) -> None:
    asked, answer, again = _talk(scope)
    arp = Packet(0.0, True, "arp", scope.address, "192.168.1.32", flags=1, to_all=True)
    assert addressed([asked, answer, again, arp]) == {"192.168.1.32": 2}
    assert to_everybody([asked, answer, again, arp]) == {"udp": 1, "arp": 1}
