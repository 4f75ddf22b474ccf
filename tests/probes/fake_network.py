"""A network without sockets and a clock without waiting, for probes that talk over multicast."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, cast

from iotsweep.model import Observation, Profile
from iotsweep.network.door import ClosedError, Connection, Datagram, Door
from iotsweep.network.guard import Guard, GuardError
from iotsweep.probes.context import Context, Hosts
from tests.fakes import SCOPE

Sent = tuple[bytes, str, int]


class _NoWait(selectors.DefaultSelector):
    """Moves the clock on by what would have been waited."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            self.now += max(timeout or 0.0, 1e-6)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _NoWait()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def at_once(job: Coroutine[Any, Any, None]) -> float:
    """Run `job` on a loop that never waits; the seconds that it would have taken."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(job)
        return runner.get_loop().time()


@dataclass
class Socket:
    """One fake UDP socket."""

    door: FakeDoor
    port: int
    group: str | None
    inbox: asyncio.Queue[Datagram] = field(default_factory=asyncio.Queue)

    def send(self, data: bytes, address: str, port: int) -> None:
        self.door.guard_datagram(address, port)
        Guard(SCOPE).check_payload(address, port, data)
        self.door.sent.append((data, address, port))
        for raw, source in self.door.answers((data, address, port)):
            self.inbox.put_nowait((raw, source, port))

    async def receive(self, timeout: float) -> Datagram | None:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self.inbox.get(), timeout)
        return None


@dataclass
class FakeDoor:
    """The door to a home that answers as the test says."""

    answers: Callable[[Sent], list[tuple[bytes, str]]] = lambda _: []
    announced: dict[int, list[tuple[bytes, str]]] = field(default_factory=dict)  # by port, heard after joining
    announced_over_ipv6: list[tuple[bytes, str]] | None = None  # heard after joining; None: IPv6 is off
    pages: dict[tuple[str, int], bytes] = field(default_factory=dict)
    taken: frozenset[int] = frozenset()
    refused: frozenset[str] = frozenset()
    profile: Profile = Profile.STANDARD
    sent: list[Sent] = field(default_factory=list)
    requests: list[tuple[str, int, bytes]] = field(default_factory=list)
    counted: list[tuple[str, str, int | None, int, int]] = field(default_factory=list)

    def check(self, address: str, port: int | None = None) -> None:
        Guard(SCOPE).check_unicast(address, port)

    def guard_datagram(self, address: str, port: int) -> None:
        if address in self.refused:
            raise GuardError("refused")

    def count(self, address: str, protocol: str, port: int | None, packets: int, size: int) -> None:
        self.counted.append((address, protocol, port, packets, size))

    @contextlib.asynccontextmanager
    async def datagrams(self, *, port: int = 0, group: str | None = None) -> AsyncIterator[Socket]:
        if port in self.taken:
            raise OSError(98, "Address already in use")
        over_ipv6 = ":" in (group or "")
        if over_ipv6 and self.announced_over_ipv6 is None:
            raise OSError(99, "Cannot assign requested address")
        opened = Socket(self, port, group)
        announced = self.announced.get(port, []) if not over_ipv6 else (self.announced_over_ipv6 if port else [])
        for raw, source in announced or [] if group else []:
            opened.inbox.put_nowait((raw, source, port))
        yield opened

    @contextlib.asynccontextmanager
    async def connect(self, address: str, port: int, *, timeout: float, tls: bool = False) -> AsyncIterator[Connection]:
        if (address, port) not in self.pages:
            raise ClosedError("closed")
        reader = asyncio.StreamReader()
        reader.feed_data(self.pages[(address, port)])
        yield cast(Connection, _FakeConnection(reader, self, address, port))


@dataclass
class _FakeConnection:
    reader: asyncio.StreamReader
    door: FakeDoor
    address: str
    port: int

    async def send(self, data: bytes) -> None:
        self.door.requests.append((self.address, self.port, data))


def make_context(door: FakeDoor, seen: list[Observation], seconds: float = 10.0, hosts: Hosts | None = None) -> Context:
    """A context on `door` whose deadline is `seconds` from now."""
    scope = replace(SCOPE, profile=door.profile)
    deadline = asyncio.get_running_loop().time() + seconds
    known = hosts or Hosts()
    return Context("test", scope, cast(Door, door), known, deadline, emit=seen.append, settle=known.end)


class Runs(Protocol):
    """The part of a probe that a test needs."""

    async def run(self, context: Context) -> None:
        """As a sweep calls it."""


def run_probe(probe: Runs, door: FakeDoor, seconds: float = 10.0) -> tuple[list[Observation], Hosts, float]:
    """What a probe sees and whom it finds in the home behind `door`, and the seconds that it takes."""
    seen: list[Observation] = []
    hosts = Hosts()

    async def run() -> None:
        await probe.run(make_context(door, seen, seconds, hosts))

    return seen, hosts, at_once(run())
