"""Asks the makers' own discovery questions, the ones that their apps send, and hears what their devices announce.

In the quiet profile nothing is sent: it listens for announcements until its deadline.
"""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes._vendor_talk import Hearing, by_mailbox, open_mailbox, say_taken
from iotsweep.probes.context import Context
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import QUESTIONS

if TYPE_CHECKING:
    from iotsweep.network.door import Datagrams

ROUNDS = (0.0, 0.4, 1.0)  # seconds from the start
SETTLE = 2.0  # seconds; whatever takes longer is heard while others still ask
_SPREAD = 0.01  # seconds between two makers, so that a small access point keeps up
_PACE = 0.002  # seconds between two datagrams of one maker
_EVERYBODY = "255.255.255.255"


class VendorQuestionsProbe:
    """Finds cameras, recorders, plugs and lamps by the protocols of their makers."""

    name = "vendor-questions"
    says = "asking cameras, recorders, plugs and lamps in their makers' own way"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = (*dict.fromkeys(key for question in QUESTIONS for key in question.keys), "udp.*")
    sends = (
        "standard and thorough: two or three rounds of the makers' discovery datagrams, a fixed list, to everybody on "
        "this network, on UDP ports "
        f"{', '.join(map(str, dict.fromkeys(q.port for q in QUESTIONS if q.datagrams or q.named)))}; "
        "quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the questions, as it does when somebody opens the makers' apps"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask each maker's question in its rounds, listen while anybody asks; one observation per distinct answer."""
        hearing = Hearing(context)
        async with asyncio.TaskGroup() as group:
            for place, questions in enumerate(by_mailbox(QUESTIONS)):
                group.create_task(_ask(context, questions, hearing, place * _SPREAD))
            if context.scope.profile is not Profile.QUIET:
                await asyncio.sleep(min(SETTLE, context.remaining()))
                context.settle()


async def _ask(context: Context, questions: tuple[VendorQuestion, ...], hearing: Hearing, delay: float) -> None:
    """The questions of one local port; when that is taken, the others go on."""
    quiet = context.scope.profile is Profile.QUIET
    asks = not quiet and any(question.datagrams or question.named for question in questions)
    if quiet and not questions[0].answers_to:
        return
    try:
        async with open_mailbox(context, questions, asks=asks) as mailbox, asyncio.TaskGroup() as group:
            following = mailbox.follow(hearing, context.remaining(), group)
            for question in questions if mailbox.talk else ():
                group.create_task(_send(context, question, mailbox.talk, delay))
            if not quiet:
                await context.until_over()
                for task in following:
                    task.cancel()
    except OSError as error:
        say_taken(context, questions, error)


async def _send(context: Context, question: VendorQuestion, talk: Datagrams | None, delay: float) -> None:
    """The rounds of one question. Nothing is ever sent back to who answered: that would open a session with some."""
    places, datagrams = _places(context, question), question.asked(context.scope.address)
    start = asyncio.get_running_loop().time() + delay
    for at in ROUNDS if question.times >= len(ROUNDS) else ROUNDS[:: len(ROUNDS) - 1]:
        wait = start + at - asyncio.get_running_loop().time()
        if wait >= context.remaining() or talk is None:
            return
        await asyncio.sleep(max(0.0, wait))
        for address in places:
            for datagram in datagrams:
                talk.send(datagram, address, question.port)
                if len(datagrams) > 1:
                    await asyncio.sleep(_PACE)


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


PROBE = VendorQuestionsProbe()
