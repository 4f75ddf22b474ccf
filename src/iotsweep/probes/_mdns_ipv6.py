"""Multicast DNS over IPv6, beside the questions over IPv4: who has no IPv4 address announces itself only there.

Our own packets go through the door to ff02::fb on the scope's interface, and nowhere else: RFC 6762 section 3. One
short question leaves from a port of its own, because its answers come to this laptop alone (section 6.7). Who answers
has to ask for this laptop's MAC address first, and so the system learns theirs, also of those that answer no echo.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.probes._mdns_heard_ipv6 import HeardOverIpv6
from iotsweep.probes.mdns_questions import PORT
from iotsweep.wire.mdns import PTR, Name
from iotsweep.wire.mdns_question import encode_asks, encode_questions
from iotsweep.wire.mdns_services import ENUMERATION, fold
from iotsweep.wire.mdns_types import TYPES

if TYPE_CHECKING:
    from iotsweep.network.door import Datagrams

GROUP_IPV6 = "ff02::fb"  # RFC 6762 section 3: link-local, no router passes it on
_LOOK_EVERY = 1.5  # seconds; the first look comes after the last round, before the finding stage ends
_STEP = 0.1
_FOLLOW_EVERY = 0.3  # seconds, so that answers on their way are not asked for again
_FOREVER = 3600.0  # seconds
_ASKED_TWICE = 2
_MOST_FOLLOWED = 400  # questions that answers lead to; a device that makes up names gets no more


async def follow_ipv6(heard: HeardOverIpv6, rounds: Sequence[float]) -> None:
    """Ask at `rounds` (seconds from the start; none: only listen), and hear until it is cancelled."""
    context = heard.context
    async with AsyncExitStack() as stack:
        try:
            group = await stack.enter_async_context(context.door.datagrams(port=PORT, group=GROUP_IPV6))
            direct = await stack.enter_async_context(context.door.datagrams(group=GROUP_IPV6)) if rounds else None
        except OSError as error:
            context.limit(
                f"Who announces itself over IPv6 only was not heard: IPv6 is off or not ready on "
                f"{context.scope.interface} ({error.strerror or error})."
            )
            return
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(_listen(each, heard)) for each in (group, direct) if each]
            await _converse(_Questions(heard, group, direct), list(rounds))
            for task in listening:
                task.cancel()


async def _listen(datagrams: Datagrams, heard: HeardOverIpv6) -> None:
    while True:
        datagram = await datagrams.receive(_FOREVER)
        if datagram:
            heard.take(datagram)


async def _converse(questions: _Questions, rounds: list[float]) -> None:
    """Ask, follow up what is missing, and look now and then who is who."""
    loop, asks = asyncio.get_running_loop(), bool(rounds)
    start, look, latest = loop.time(), _LOOK_EVERY, 0.0
    while questions.heard.context.remaining():
        now = loop.time() - start
        if rounds and now >= rounds[0]:
            rounds.pop(0)
            questions.ask_types()
        elif asks and now >= latest + _FOLLOW_EVERY:
            latest = now
            questions.follow_up()
        if now >= look:
            look = now + _LOOK_EVERY
            await questions.heard.look_up()
            questions.heard.tell(only_complete=True)
        await asyncio.sleep(min(_STEP if asks else _LOOK_EVERY, questions.heard.context.remaining()))


@dataclass
class _Questions:
    """What is asked over IPv6, nothing more than it must be."""

    heard: HeardOverIpv6
    group: Datagrams
    direct: Datagrams | None
    asked: Counter[tuple[Name, int]] = field(default_factory=Counter)
    followed: int = 0

    def ask_types(self) -> None:
        """Enumeration and every type that matters; enumeration once more so that the answers come directly."""
        names = {fold(name): name for name in (ENUMERATION, *TYPES)} | self.heard.services.types
        self.asked.update((folded, PTR) for folded in names)
        for packet in encode_questions(filter(_is_of_this_link, names.values())):
            self.group.send(packet, GROUP_IPV6, PORT)
        if self.direct:
            self.direct.send(encode_questions([ENUMERATION])[0], GROUP_IPV6, PORT)

    def follow_up(self) -> None:
        """What was mentioned over IPv6 and not told there yet, each at most twice."""
        services = self.heard.services
        new = [(name, PTR) for folded, name in services.types.items() if not self.asked[folded, PTR]]
        for_more = [ask for ask in dict.fromkeys(services.missing()) if self._again(ask)]
        asks = [ask for ask in (*new, *for_more) if _is_of_this_link(ask[0])][: _MOST_FOLLOWED - self.followed]
        self.asked.update((fold(name), kind) for name, kind in asks)
        self.followed += len(asks)
        for packet in encode_asks(asks):
            self.group.send(packet, GROUP_IPV6, PORT)

    def _again(self, ask: tuple[Name, int]) -> bool:
        return self.asked[fold(ask[0]), ask[1]] < _ASKED_TWICE


def _is_of_this_link(name: Name) -> bool:
    """RFC 6762 section 3: other names, whoever gave them, are not asked for here."""
    return bool(name) and name[-1].lower() == "local"
