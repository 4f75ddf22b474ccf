"""A search of a multicast group: asks in rounds from one socket, hears announcements on another.

In the quiet profile nothing is sent: it listens until its deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.guard import GuardError
from iotsweep.probes.context import Context, ProbeSkipped

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

    # Given the socket that asks (None when nothing may be sent) and where to put tasks: what takes in each datagram.
    Hear = Callable[[Datagrams | None, asyncio.TaskGroup], Callable[[Datagram], None]]

_SPREAD = 0.02  # seconds between two questions, because small devices drop bursts


@dataclass(frozen=True, slots=True)
class GroupSearch:
    """What one protocol asks its group, and when."""

    name: str  # for people
    group: str
    port: int
    rounds: tuple[float, ...]  # seconds from the start
    listen: float  # seconds from the start: the last question and its answers
    questions: Callable[[], Iterable[bytes]]  # of one round

    async def run(self, context: Context, hear: Hear) -> None:
        """Ask, and hear until nothing is asked any more. Raises ProbeSkipped when the port cannot be had."""
        quiet = context.scope.profile is Profile.QUIET
        try:
            async with (
                context.door.datagrams() as talk,
                context.door.datagrams(port=self.port, group=self.group) as heard,
                asyncio.TaskGroup() as tasks,
            ):
                take = hear(None if quiet else talk, tasks)
                sockets = (heard,) if quiet else (heard, talk)
                following = [tasks.create_task(_follow(context, one, take)) for one in sockets]
                if not quiet:
                    await self._ask(talk, min(self.listen, context.remaining()))
                    context.settle()
                    await context.until_over()
                    for task in following:
                        task.cancel()
        except OSError as error:
            raise ProbeSkipped(
                f"{self.name} cannot be heard on {context.scope.interface} ({error.strerror or error}); "
                f"another program may hold UDP port {self.port} for itself"
            ) from error

    async def _ask(self, talk: Datagrams, seconds: float) -> None:
        """Every round, and time for its answers."""
        start = asyncio.get_running_loop().time()
        for at in self.rounds:
            if at >= seconds:
                break
            await asyncio.sleep(max(0.0, start + at - asyncio.get_running_loop().time()))
            for question in self.questions():
                talk.send(question, self.group, self.port)
                await asyncio.sleep(_SPREAD)
        await asyncio.sleep(max(0.0, start + seconds - asyncio.get_running_loop().time()))


async def _follow(context: Context, socket: Datagrams, take: Callable[[Datagram], None]) -> None:
    """Hand over what others send, until the deadline."""
    while (left := context.remaining()) > 0:
        datagram = await socket.receive(left)
        if datagram and datagram[1] != context.scope.address:
            take(datagram)


def add_host(context: Context, address: str) -> None:
    """Somebody is there: to be asked by others too, where the guard lets them."""
    with contextlib.suppress(GuardError):
        context.door.check(address)
        context.hosts.add(address)
