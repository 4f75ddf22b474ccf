"""Multicast DNS over IPv6: who is found and named by it, what leaves, and that nobody is counted twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from iotsweep.devices import gather
from iotsweep.model import Device, Observation, Profile
from iotsweep.network.link import LinkError
from iotsweep.probes import _mdns_heard_ipv6 as heard_module
from iotsweep.probes import mdns
from iotsweep.probes._mdns_heard_ipv6 import HeardOverIpv6, beside
from iotsweep.probes._mdns_ipv6 import GROUP_IPV6, follow_ipv6
from iotsweep.probes.context import Hosts
from iotsweep.probes.mdns import PROBE, STANDARD, _Hearing
from iotsweep.vendors import load_vendors
from iotsweep.wire.mdns import AAAA, SRV, TXT, Name, decode_message
from iotsweep.wire.mdns_services import ENUMERATION
from iotsweep.wire.mdns_types import TYPES
from iotsweep.wire.neighbours import Neighbour
from tests.fakes import SCOPE
from tests.probes.fake_network import FakeDoor, Sent, at_once, make_context
from tests.wire import mdns_packets as packets

SPEAKER, OTHER = "fe80::aa", "fe80::bb"
MAC, OTHER_MAC = "ec:71:db:00:00:0a", "ec:71:db:00:00:0b"
IPV4 = "192.168.7.20"
HAP: Name = ("_hap", "_tcp", "local")
CAMERA: Name = ("Hall Camera", *HAP)
HOST: Name = ("hall-camera", "local")
TOLD = (packets.server(CAMERA, HOST, 51826), packets.text(CAMERA, b"ci=17", b"md=NSC01", b"id=AA:BB:CC:DD:EE:01"))
POINTER = packets.pointer(HAP, CAMERA)


def camera(*addresses: str, host: Name = HOST) -> bytes:
    return packets.response(POINTER, *TOLD, *(packets.address(host, each) for each in addresses))


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The system's table of IPv6 neighbours; nobody has the rights to hear frames."""
    known = {SPEAKER: MAC, OTHER: OTHER_MAC}

    async def read(_: object) -> tuple[Neighbour, ...]:
        return tuple(Neighbour(ip, mac, SCOPE.interface) for ip, mac in known.items())

    monkeypatch.setattr(heard_module, "read_ipv6_table", read)
    monkeypatch.setattr(mdns, "has_link_rights", lambda: False)
    return known


def _hear(
    *over_ipv6: tuple[bytes, str], over_ipv4: Sequence[tuple[bytes, str]] = (), hosts: Hosts | None = None
) -> list[Observation]:
    """What is observed of the given announcements, IPv4 first."""
    seen: list[Observation] = []

    async def run() -> None:
        context = make_context(FakeDoor(), seen, hosts=hosts)
        fourth = _Hearing(context)
        sixth = HeardOverIpv6(context, fourth.words)
        for raw, source in over_ipv4:
            fourth.take((raw, source, 5353))
        for raw, source in over_ipv6:
            sixth.take((raw, source, 5353))
        await sixth.look_up()
        fourth.finish()
        sixth.finish()

    at_once(run())
    return seen


def _devices(*seen: Observation) -> list[Device]:
    return [device for device in gather(seen, SCOPE, load_vendors()) if SCOPE.address not in device.ipv4]


def _ask(
    answers: Callable[[Sent], list[tuple[bytes, str]]] = lambda _: [], seconds: float = 3.0
) -> tuple[FakeDoor, list[Observation], Hosts]:
    seen: list[Observation] = []
    door, hosts = FakeDoor(answers, announced_over_ipv6=[]), Hosts()

    async def run() -> None:
        heard = HeardOverIpv6(make_context(door, seen, seconds, hosts), dict)
        await follow_ipv6(heard, STANDARD.rounds)
        heard.finish()

    at_once(run())
    return door, seen, hosts


def test_every_listed_type_is_asked_over_ipv6_in_every_round_of_ipv4_and_only_at_the_group() -> None:
    door, _, _ = _ask()
    assert {sent[1:] for sent in door.sent} == {(GROUP_IPV6, 5353)}
    asked = [question.name for data, _, _ in door.sent for question in decode_message(data).questions]
    assert {asked.count(name) for name in TYPES} == {len(STANDARD.rounds)}
    assert asked.count(ENUMERATION) == 2 * len(STANDARD.rounds)  # once to the group's port, once for direct answers
    assert len(door.sent) <= 4 * len(STANDARD.rounds)


