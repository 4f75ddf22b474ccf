"""Which ports a device is asked at, how gently, and what becomes of devices that do not answer."""

from __future__ import annotations

import asyncio

import pytest

from iotsweep.model import Observation
from iotsweep.network.guard import NEVER_PORTS
from iotsweep.probes import Probe, ports
from iotsweep.probes._talks import SAY_NOTHING, greetings_for
from iotsweep.probes.context import ProbeSkipped
from iotsweep.probes.ports import PROBE
from tests.fakes_banners import DEVICE, LAPTOP, NETWORK, OTHER, Asked, Home, WatchedDoor, make_context

MANY = tuple(range(20001, 20031))
GENTLE = {"printer": (20002, 20003), "plug": (20004,), "tv": (20002, 30001, 8001)}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FIRST_CHANCE", 0.0)
    monkeypatch.setattr(ports, "_LATE_CHANCE", 0.0)


def fitting(asked: Asked, *kinds: str) -> Asked:
    asked.context.gentle_ports = GENTLE
    asked.context.likely_kinds = lambda _: frozenset(kinds)
    return asked


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


async def test_an_open_port_is_seen_and_a_closed_one_is_not() -> None:
    home, asked = Home(), make_context(20001, 20002)
    await home.add(20001, home.says(20001, b""))
    await PROBE.run(asked.context)
    await home.close()
    assert asked.open_ports() == ["tcp.20001"]
    assert {(seen.ip, seen.mac) for seen in asked.seen} == {(DEVICE, "00:00:5e:00:53:01")}
    assert sorted(asked.door.ports()) == [20001, 20002]
    assert home.received[20001] == b""


async def test_without_ports_it_is_skipped_and_says_so() -> None:
    with pytest.raises(ProbeSkipped, match="no port"):
        await PROBE.run(make_context().context)


async def test_a_port_that_is_never_touched_is_not_asked_even_if_the_catalogue_names_it() -> None:
    asked = make_context(9100, 20001, 8001, 8002, 20001)
    await PROBE.run(asked.context)
    assert asked.door.ports() == [20001]


async def test_this_laptop_and_what_lies_outside_are_not_asked() -> None:
    asked = make_context(20001, hosts=(LAPTOP, "8.8.8.8", f"{NETWORK}.255", DEVICE))
    await PROBE.run(asked.context)
    assert asked.door.asked == [(DEVICE, 20001)]


async def test_a_device_that_drops_everything_is_asked_a_few_ports_and_the_report_says_so() -> None:
    asked = make_context(*MANY, hosts=(DEVICE, OTHER), door=WatchedDoor(lambda address, _: address == DEVICE))
    await PROBE.run(asked.context)
    assert asked.door.ports(DEVICE) == list(MANY[:6])
    assert sorted(asked.door.ports(OTHER)) == list(MANY)
    assert asked.context.limits == ["1 device did not answer at 6 ports in a row; no more were asked there"]


async def test_a_port_whose_answer_was_lost_is_asked_once_more() -> None:
    lost = {20003, 20007}

    def loses(_: str, port: int) -> bool:
        return port in lost and not lost.discard(port)  # type: ignore[func-returns-value]

    home, asked = Home(), make_context(*MANY[:9], door=WatchedDoor(loses))
    await home.add(20007, home.says(20007, b""))
    await PROBE.run(asked.context)
    await home.close()
    assert asked.open_ports() == ["tcp.20007"]
    assert sorted(asked.door.ports()) == sorted([*MANY[:9], 20003, 20007])
    assert asked.context.limits == []


async def test_a_device_that_filters_some_ports_is_not_asked_them_again_and_again() -> None:
    asked = make_context(*MANY, door=WatchedDoor(lambda _, port: port % 2 == 0))
    await PROBE.run(asked.context)
    assert len(asked.door.ports()) == len(MANY) + 6


async def test_a_printer_is_asked_its_allowed_ports_only() -> None:
    asked = fitting(make_context(*MANY), "printer")
    await PROBE.run(asked.context)
    assert sorted(asked.door.ports()) == [20002, 20003]


async def test_a_gentle_kinds_own_ports_are_asked_even_if_nothing_else_needs_them() -> None:
    asked = fitting(make_context(*MANY), "tv", "plug")
    await PROBE.run(asked.context)
    assert sorted(asked.door.ports()) == [20002, 20004, 30001]


