"""The sockets and the hearing that both probes of the makers' questions share."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.network.guard import GuardError
from iotsweep.probes.context import Context
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_question import VendorQuestion

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

# Only a socket bound to no address hears broadcasts, and the door binds so for a group; this one SSDP joins anyway.
_ANY_GROUP = "239.255.255.250"


@dataclass
class Hearing:
    """Takes in answers, each distinct one once; `answered` says who answered at which port."""

    context: Context
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)
    answered: set[tuple[str, int]] = field(default_factory=set)

    async def follow(self, questions: tuple[VendorQuestion, ...], socket: Datagrams, seconds: float) -> None:
        """Take in what arrives within `seconds`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            datagram = await socket.receive(left)
            if datagram:
                self.take(questions, datagram)

    def take(self, questions: tuple[VendorQuestion, ...], datagram: Datagram) -> None:
        """One datagram; our own question comes back to us as a broadcast and is passed over.

        Where two makers use one port, the first whose decoder knows the answer takes it.
        """
        raw, source, _ = datagram
        if source == self.context.scope.address:
            return
        for question in questions:
            try:
                facts = question.decode(raw)
            except WireError:
                continue
            self._tell(question, facts, source, raw)
            return

    def _tell(self, question: VendorQuestion, facts: dict[str, str], source: str, raw: bytes) -> None:
        self.answered.add((source, question.port))
        with contextlib.suppress(GuardError):
            self.context.door.check(source)
            self.context.hosts.add(source)
        asked = bool(question.datagrams or question.named)
        facts[f"udp.{question.port}"] = "open" if asked else "heard"
        key = (source, tuple(sorted(facts.items())))
        if key not in self.told:
            self.told.add(key)
            self.context.observe(facts, ip=source, raw=b"" if question.withheld else raw)


@dataclass(frozen=True)
class Mailbox:
    """The sockets of one local port, and the questions whose answers come there; nothing to talk with when quiet."""

    questions: tuple[VendorQuestion, ...]
    talk: Datagrams | None
    heard: tuple[Datagrams, ...]

    def follow(self, hearing: Hearing, seconds: float, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Hear on every socket for `seconds`, or until the returned tasks are cancelled."""
        sockets = (*self.heard, *filter(None, [self.talk]))
        return [group.create_task(hearing.follow(self.questions, socket, seconds)) for socket in sockets]


def by_mailbox(questions: Iterable[VendorQuestion]) -> list[tuple[VendorQuestion, ...]]:
    """Questions whose answers come to one local port share its sockets; each of the others has a port of its own."""
    shared: dict[int, list[VendorQuestion]] = defaultdict(list)
    alone: list[tuple[VendorQuestion, ...]] = []
    for question in questions:
        if question.answers_to:
            shared[question.answers_to].append(question)
        else:
            alone.append((question,))
    return [*map(tuple, shared.values()), *alone]


@asynccontextmanager
async def open_mailbox(
    context: Context, questions: tuple[VendorQuestion, ...], *, asks: bool
) -> AsyncIterator[Mailbox]:
    """Raises OSError when the port is taken."""
    port = questions[0].answers_to
    groups = dict.fromkeys(g for q in questions for g in (q.group, *q.also_joins) if g) or {_ANY_GROUP: None}
    async with AsyncExitStack() as sockets:
        heard = [
            await sockets.enter_async_context(context.door.datagrams(port=port, group=group))
            for group in (groups if port else ())
        ]
        talk = await sockets.enter_async_context(context.door.datagrams(port=port)) if asks else None
        yield Mailbox(questions, talk, tuple(heard))


def say_taken(context: Context, questions: tuple[VendorQuestion, ...], error: OSError) -> None:
    """A port that another program holds costs the makers behind it and nobody else."""
    names = " and ".join(dict.fromkeys(question.name for question in questions))
    context.limit(
        f"devices of {names} could not be asked, because UDP port {questions[0].answers_to or questions[0].port} "
        f"is not free on this laptop ({error.strerror or error})"
    )