def test_what_an_ipv6_device_left_out_is_asked_for_and_it_becomes_no_host_to_be_asked_by_tcp() -> None:
    home = {
        (HAP, 12): packets.response(POINTER),
        (CAMERA, SRV): packets.response(TOLD[0]),
        (CAMERA, TXT): packets.response(TOLD[1]),
        (HOST, AAAA): packets.response(packets.address(HOST, SPEAKER)),
    }

    def answers(sent: Sent) -> list[tuple[bytes, str]]:
        asked = {(question.name, question.type) for question in decode_message(sent[0]).questions}
        return [(home[key], SPEAKER) for key in asked & home.keys()]

    _, (seen,), hosts = _ask(answers)
    assert (seen.ip, seen.mac, seen.first("mdns.txt.md"), seen.values("ip.v6")) == (SPEAKER, MAC, "NSC01", (SPEAKER,))
    assert hosts.known() == ()


def test_a_device_that_makes_up_names_is_not_asked_for_ever() -> None:
    made_up = [packets.pointer(HAP, (f"{number}", *HAP)) for number in range(400)]
    door, _, _ = _ask(lambda sent: [(packets.response(*made_up), SPEAKER)], 10.0)
    asked = [q.name for data, _, _ in door.sent for q in decode_message(data).questions if q.name[0].isdecimal()]
    assert 0 < len(asked) <= 400
    assert all(len(data) <= 1232 for data, _, _ in door.sent)


@pytest.mark.parametrize(
    "label",
    ["é" * 31, "\ufffd" * 21, "a.b" * 20, "\0\x1b", " ", "x" * 63],
)
def test_no_name_makes_a_question_that_the_guard_refuses(label: str) -> None:
    bad = (label, *HAP)
    raw = packets.response(packets.pointer(HAP, bad), packets.pointer(ENUMERATION, (f"_{label[:20]}", "_tcp", "local")))
    broken = raw.replace(b"\xef\xbf\xbd", b"\xff\xff\xff")  # each byte becomes three when it is read
    door, _, _ = _ask(lambda sent: [(raw, SPEAKER), (broken, OTHER)])
    assert len(door.sent) > len(STANDARD.rounds)


def test_a_name_elsewhere_that_a_device_gives_is_not_asked_for() -> None:
    elsewhere = packets.response(
        packets.pointer(HAP, ("x", "_hap", "_tcp", "example")), packets.pointer(ENUMERATION, ("_x", "_tcp", "example"))
    )
    door, _, _ = _ask(lambda sent: [(elsewhere, SPEAKER)])
    assert {q.name[-1] for data, _, _ in door.sent for q in decode_message(data).questions} == {"local"}


def test_a_device_on_ipv6_only_is_one_device_with_its_name() -> None:
    (device,) = _devices(*_hear((camera(SPEAKER), SPEAKER)))
    assert (device.macs, device.ipv6, device.ipv4, device.names[0]) == ((MAC,), (SPEAKER,), (), "Hall Camera")


def test_without_a_known_mac_it_is_a_device_all_the_same(table: dict[str, str]) -> None:
    table.clear()
    (device,) = _devices(*_hear((camera(SPEAKER, "fd00::20", "2a00:1450::20"), SPEAKER)))
    assert (device.macs, device.ipv6, device.names[0]) == ((), ("fd00::20", SPEAKER), "Hall Camera")


@pytest.mark.parametrize(
    ("known", "said_over_ipv4", "tells_ipv4"),
    [(True, True, True), (True, True, False), (True, False, True), (True, False, False), (False, True, True),
     (False, True, False), (False, False, True)],
)  # fmt: skip
def test_a_device_on_both_is_one_device(
    table: dict[str, str], known: bool, said_over_ipv4: bool, tells_ipv4: bool
) -> None:
    if not known:
        table.clear()
    hosts = Hosts()
    hosts.add(IPV4, MAC)
    message = camera(SPEAKER, *([IPV4] if tells_ipv4 else []))
    seen = _hear((message, SPEAKER), over_ipv4=[(camera(SPEAKER, IPV4), IPV4)] if said_over_ipv4 else [], hosts=hosts)
    seen.append(Observation("arp", "2026-01-01T00:00:00.000000Z", MAC, IPV4, (("mac.address", MAC),), ""))
    (device,) = _devices(*seen)
    assert (device.macs, device.ipv4, device.ipv6) == ((MAC,), (IPV4,), (SPEAKER,))


def test_what_was_said_over_ipv4_word_for_word_is_not_told_twice() -> None:
    seen = _hear((camera(SPEAKER, IPV4), SPEAKER), over_ipv4=[(camera(SPEAKER, IPV4), IPV4)])
    assert [observation.first("mdns.txt.md") for observation in seen] == ["NSC01", None]


def test_two_devices_of_one_name_on_ipv4_and_on_ipv6_stay_two() -> None:
    hosts = Hosts()
    hosts.add(IPV4, OTHER_MAC)
    seen = _hear((camera(SPEAKER), SPEAKER), over_ipv4=[(camera(IPV4), IPV4)], hosts=hosts)
    seen.append(Observation("arp", "2026-01-01T00:00:00.000000Z", OTHER_MAC, IPV4, (), ""))
    assert [device.macs for device in _devices(*seen)] == [(OTHER_MAC,), (MAC,)]