async def test_where_a_camera_fits_too_every_port_is_asked() -> None:
    asked = fitting(make_context(*MANY), "plug", "camera")
    await PROBE.run(asked.context)
    assert len(asked.door.ports()) == len(MANY)


async def test_what_a_device_announces_at_first_decides_how_gently_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FIRST_CHANCE", 0.2)
    asked = make_context(*MANY)
    asked.context.gentle_ports = GENTLE
    asked.context.likely_kinds = lambda seen: frozenset({"plug"} if seen else ())
    running = asyncio.create_task(PROBE.run(asked.context))
    await asyncio.sleep(0.01)
    assert asked.door.asked == []
    asked.context.hosts.note(Observation("mdns", "", ip=DEVICE, facts=(("mdns.service", "_hap._tcp"),)))
    await running
    assert asked.door.ports() == [20004]


async def test_a_plug_that_turns_out_to_be_a_camera_is_asked_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_CHOICE_STANDS", 0.0)
    home, asked = Home(), make_context(*MANY)
    await home.add(20004, home.says(20004, b"SSH-2.0-camera\r\n"))
    asked.context.gentle_ports = GENTLE
    asked.context.likely_kinds = lambda seen: frozenset({"camera" if len(seen) > 1 else "plug"})
    await PROBE.run(asked.context)
    await home.close()
    assert asked.door.ports()[0] == 20004
    assert sorted(asked.door.ports()) == list(MANY)


async def test_no_device_has_more_than_two_connections_open() -> None:
    home, asked = Home(), make_context(*MANY[:8])
    for port in MANY[:8]:
        await home.add(port, home.says(port, b""))
    await PROBE.run(asked.context)
    await home.close()
    assert asked.door.most_open == {DEVICE: 2}


async def test_a_device_that_is_found_later_is_asked_too() -> None:
    asked = make_context(20001, hosts=())
    hosts = asked.context.hosts
    hosts._closed = False
    running = asyncio.create_task(PROBE.run(asked.context))
    await asyncio.sleep(0)
    hosts.add(DEVICE)
    await asyncio.sleep(0)
    hosts.add(OTHER)
    hosts.close()
    await running
    assert sorted(asked.door.asked) == [(DEVICE, 20001), (OTHER, 20001)]


async def test_when_the_time_is_over_it_stops_and_says_what_was_not_asked() -> None:
    asked = make_context(*MANY)
    asked.context.deadline = asyncio.get_running_loop().time()
    await PROBE.run(asked.context)
    assert asked.door.asked == []
    assert asked.context.limits == ["the time was over before every port of 1 device was asked"]


async def test_stopping_by_hand_goes_through_and_keeps_what_was_seen() -> None:
    home, asked = Home(), make_context(8080)
    await home.add(8080, home.says(8080, b""))
    running = asyncio.create_task(PROBE.run(asked.context))
    while not asked.seen:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await home.close()
    assert asked.open_ports() == ["tcp.8080"]


async def test_a_fault_at_one_port_costs_nothing_at_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(port: int) -> tuple[()]:
        if port == 20001:
            raise ZeroDivisionError("a fault of ours")
        return ()

    monkeypatch.setattr(ports, "greetings_for", fail)
    home, asked = Home(), make_context(20001, 20002)
    for port in (20001, 20002):
        await home.add(port, home.says(port, b""))
    await PROBE.run(asked.context)
    await home.close()
    assert asked.open_ports() == ["tcp.20001", "tcp.20002"]
    assert asked.context.limits == [f"{DEVICE} could not be read at port 20001: ZeroDivisionError: a fault of ours"]


def test_no_greeting_exists_for_a_port_that_must_be_left_in_peace() -> None:
    assert not any(greetings_for(port) for port in SAY_NOTHING)
    assert not NEVER_PORTS & {port for port in range(65536) if len(greetings_for(port)) > 1}
    assert {9999, 6668, 34567, 37777, 8000, 5555, 1883, 515} <= SAY_NOTHING


async def test_in_a_large_network_a_device_that_refuses_the_telling_ports_is_asked_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ports, "_LARGE", 1)
    monkeypatch.setattr(ports, "_REFUSED_ENOUGH", 4)
    home, asked = Home(), make_context(*MANY, hosts=(DEVICE, OTHER))
    await home.add(20001, home.says(20001, b""))  # at DEVICE, which is asked in full for it
    await PROBE.run(asked.context)
    await home.close()
    assert len(asked.door.ports()) < len(MANY) + 10
    assert any("1 device refused the 4 most telling ports" in limit for limit in asked.context.limits)
