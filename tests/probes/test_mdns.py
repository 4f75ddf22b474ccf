"""The multicast DNS probe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast

import pytest

from iotsweep.model import Observation, Profile
from iotsweep.network.udp import UDP_HEADERS
from iotsweep.probes import mdns
from iotsweep.probes.context import Hosts, ProbeSkipped
from iotsweep.probes.mdns import PROBE, STANDARD, _converse, _Hearing
from iotsweep.probes.mdns_questions import Questions
from iotsweep.wire.mdns import TXT, Message, Name, decode_message
from iotsweep.wire.mdns_services import DEVICE_INFO, ENUMERATION
from iotsweep.wire.mdns_types import TYPES
from tests.probes.fake_network import FakeDoor, Socket, at_once, make_context, run_probe
from tests.wire import mdns_packets as packets

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

    from iotsweep.network.door import Datagrams

HOST = "192.168.7.20"


@pytest.fixture(autouse=True)
def _without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mdns, "has_link_rights", lambda: False)


class _Packets(Protocol):
    def packets(self) -> list[bytes]: ...


@dataclass
class _Wire:
    """Stands where zeroconf's sockets are: keeps what would be sent and lets the home answer."""

    socket: Socket
    home: dict[Name, bytes] = field(default_factory=dict)  # what is answered to a question for this name
    packets: list[bytes] = field(default_factory=list)

    @property
    def zeroconf(self) -> _Wire:
        return self

    def async_send(self, out: _Packets) -> None:
        for packet in out.packets():
            self.packets.append(packet)
            for question in decode_message(packet).questions:
                if question.name in self.home:
                    self.socket.inbox.put_nowait((self.home[question.name], HOST, 5353))

    def messages(self) -> list[Message]:
        return [decode_message(packet) for packet in self.packets]


@dataclass
class _Talk:
    wire: _Wire
    seen: list[Observation]
    hosts: Hosts
    door: FakeDoor
    took: float = 0.0

    def asked(self) -> list[Name]:
        return [question.name for message in self.wire.messages() for question in message.questions]


def _converse_with(home: dict[Name, bytes], known: tuple[str, ...] = ()) -> _Talk:
    door = FakeDoor()
    talk = _Talk(_Wire(Socket(door, 5353, None), home), [], Hosts(), door)
    for address in known:
        talk.hosts.add(address)

    async def run() -> None:
        context = make_context(door, talk.seen, hosts=talk.hosts)
        hearing = _Hearing(context)
        talk.wire.socket = Socket(door, 5353, None)
        questions = Questions(context, cast("AsyncZeroconf", talk.wire), hearing.services)
        await _converse(questions, cast("Datagrams", talk.wire.socket), hearing, STANDARD)
        hearing.finish()

    talk.took = at_once(run())
    return talk


def _quiet(*heard: tuple[bytes, str]) -> tuple[list[Observation], Hosts]:
    door = FakeDoor(announced={5353: list(heard)}, profile=Profile.QUIET)
    seen, hosts, _ = run_probe(PROBE, door, 5)
    assert (door.sent, door.counted) == ([], [])
    return seen, hosts


def test_enumeration_and_every_listed_type_are_asked_in_every_round() -> None:
    asked = _converse_with({}).asked()
    assert asked[0] == ENUMERATION
    for name in (ENUMERATION, *TYPES):
        assert asked.count(name) == len(STANDARD.rounds)


def test_only_questions_leave_and_nothing_about_this_laptop() -> None:
    talk = _converse_with({packets.IPP: packets.printer(HOST)})
    for message in talk.wire.messages():
        assert not message.response
        assert all(record.target and record.target[-1] == "local" for record in message.records)  # known answers only


def test_multicast_answers_are_asked_for_and_every_packet_fits_one_frame() -> None:
    for packet in _converse_with({}).wire.packets:
        assert len(packet) <= 1460
        assert packet[2] & 0x02 == 0  # not truncated, or every device would wait for more (RFC 6762, 7.2)
        assert packet[12:].count(b"\x80\x01") == 0  # no unicast-response bit


def test_every_packet_is_counted() -> None:
    talk = _converse_with({packets.IPP: packets.printer(HOST)})
    assert sum(count[3] for count in talk.door.counted) == len(talk.wire.packets)
    assert sum(count[4] for count in talk.door.counted) == sum(
        UDP_HEADERS + len(packet) for packet in talk.wire.packets
    )
    assert {count[:3] for count in talk.door.counted} == {("224.0.0.251", "udp", 5353)}


def test_an_instance_is_told_once_however_often_it_answers() -> None:
    talk = _converse_with({packets.IPP: packets.printer(HOST)})
    (seen,) = talk.seen
    assert (seen.ip, seen.first("mdns.service"), seen.first("mdns.host")) == (HOST, "_ipp._tcp", "BRN30055C")
    assert seen.sha256
    assert talk.hosts.known() == (HOST,)