def test_a_reflector_does_not_take_over_what_it_repeats() -> None:
    hosts = Hosts()
    hosts.add(IPV4, OTHER_MAC)
    told, itself = _hear((camera(IPV4), SPEAKER), hosts=hosts)
    assert (told.ip, told.mac, told.first("mdns.from")) == (IPV4, None, SPEAKER)
    assert (itself.ip, itself.mac, itself.facts) == (SPEAKER, MAC, (("ip.v6", SPEAKER),))


def test_a_border_router_and_a_device_behind_it_are_two() -> None:
    own = packets.response(
        packets.pointer(("_meshcop", "_udp", "local"), ("Hub", "_meshcop", "_udp", "local")),
        packets.server(("Hub", "_meshcop", "_udp", "local"), ("hub", "local"), 1),
        packets.address(("hub", "local"), SPEAKER),
    )
    seen = _hear((own, SPEAKER), (camera("fd11::5"), SPEAKER))
    hub, behind = sorted(_devices(*seen), key=lambda device: device.role)[::-1]
    assert {hub.names[0], behind.names[0]} == {"Hub", "Hall Camera"}
    assert {hub.role, behind.role} == {"device", "bridged"}


@pytest.mark.parametrize("address", ["fd00::aa", "fd00::1234"])
def test_a_device_with_two_host_names_speaks_for_itself_where_its_address_is_surely_its_own(
    table: dict[str, str], address: str
) -> None:
    table["fd00::1234"] = MAC
    other = packets.response(packets.address(("alias", "local"), address))
    (device,) = _devices(*_hear((camera(address), SPEAKER), (other, SPEAKER)))
    assert (device.macs, device.ipv6, device.role) == ((MAC,), (address, SPEAKER), "device")


def test_who_only_asks_is_there_when_its_mac_is_known(table: dict[str, str]) -> None:
    del table[OTHER]
    question = packets.query(("_hue", "_tcp", "local"))
    (seen,) = _hear((question, SPEAKER), (question, OTHER))
    assert (seen.ip, seen.mac, seen.facts) == (SPEAKER, MAC, (("ip.v6", SPEAKER),))


def test_a_host_that_gives_no_more_than_its_name_is_named() -> None:
    (seen,) = _hear((packets.response(packets.address(HOST, SPEAKER)), SPEAKER))
    assert (seen.ip, seen.mac, seen.first("mdns.host")) == (SPEAKER, MAC, "hall-camera")


def test_rubbish_stops_nothing() -> None:
    seen = _hear((b"\xff" * 40, SPEAKER), (b"", SPEAKER), (camera(SPEAKER)[:60], SPEAKER), (camera(SPEAKER), SPEAKER))
    assert [observation.first("mdns.txt.md") for observation in seen] == ["NSC01"]


def _quiet(door: FakeDoor, seconds: float = 5) -> tuple[list[Observation], list[str], list[float]]:
    seen: list[Observation] = []
    limits: list[str] = []
    times: list[float] = []

    async def run() -> None:
        context = make_context(door, seen, seconds)
        loop = asyncio.get_running_loop()

        def emit(observation: Observation) -> None:
            seen.append(observation)
            times.append(loop.time())

        context.emit = emit
        await PROBE.run(context)
        limits.extend(context.limits)

    at_once(run())
    assert (door.sent, door.counted) == ([], [])
    return seen, limits, times


def test_quiet_hears_ipv6_at_once_and_sends_nothing() -> None:
    door = FakeDoor(profile=Profile.QUIET, announced_over_ipv6=[(camera(SPEAKER), SPEAKER)])
    (seen,), limits, (heard_at,) = _quiet(door, 60)
    assert (seen.ip, seen.mac, seen.first("mdns.txt.ci"), limits) == (SPEAKER, MAC, "17", [])
    assert heard_at < 5


def test_quiet_leaves_ipv6_to_the_listening_at_the_link_layer_where_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mdns, "has_link_rights", lambda: True)
    door = FakeDoor(profile=Profile.QUIET, announced_over_ipv6=[(camera(SPEAKER), SPEAKER)])
    assert _quiet(door)[0] == []


def test_a_dry_run_names_the_group() -> None:
    assert "ff02::fb port 5353" in PROBE.sends


def test_where_ipv6_is_off_that_is_a_limit_and_ipv4_is_heard() -> None:
    door = FakeDoor(profile=Profile.QUIET, announced={5353: [(camera(IPV4), IPV4)]})
    (seen,), (limit,), _ = _quiet(door)
    assert seen.ip == IPV4
    assert "IPv6 is off" in limit


async def test_a_fault_of_what_runs_beside_is_not_swallowed() -> None:
    async def fail() -> None:
        raise LinkError("fault")

    with pytest.raises(LinkError, match="fault"):
        async with beside(fail()):
            await asyncio.sleep(0)
