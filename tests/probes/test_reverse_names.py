"""Reverse names: asked of the router alone, only when the gate allows it, and never for long."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from iotsweep.model import Consent, ConsentRole, Observation, RouterRunBy, Scope
from iotsweep.network import allow_list
from iotsweep.network.door import Shared
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger
from iotsweep.probes import Probe, reverse_names
from iotsweep.probes.context import ProbeSkipped
from iotsweep.probes.reverse_names import PROBE, choose_router, is_address, short_name
from iotsweep.wire.dns import reverse_name
from tests.network.laboratory import Seen, context

_NAMES = {"127.0.0.10": "ring-doorbell.lan", "127.0.0.11": "127-0-0-11.lan", "127.0.0.12": "Küche.fritz.box"}
Answer = Callable[[bytes], list[bytes]]


def _scope(gateway: str | None = "127.0.0.3", router: RouterRunBy = RouterRunBy.OURSELVES) -> Scope:
    consent = Consent(ConsentRole.OWNER, "2026-01-01T00:00:00Z", "by option", router)
    return Scope("127.0.0.0/24", "lo", "127.0.0.1", "", gateway, consent=consent)


def _wire_name(name: str) -> bytes:
    return b"".join(bytes([len(label.encode())]) + label.encode() for label in name.split(".")) + b"\0"


def _named(query: bytes) -> list[bytes]:
    """What a router's name server answers."""
    for ip, name in _NAMES.items():
        if _wire_name(reverse_name(ip)) in query:
            data = _wire_name(name)
            record = b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 60, len(data)) + data
            return [query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + query[12:] + record]
    return [query[:2] + struct.pack("!5H", 0x8183, 1, 0, 0, 0) + query[12:]]


async def _run(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, hosts: list[str], named: frozenset[str] = frozenset()
) -> tuple[Seen, int]:
    """Run the probe against a router that answers with `answer`; how many questions it got."""
    asked = 0
    loop = asyncio.get_running_loop()
    router = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    router.bind(("127.0.0.3", 0))
    router.setblocking(False)

    def read() -> None:
        nonlocal asked
        with suppress(BlockingIOError):
            query, sender = router.recvfrom(2048)
            asked += 1
            for reply in answer(query):
                router.sendto(reply, sender)

    def kinds(told: tuple[Observation, ...]) -> frozenset[str]:
        return frozenset({"light"} if told else ())

    loop.add_reader(router, read)
    for module in (reverse_names, allow_list):
        monkeypatch.setattr(module, "_DNS", router.getsockname()[1])
    monkeypatch.setattr(reverse_names, "_SECONDS", 0.05)
    seen = context("reverse-names", _scope(), Shared(Guard(_scope()), Ledger()), likely_kinds=kinds)
    for host in hosts:
        seen.context.hosts.add(host)
    for host in named:
        seen.context.hosts.note(Observation("mdns", "2026-01-01T00:00:00Z", None, host, (("mdns.name", "Lamp"),)))
    seen.context.hosts.close()
    try:
        await PROBE.run(seen.context)
    finally:
        loop.remove_reader(router)
        router.close()
    return seen, asked


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


async def test_the_router_tells_the_names_that_devices_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, asked = await _run(monkeypatch, _named, [*_NAMES, "127.0.0.13"])
    found = {observation.ip: observation.facts for observation in seen.observations}
    assert found == {"127.0.0.10": (("dns.name", "ring-doorbell"),), "127.0.0.12": (("dns.name", "Küche"),)}
    assert asked == 4
    assert seen.context.limits == []


async def test_the_router_is_not_asked_for_who_has_said_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = [f"127.0.0.{n}" for n in range(10, 60)]
    seen, asked = await _run(monkeypatch, _named, hosts, frozenset(hosts) - {"127.0.0.10"})
    assert [(observation.ip, observation.facts) for observation in seen.observations] == [
        ("127.0.0.10", (("dns.name", "ring-doorbell"),))
    ]
    assert asked == 1


async def test_a_silent_router_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, asked = await _run(monkeypatch, lambda _: [], [f"127.0.0.{n}" for n in range(10, 200)])
    assert asked <= 16
    assert "does not answer" in seen.context.limits[0]


async def test_a_router_that_refuses_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(query: bytes) -> list[bytes]:
        return [query[:2] + struct.pack("!5H", 0x8185, 1, 0, 0, 0) + query[12:]]

    _, asked = await _run(monkeypatch, refuse, [f"127.0.0.{n}" for n in range(10, 200)])
    assert asked <= 8


async def test_an_answer_to_another_question_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(query: bytes) -> list[bytes]:
        honest = _named(query)[0]
        other = struct.pack("!H", (int.from_bytes(honest[:2], "big") + 1) & 0xFFFF) + honest[2:]
        wrong = honest.replace(b"\x0210\x010", b"\x0299\x010", 1)
        return [b"", b"\xff" * 40, other, wrong]

    seen, asked = await _run(monkeypatch, lie, ["127.0.0.10"])
    assert seen.observations == []
    assert asked == 2


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        (_scope(gateway=None), "No router"),
        (_scope(gateway="192.168.9.1"), "not on"),
        (_scope(router=RouterRunBy.OTHER), "other person"),
        (_scope(router=RouterRunBy.UNKNOWN), "other person"),
    ],
)
def test_a_router_that_may_not_be_asked_is_not_asked(scope: Scope, why: str) -> None:
    with pytest.raises(ProbeSkipped, match=why):
        choose_router(scope)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("ring-doorbell.lan.", "ring-doorbell"),
        ("cam.garden.home.arpa", "cam.garden"),
        ("Tapo_C200.fritz.box", "Tapo_C200"),
        ("printer", "printer"),
        ("nas.some.provider.example", "nas"),
        ("", ""),
    ],
)
def test_the_homes_own_domain_is_left_out(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("192-168-1-17", True), ("ip-192-168-1-17", True), ("17-1-168-192", True), ("c200", False), ("cam-17", False)],
)
def test_a_name_that_only_repeats_the_address_is_none(name: str, is_one: bool) -> None:
    result: Any = is_address(name, "192.168.1.17")
    assert result is is_one


def test_a_home_domain_of_several_parts_is_no_part_of_a_devices_name() -> None:
    assert short_name("Annas-iPhone.home.lan.") == "Annas-iPhone"
