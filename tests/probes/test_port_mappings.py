"""Port mappings: the router alone is asked, only when it is ours, and the device at the end of a mapping is told of."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from iotsweep.guidance.generic import find_exposures
from iotsweep.model import Observation, RouterRunBy
from iotsweep.network.door import ClosedError, Connection
from iotsweep.probes.context import Context, Hosts, ProbeSkipped
from iotsweep.probes.port_mappings import PROBE
from tests.fakes import SCOPE
from tests.probes.fake_network import FakeDoor, at_once, make_context
from tests.wire.test_igd import description, entry, fault, outside

ROUTER, CAMERA = "192.168.7.1", "192.168.7.23"
IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
TWO = (entry(), entry(NewExternalPort="9000", NewInternalClient="192.168.7.99", NewInternalPort="80"))


@dataclass
class Router(FakeDoor):
    """A router that describes itself and tells its entries."""

    entries: tuple[bytes, ...] = TWO
    last: bytes = fault(713)
    outside: bytes = fault(401)
    asked: list[tuple[str, int, bytes]] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def connect(self, address: str, port: int, *, timeout: float, tls: bool = False) -> AsyncIterator[Connection]:
        if (address, port) != (ROUTER, 49000):
            raise ClosedError("closed")
        yield cast(Connection, _Talk(self, asyncio.StreamReader()))

    def answer(self, request: bytes) -> bytes:
        """The description, then entry by entry."""
        if request.startswith(b"GET "):
            body = description()
            return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        if b"#GetExternalIPAddress" in request:
            return self.outside
        index = int(request.partition(b"<NewPortMappingIndex>")[2].partition(b"<")[0])
        return self.entries[index] if index < len(self.entries) else self.last


@dataclass
class _Talk:
    door: Router
    reader: asyncio.StreamReader

    async def send(self, data: bytes) -> None:
        self.door.asked.append((ROUTER, 49000, data))
        self.reader.feed_data(self.door.answer(data))


def _run(
    door: Router,
    location: str = f"http://{ROUTER}:49000/igddesc.xml",
    **changes: Any,  # noqa: ANN401
) -> tuple[list[Observation], Context]:
    seen: list[Observation] = []
    kept: list[Context] = []

    async def job() -> None:
        hosts = Hosts()
        context = make_context(door, seen, 30.0, hosts)
        scope = replace(context.scope, **changes)
        context = replace(context, scope=scope)
        kept.append(context)
        hosts.add(CAMERA)
        hosts.note(Observation("ssdp", "", None, ROUTER, (("ssdp.location", location), ("ssdp.st", IGD))))
        hosts.close()
        await PROBE.run(context)

    at_once(job())
    return seen, kept[0]


def test_the_mappings_stand_at_the_router_and_the_reached_device_at_its_own_address() -> None:
    seen, context = _run(Router())
    assert [(o.ip, o.facts) for o in seen] == [
        (ROUTER, (("igd.port_mapping", f"tcp 8554 -> {CAMERA}:554 (camera)"),)),
        (ROUTER, (("igd.port_mapping", "tcp 9000 -> 192.168.7.99:80 (camera)"),)),
        (CAMERA, (("igd.mapped", "tcp/554"),)),
    ]
    assert all(o.sha256 for o in seen)
    assert find_exposures([seen[2]]) == ("internet_mapped",)
    assert find_exposures(seen[:2]) == ()
    assert len(context.limits) == 1
    assert "192.168.7.99, where no device was found" in context.limits[0]


def test_only_the_two_questions_are_asked_until_the_router_has_no_more() -> None:
    door = Router()
    _run(door)
    assert [request.partition(b" ")[0] for _, _, request in door.asked] == [b"GET", *([b"POST"] * 4)]
    assert all(b"#GetGenericPortMappingEntry" in request for _, _, request in door.asked[1:4])
    assert b"#GetExternalIPAddress" in door.asked[4][2]


def test_a_router_behind_another_one_is_told_by_its_private_address_there() -> None:
    seen, _ = _run(Router(entries=(), outside=outside("192.168.178.20")))
    assert [(o.ip, o.facts, bool(o.sha256)) for o in seen] == [
        (ROUTER, (("igd.outside", "192.168.178.20"),), True),
    ]


@pytest.mark.parametrize("address", ["93.184.215.14", "100.64.3.4", "0.0.0.0", "", "fe80::1", "x"])
def test_nothing_of_a_public_address_is_kept_because_it_tells_where_a_home_is(address: str) -> None:
    seen, context = _run(Router(entries=(), outside=outside(address)))
    assert seen == []
    assert context.limits == []


def test_a_mapping_that_is_switched_off_reaches_no_device() -> None:
    seen, _ = _run(Router(entries=(entry(NewEnabled="0"),)))
    assert [o.ip for o in seen] == [ROUTER]


def test_a_router_that_never_ends_is_left_after_a_while_and_that_is_said() -> None:
    door = Router(entries=tuple(entry(NewExternalPort=str(1000 + i)) for i in range(500)))
    seen, context = _run(door)
    assert sum(o.ip == ROUTER for o in seen) == 64
    assert any("64 port mappings or more" in limit for limit in context.limits)


def test_a_refusal_is_said() -> None:
    seen, context = _run(Router(entries=(), last=fault(606)))
    assert seen == []
    assert context.limits == ["the router did not tell all of its port mappings (refused with 606)"]


@pytest.mark.parametrize("run_by", [RouterRunBy.OTHER, RouterRunBy.UNKNOWN])
def test_a_router_that_somebody_else_may_run_is_not_asked(run_by: RouterRunBy) -> None:
    assert SCOPE.consent is not None
    door = Router()
    with pytest.raises(ProbeSkipped, match="log"):
        _run(door, consent=replace(SCOPE.consent, router_run_by=run_by))
    assert door.asked == []


@pytest.mark.parametrize("location", [f"http://{CAMERA}:49000/x.xml", "http://8.8.8.8/x.xml", "ftp://192.168.7.1/x"])
def test_a_description_elsewhere_is_never_asked(location: str) -> None:
    door = Router()
    assert _run(door, location)[0] == []
    assert door.asked == []


def test_a_device_that_plays_the_router_is_not_asked() -> None:
    door = Router()
    assert _run(door, gateway="192.168.7.254")[0] == []
    assert door.asked == []