def test_what_a_device_left_out_is_asked_for() -> None:
    camera = ("Cam", "_rtsp", "_tcp", "local")
    talk = _converse_with(
        {
            camera[1:]: packets.response(packets.pointer(camera[1:], camera)),
            camera: packets.response(packets.server(camera, ("cam", "local"), 554), packets.text(camera, b"md=X1")),
            ("cam", "local"): packets.response(packets.address(("cam", "local"), HOST)),
        }
    )
    assert [(o.first("mdns.txt.md"), o.first("mdns.port"), o.first("mdns.host")) for o in talk.seen] == [
        ("X1", "554", "cam")
    ]


def test_the_model_of_device_info_is_asked_for_by_instance_name() -> None:
    camera = ("Cam", "_rtsp", "_tcp", "local")
    info = ("Cam", *DEVICE_INFO)
    talk = _converse_with(
        {
            camera[1:]: packets.response(packets.pointer(camera[1:], camera), packets.text(camera, b"a=b")),
            info: packets.response(packets.record(info, TXT, b"\x07model=Z")),
        }
    )
    assert [o.first("mdns.txt.model") for o in talk.seen if o.first("mdns.service") == "_device-info._tcp"] == ["Z"]


def test_a_type_learned_by_enumeration_is_asked_for() -> None:
    new = ("_brandnew", "_tcp", "local")
    talk = _converse_with({ENUMERATION: packets.response(packets.pointer(ENUMERATION, new))})
    assert new in talk.asked()


def test_a_question_without_answer_is_not_repeated_for_ever() -> None:
    camera = ("Cam", "_rtsp", "_tcp", "local")
    talk = _converse_with({camera[1:]: packets.response(packets.pointer(camera[1:], camera))})
    assert talk.asked().count(camera) == 4  # SRV and TXT, twice each


def test_one_bad_name_never_stops_it() -> None:
    for bad in (("a.b" * 20, *packets.IPP), ("\x00\x1b", *packets.IPP), ("é" * 31, *packets.IPP), ("_ipp", "local")):
        home = {ENUMERATION: packets.response(packets.pointer(packets.IPP, bad)), packets.IPP: packets.printer(HOST)}
        talk = _converse_with(home)
        assert any(o.first("mdns.host") == "BRN30055C" for o in talk.seen)


def test_hosts_that_others_found_are_asked_for_their_names() -> None:
    reverse = ("9", "7", "168", "192", "in-addr", "arpa")
    answer = packets.response(packets.pointer(reverse, ("Annas-iPhone", "local")))
    talk = _converse_with({reverse: answer}, known=("192.168.7.9",))
    assert [(o.ip, o.first("mdns.host")) for o in talk.seen] == [("192.168.7.9", "Annas-iPhone")]


def test_an_empty_home_ends_at_the_least_time() -> None:
    assert _converse_with({}).took == pytest.approx(STANDARD.least, abs=0.2)


def test_quiet_hears_and_sends_nothing() -> None:
    seen, hosts = _quiet((packets.printer(HOST), HOST))
    assert [o.first("mdns.txt.ty") for o in seen] == ["Brother HL"]
    assert hosts.known() == (HOST,)


def test_a_question_by_an_echo_for_a_hue_is_no_hue() -> None:
    seen, hosts = _quiet((packets.query(("_hue", "_tcp", "local")), HOST))
    assert seen == []
    assert hosts.known() == (HOST,)


def test_a_bridge_that_announces_others_is_named() -> None:
    (seen,), hosts = _quiet((packets.printer(HOST), "192.168.7.2"), (packets.printer(HOST), "192.168.7.3"))
    assert (seen.ip, seen.first("mdns.from")) == (HOST, "192.168.7.3")
    assert hosts.known() == ("192.168.7.3",)


def test_an_address_outside_the_network_stays_apart_from_the_senders() -> None:
    (seen,), _ = _quiet((packets.printer("172.17.0.1"), HOST))
    assert (seen.ip, seen.first("mdns.from")) == ("172.17.0.1", HOST)


def test_rubbish_stops_nothing() -> None:
    seen, _ = _quiet(
        (b"\xff" * 40, HOST), (b"", HOST), (packets.printer(HOST)[:40], HOST), (packets.printer(HOST), HOST)
    )
    assert len(seen) == 1


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with pytest.raises(ProbeSkipped, match="port 5353"):
        run_probe(PROBE, FakeDoor(taken=frozenset({5353})))


def test_only_declared_keys_are_used() -> None:
    for key, _ in _quiet((packets.printer(HOST), HOST))[0][0].facts:
        assert key in PROBE.yields or key.startswith("mdns.txt.")


def test_an_ipv6_address_that_comes_late_is_not_lost() -> None:
    early = packets.response(
        packets.server(packets.PRINTER, packets.PRINTER_HOST, 631),
        packets.text(packets.PRINTER, b"a=b"),
        packets.address(packets.PRINTER_HOST, HOST),
    )
    late = packets.response(packets.address(packets.PRINTER_HOST, "fe80::1"))
    (instance, address), _ = _quiet((early, HOST), (late, HOST))
    assert instance.first("ip.v6") is None
    assert (address.ip, address.first("mdns.host"), address.first("ip.v6")) == (HOST, "BRN30055C", "fe80::1")
