"""Reverse names: what the home's own router calls the devices, asked of that router alone."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.model import Profile, RouterRunBy, Scope
from iotsweep.network.door import Datagrams
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.dns import NO_ERROR, REFUSALS, Answer, decode_answer, encode_ptr_query, reverse_name
from iotsweep.wire.error import WireError

_DNS = 53
_TRIES = 2
_SECONDS = 0.5  # per try; a router on the same network answers from its own table at once
_AT_ONCE = 4
_MOST_UNANSWERED = 3  # in a row: a router that refuses would otherwise cost seconds per device
_LOCAL_DOMAINS = ("home.arpa", "fritz.box", "localdomain", "internal", "intranet", "private", "local", "home", "lan")
_LOCAL_DOMAIN = re.compile(rf"(\.({'|'.join(map(re.escape, _LOCAL_DOMAINS))}))+$", re.IGNORECASE)


@dataclass
class _Router:
    """The questions that are open with the router, and whether it is worth asking on."""

    context: Context
    datagrams: Datagrams
    gateway: str
    waiting: dict[int, tuple[str, asyncio.Future[tuple[Answer, bytes]]]] = field(default_factory=dict)
    unanswered: int = 0

    @property
    def gave_up(self) -> bool:
        """True when the router refuses or stays silent."""
        return self.unanswered >= _MOST_UNANSWERED

    async def listen(self) -> None:
        """Hand every answer to the question that it belongs to; what belongs to none is dropped."""
        while True:
            received = await self.datagrams.receive(3600)
            if received is None or received[1:] != (self.gateway, _DNS):
                continue
            try:
                answer = decode_answer(received[0])
            except WireError:
                continue
            ip, future = self.waiting.get(answer.id, ("", None))
            if future and not future.done() and answer.question in {"", reverse_name(ip)}:
                future.set_result((answer, received[0]))

    async def ask(self, ip: str) -> None:
        """One look-up, repeated once; a name becomes an observation."""
        for _ in range(_TRIES):
            if self.gave_up:
                return
            reply = await self._try(ip)
            if reply is not None:
                self.unanswered = self.unanswered + 1 if reply[0].code in REFUSALS else 0
                self._observe(ip, *reply)
                return
        self.unanswered += 1

    async def _try(self, ip: str) -> tuple[Answer, bytes] | None:
        id = secrets.randbelow(1 << 16)
        while id in self.waiting:
            id = secrets.randbelow(1 << 16)
        future: asyncio.Future[tuple[Answer, bytes]] = asyncio.get_running_loop().create_future()
        self.waiting[id] = (ip, future)
        try:
            self.datagrams.send(encode_ptr_query(ip, id), self.gateway, _DNS)
            async with asyncio.timeout(_SECONDS):
                return await future
        except TimeoutError:
            return None
        finally:
            del self.waiting[id]

    def _observe(self, ip: str, answer: Answer, raw: bytes) -> None:
        names = [] if answer.code != NO_ERROR else [name for name in map(short_name, answer.names) if name]
        names = [name for name in names if not is_address(name, ip)]
        if names:
            self.context.observe({"dns.name": names}, ip=ip, raw=raw)


class ReverseNamesProbe:
    """Asks the home's own router for the names that devices gave when they joined."""

    name = "reverse-names"
    says = "asking the router for the names of devices"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("dns.name",)
    sends = (
        f"DNS reverse look-ups of the addresses that were found, at most {_TRIES} per address, to the router alone and "
        "only when the other person does not run it. None for a device that has said what it is by then. In a "
        "big home that makes the router the one device that gets more than 120 packets."
    )
    side_effects = "The router may log the look-ups."
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Follow the hosts as they are found. Raises ProbeSkipped when the router is not to be asked."""
        gateway = choose_router(context.scope)
        async with context.door.datagrams() as datagrams:
            router = _Router(context, datagrams, gateway)
            listening = asyncio.create_task(router.listen())
            try:
                await _ask_all(context, router)
            finally:
                listening.cancel()
        if router.gave_up:
            context.limit("The router does not answer reverse look-ups, so it gave no names.")


def choose_router(scope: Scope) -> str:
    """The router to ask. Raises ProbeSkipped when there is none, or when the answer about it does not allow it."""
    if scope.gateway is None:
        raise ProbeSkipped("No router is known on this network, so nobody was asked for names.")
    network = IPv4Network(scope.network)
    if IPv4Address(scope.gateway) not in network or scope.gateway == scope.address:
        raise ProbeSkipped(f"The router {scope.gateway} is not on {network}, so it was not asked for names.")
    if scope.consent is None or scope.consent.router_run_by is not RouterRunBy.OURSELVES:
        raise ProbeSkipped(
            "The router was not asked for names, because the other person may run it and could read its log: "
            "answer the question about the router to change that."
        )
    return scope.gateway


async def _ask_all(context: Context, router: _Router) -> None:
    room = asyncio.Semaphore(_AT_ONCE)

    async def ask(ip: str) -> None:
        try:
            await router.ask(ip)
        finally:
            room.release()

    async with asyncio.TaskGroup() as asking:
        async for ip in context.hosts.arrivals():
            await room.acquire()
            if router.gave_up or not context.remaining():
                return
            if context.likely_kinds(
                context.hosts.seen(ip)
            ):  # it has said what it is; a mere maker's name is too little
                room.release()
                continue
            asking.create_task(ask(ip))


def short_name(name: str) -> str:
    """The name that a device gave: without the home's own domain, which may have several parts (`home.lan`)."""
    name = name.rstrip(".")
    bare = _LOCAL_DOMAIN.sub("", name)
    return bare if bare != name else name.split(".")[0]


def is_address(name: str, ip: str) -> bool:
    """True for a name that only repeats the address: 192-168-1-17, ip-192-168-1-17, 17.1.168.192, 192.168.1.17."""
    numbers = [int(number) for number in re.findall(r"\d{1,3}", name)]
    octets = [int(octet) for octet in ip.split(".")]
    return numbers in (octets, octets[::-1]) or numbers == [int(part) for part in re.findall(r"\d{1,3}", ip)]


PROBE = ReverseNamesProbe()
