"""Asks each device that nothing gave a name to the camera makers' questions, by itself: some answer nothing else.

A device behind an access point that drops broadcasts, or whose firmware listens for single questions only, is
found this way. Whoever has answered once is not asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes._pace import Pace
from iotsweep.probes._vendor_talk import Hearing, Mailbox, by_mailbox, open_mailbox, say_taken
from iotsweep.probes.context import Context
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import QUESTIONS

if TYPE_CHECKING:
    from iotsweep.network.door import Datagrams

FIRST_CHANCE = 1.2  # seconds from the start in which announcements and ports can give a device a name
SUSPECTS_MOST = 64  # in a large network the first of them; the others are said
LISTEN = 1.0  # seconds after the last question
_PACE = 0.003  # seconds between two datagrams to one device
_AT_ONCE = 16  # devices
_ASKS_EVERYBODY = "vendor-questions"
ASKED = tuple(question for question in QUESTIONS if question.suspects)


class VendorSuspectsProbe:
    """Finds the cameras that answer only who asks them alone."""

    name = "vendor-suspects"
    says = "asking the devices without a name one by one"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = (*dict.fromkeys(key for question in ASKED for key in question.keys), "udp.*")
    sends = (
        "the camera makers' discovery datagrams, a fixed list, once to each device that nothing gave a name to, on "
        f"UDP ports {', '.join(map(str, dict.fromkeys(question.port for question in ASKED)))}"
    )
    side_effects = "none known: the makers' apps ask the same"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask whoever is still without a name when its ports have been asked, or when nobody new is found."""
        begun = asyncio.get_running_loop().time()
        async with AsyncExitStack() as sockets, asyncio.TaskGroup() as group:
            asking = _Asking(context, sockets, group)
            async for ip in context.hosts.asked_out():
                await asyncio.sleep(max(0.0, begun + FIRST_CHANCE - asyncio.get_running_loop().time()))
                await asking.consider(ip)
            for ip in context.hosts.known():
                await asking.consider(ip)
            await asking.finish()


@dataclass
class _Asking:
    """Who was asked so far; the sockets are opened for the first one."""

    context: Context
    sockets: AsyncExitStack
    group: asyncio.TaskGroup
    boxes: list[Mailbox] = field(default_factory=list)
    asked: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    listening: list[asyncio.Task[None]] = field(default_factory=list)
    too_many: set[str] = field(default_factory=set)
    latest: float = 0.0  # loop time of the last question
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def consider(self, ip: str) -> None:
        """Ask `ip`, unless it has a name, is the router or was asked before."""
        context = self.context
        if ip in self.asked or ip == context.scope.gateway or context.is_named(ip):
            return
        if len(self.asked) >= SUSPECTS_MOST:
            self.too_many.add(ip)
            return
        if not self.asked:
            await self._open()
        self.asked[ip] = self.group.create_task(self._ask(ip))

    async def finish(self) -> None:
        """Hear the last answers, and say who was left out."""
        left_out = sum(not self.context.is_named(ip) for ip in self.too_many)
        if left_out:
            self.context.limit(f"{left_out} devices without a name were not asked one by one")
        if self.asked:
            await asyncio.wait(self.asked.values())
            left = self.latest + LISTEN - asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, min(left, self.context.remaining())))
        for task in self.listening:
            task.cancel()

    async def _open(self) -> None:
        hearing = Hearing(self.context)
        for questions in by_mailbox(ASKED):
            try:
                box = await self.sockets.enter_async_context(open_mailbox(self.context, questions, asks=True))
            except OSError as error:
                say_taken(self.context, questions, error)
                continue
            self.boxes.append(box)
            self.listening += box.follow(hearing, self.context.remaining(), self.group)

    async def _ask(self, ip: str) -> None:
        async with self.room:
            pace = Pace(_PACE)
            for question, datagram, talk in self._datagrams():
                if _has_answered(self.context, ip):
                    return
                talk.send(datagram, ip, question.port)
                self.latest = asyncio.get_running_loop().time()
                await pace.step()

    def _datagrams(self) -> Iterator[tuple[VendorQuestion, bytes, Datagrams]]:
        for box in self.boxes:
            for question in box.questions:
                for datagram in question.asked(self.context.scope.address):
                    if box.talk:
                        yield question, datagram, box.talk


def _has_answered(context: Context, ip: str) -> bool:
    """Whether a maker's question got an answer, to this probe or to the one that asks everybody and still listens."""
    return any(seen.probe in (context.probe, _ASKS_EVERYBODY) for seen in context.hosts.seen(ip))


PROBE = VendorSuspectsProbe()
