"""What a probe is given: the scope, the door for packets, the devices found so far, and where replies go."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from iotsweep.clean import clean
from iotsweep.clock import utc_now
from iotsweep.model import Observation, Scope
from iotsweep.network.door import Door

_T = TypeVar("_T")
Facts = Mapping[str, str | Sequence[str]]


class ProbeSkipped(Exception):  # noqa: N818  (a value for the report, not an error)
    """This probe cannot work here; the message says why and what would mend it."""


class Hosts:
    """The addresses that answered so far, as a stream that late readers can still follow from the start."""

    def __init__(self) -> None:
        self._macs: dict[str, str | None] = {}
        self._order: list[str] = []
        self._arrived: list[str] = []  # those of them that came before `close`
        self._log: list[Observation] = []
        self._seen: dict[str, list[Observation]] = {}
        self._asked_out: list[str] = []
        self._changed = asyncio.Event()
        self._closed = False
        self._late: list[str] = []
        self._over = asyncio.Event()

    def __contains__(self, ip: object) -> bool:
        """Whether this address answered."""
        return ip in self._macs

    def add(self, ip: str, mac: str | None = None) -> None:
        """Remember that `ip` is there; a MAC fills a gap and is never overwritten."""
        if ip not in self._macs:
            self._order.append(ip)
            (self._late if self._closed else self._arrived).append(ip)
        elif not mac or self._macs[ip]:
            return
        self._macs[ip] = mac
        self._wake()

    def note(self, observation: Observation) -> None:
        """Keep what was seen of a host, so that a later probe can decide how gently to ask."""
        if observation.ip:
            self._seen.setdefault(observation.ip, []).append(observation)
            self._log.append(observation)
            self._wake()

    def ask_out(self, ip: str) -> None:
        """The ports of `ip` have been asked, or it does not answer there: they will give it no name."""
        if ip not in self._asked_out:
            self._asked_out.append(ip)
            self._wake()

    def close(self) -> None:
        """Nobody new is looked for: `arrivals` ends once it has given all. Who still comes is one of the `late`."""
        self._closed = True
        self._wake()

    def late(self) -> Hosts | None:
        """Those that came after `close`, as a stream of their own that has ended; None when nobody did."""
        if not self._late:
            return None
        late = copy.copy(self)
        late._order = late._arrived = self._late
        late._log = [observation for observation in self._log if observation.ip in self._late]
        late._asked_out, late._late, self._late = [], [], []
        return late

    def end(self) -> None:
        """Nothing is asked any more: who only listens on may stop."""
        self._over.set()

    async def over(self) -> None:
        """Wait until nothing is asked any more."""
        await self._over.wait()

    def mac(self, ip: str) -> str | None:
        """The MAC address that answered for `ip`, if any probe learned it."""
        return self._macs.get(ip)

    def seen(self, ip: str) -> tuple[Observation, ...]:
        """What was observed of `ip` so far."""
        return tuple(self._seen.get(ip, ()))

    def known(self) -> tuple[str, ...]:
        """The addresses found so far, in order of arrival."""
        return tuple(self._order)

    def news(self) -> AsyncIterator[Observation]:
        """Every observation of a host once, from the first, until the finding stage is over."""
        return self._each(self._log)

    def arrivals(self) -> AsyncIterator[str]:
        """Every address once, as it is found, until the finding stage is over."""
        return self._each(self._arrived)

    def asked_out(self) -> AsyncIterator[str]:
        """Every address once, when its ports will tell no more, until the finding stage is over."""
        return self._each(self._asked_out)

    async def _each(self, items: list[_T]) -> AsyncIterator[_T]:
        given = 0
        while True:
            while given < len(items):
                given += 1
                yield items[given - 1]
            if self._closed:
                return
            await self._changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


@dataclass
class Context:
    """One probe's view of the sweep."""

    probe: str
    scope: Scope
    door: Door
    hosts: Hosts
    deadline: float  # loop time by which the probe has to return
    ports: tuple[int, ...] = ()  # TCP ports that the catalogue can use, most telling first
    gentle_ports: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # kind -> the only ports asked there
    likely_kinds: Callable[[tuple[Observation, ...]], frozenset[str]] = lambda _: frozenset()
    suspect: str | None = None  # the one device that the deep check is for
    is_named: Callable[[str], bool] = lambda _: False  # does anything seen so far give a name to this address?
    records: Callable[[Mapping[str, str]], bool] = lambda _: False  # do these facts fit what can see or hear?
    emit: Callable[[Observation], None] = lambda _: None
    settle: Callable[[], None] = lambda: None  # a finding probe has asked all: what it still hears costs no waiting
    others_look: Callable[[], bool] = lambda: False  # whether another finding probe has not settled yet
    limits: list[str] = field(default_factory=list)

    def observe(self, facts: Facts, *, ip: str | None = None, mac: str | None = None, raw: bytes = b"") -> None:
        """Hand over the facts of one reply: values cleaned, empty ones dropped, the raw reply kept as its sha256."""
        pairs = {
            (key.lower(), text)
            for key, value in facts.items()
            for text in map(clean, [value] if isinstance(value, str) else value)
            if text
        }
        digest = hashlib.sha256(raw).hexdigest() if raw else ""
        observation = Observation(self.probe, utc_now(), mac, ip, tuple(sorted(pairs)), digest)
        self.hosts.note(observation)
        self.emit(observation)

    def suspects(self) -> tuple[str, ...]:
        """The addresses that nothing seen so far gives a name to."""
        return tuple(ip for ip in self.hosts.known() if not self.is_named(ip))

    def limit(self, sentence: str) -> None:
        """State once what this probe could not do here."""
        if sentence not in self.limits:
            self.limits.append(sentence)

    async def until_over(self) -> None:
        """Wait until nothing is asked any more, or the deadline."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.remaining()):
                await self.hosts.over()

    def remaining(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - asyncio.get_running_loop().time())
