"""Reading UPnP descriptions."""

from __future__ import annotations

import asyncio

from iotsweep.model import Observation
from iotsweep.probes.context import Hosts
from iotsweep.probes.upnp import PER_HOST, PROBE
from tests.probes.fake_network import FakeDoor, at_once, make_context
from tests.wire.test_upnp import ROUTER

HOST = "192.168.7.20"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ROUTER) + ROUTER


def _run(door: FakeDoor, *locations: str, source: str = HOST) -> list[Observation]:
    seen: list[Observation] = []

    async def run() -> None:
        hosts = Hosts()
        running = asyncio.create_task(PROBE.run(make_context(door, seen, hosts=hosts)))
        for location in locations:
            hosts.note(Observation("ssdp", "", ip=source, facts=(("ssdp.location", location),)))
            await asyncio.sleep(0.1)
        hosts.close()
        await running

    at_once(run())
    return seen


def test_a_description_is_read_from_the_device_that_named_it() -> None:
    door = FakeDoor(pages={(HOST, 80): PAGE})
    seen = _run(door, f"http://{HOST}/d.xml")
    assert [o.first("upnp.model_name") for o in seen] == ["FRITZ!Box", "Cam"]
    assert all(o.ip == HOST and o.sha256 for o in seen)
    assert {key for o in seen for key, _ in o.facts} <= set(PROBE.yields)


def test_the_same_description_is_read_once() -> None:
    door = FakeDoor(pages={(HOST, 80): PAGE})
    _run(door, *[f"http://{HOST}/d.xml"] * 5)
    assert len(door.requests) == 1


def test_no_device_is_asked_for_more_than_a_few() -> None:
    door = FakeDoor(pages={(HOST, 80): PAGE})
    _run(door, *[f"http://{HOST}/{number}.xml" for number in range(20)])
    assert len(door.requests) == PER_HOST


def test_another_host_a_login_or_a_printer_port_is_never_asked() -> None:
    door = FakeDoor(pages={("192.168.7.21", 80): PAGE, (HOST, 9100): PAGE, (HOST, 8001): PAGE, (HOST, 80): PAGE})
    locations = ("http://192.168.7.21/", f"http://{HOST}:9100/", f"http://{HOST}:8001/", f"http://u:p@{HOST}/")
    assert _run(door, *locations) == []
    assert door.requests == []


def test_only_a_get_is_ever_sent() -> None:
    door = FakeDoor(pages={(HOST, 80): PAGE})
    _run(door, f"http://{HOST}/d.xml")
    assert [request[2].split()[0] for request in door.requests] == [b"GET"]


def test_one_device_that_refuses_leaves_the_others_their_turn() -> None:
    door = FakeDoor(pages={(HOST, 80): PAGE, (HOST, 81): b"HTTP/1.1 302 Found\r\n\r\n", (HOST, 82): b"<not http"})
    seen = _run(door, *[f"http://{HOST}:{port}/" for port in (83, 82, 81, 80)])
    assert [o.first("upnp.model_name") for o in seen] == ["FRITZ!Box", "Cam"]
