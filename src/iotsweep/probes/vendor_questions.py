"""Asks the makers' own discovery questions, the ones that their apps send, and hears what their devices announce.

In the quiet profile nothing is sent: it listens for announcements until its deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_questions import QUESTIONS, VendorQuestion

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

ROUNDS = (0.0, 0.5, 1.5)  # seconds from the start
LISTEN = 3.0  # seconds
_SPREAD = 0.01  # seconds between two makers, so that a small access point keeps up
_EVERYBODY = "255.255.255.255"
# Only a socket bound to no address hears broadcasts, and the door binds so for a group; this one SSDP joins anyway.
_ANY_GROUP = "239.255.255.250"


class VendorQuestionsProbe:
    """Finds cameras, recorders, plugs and lamps by the protocols of their makers."""

    name = "vendor-questions"
    says = "asking cameras, recorders, plugs and lamps in their makers' own way"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = (*dict.fromkeys(key for question in QUESTIONS for key in question.keys), "udp.*")
    sends = (
        "standard and thorough: three rounds of the makers' discovery datagrams, a fixed list, to everybody on this "
        f"network, on UDP ports {', '.join(str(q.port) for q in QUESTIONS if q.datagrams)}; quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the questions, as it does when somebody opens the makers' apps"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask every maker's question three times; one observation per distinct answer."""
        hearing = _Hearing(context)
        async with asyncio.TaskGroup() as group:
            for place, question in enumerate(QUESTIONS):
                group.create_task(_ask(context, question, hearing, place * _SPREAD))


async def _ask(context: Context, question: VendorQuestion, hearing: _Hearing, delay: float) -> None:
    """One question with its own sockets; when its port is taken, the others go on."""
    asks = bool(question.datagrams) and context.scope.profile is not Profile.QUIET
    seconds = context.remaining() if context.scope.profile is Profile.QUIET else min(LISTEN, context.remaining())
    try:
        async with AsyncExitStack() as sockets:
            heard = await _open(context, question, sockets) if question.answers_to else None
            talk = await sockets.enter_async_context(context.door.datagrams(port=question.answers_to)) if asks else None
            async with asyncio.TaskGroup() as group:
                for socket in filter(None, (heard, talk)):
                    group.create_task(hearing.follow(question, socket, seconds))
                if talk:
                    group.create_task(_send(context, question, talk, delay, seconds))
    except OSError as error:
        context.limit(
            f"devices of {question.name} could not be asked, because UDP port {question.answers_to or question.port} "
            f"is not free on this laptop ({error.strerror or error})"
        )


async def _open(context: Context, question: VendorQuestion, sockets: AsyncExitStack) -> Datagrams:
    joined = question.group or _ANY_GROUP
    return await sockets.enter_async_context(context.door.datagrams(port=question.answers_to, group=joined))


async def _send(context: Context, question: VendorQuestion, talk: Datagrams, delay: float, seconds: float) -> None:
    places = _places(context, question)
    start = asyncio.get_running_loop().time() + delay
    for at in ROUNDS:
        if at >= seconds:
            return
        await asyncio.sleep(max(0.0, start + at - asyncio.get_running_loop().time()))
        for address in places:
            for datagram in question.datagrams:
                talk.send(datagram, address, question.port)


def _places(context: Context, question: VendorQuestion) -> list[str]:
    """Some cameras answer only the general broadcast address, some only that of their network.

    A place that the guard refuses is left out and said, so that one of them does not cost the other makers their turn.
    """
    network = IPv4Network(context.scope.network)
    places = [question.group] if question.group else []
    if question.broadcast and network.prefixlen < 31:
        places += [_EVERYBODY, str(network.broadcast_address)]
    return [address for address in places if _is_allowed(context, question, address)]


def _is_allowed(context: Context, question: VendorQuestion, address: str) -> bool:
    try:
        context.door.guard_datagram(address, question.port)
    except GuardError:
        context.limit(f"devices of {question.name} were not asked at {address}, which may not be sent to")
        return False
    return True


@dataclass
class _Hearing:
    """Takes in answers, each distinct one once."""

    context: Context
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    async def follow(self, question: VendorQuestion, socket: Datagrams, seconds: float) -> None:
        """Take in what arrives within `seconds`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            datagram = await socket.receive(left)
            if datagram:
                self.take(question, datagram)

    def take(self, question: VendorQuestion, datagram: Datagram) -> None:
        """One datagram; our own question comes back to us as a broadcast and is passed over."""
        raw, source, _ = datagram
        if source == self.context.scope.address:
            return
        try:
            facts = question.decode(raw)
        except WireError:
            return
        with contextlib.suppress(GuardError):
            self.context.door.check(source)
            self.context.hosts.add(source)
        facts[f"udp.{question.port}"] = "open" if question.datagrams else "heard"
        key = (source, tuple(sorted(facts.items())))
        if key not in self.told:
            self.told.add(key)
            self.context.observe(facts, ip=source, raw=b"" if question.withheld else raw)


PROBE = VendorQuestionsProbe()
