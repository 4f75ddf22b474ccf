"""Asks each device that nothing gave a name to the camera makers' questions, by itself: some answer nothing else.

A device behind an access point that drops broadcasts, or whose firmware listens for single questions only, is
found this way. Whoever has answered once is not asked again.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes._pace import Pace
from iotsweep.probes._vendor_talk import Hearing, Mailbox, by_mailbox, open_mailbox, say_taken
from iotsweep.probes.context import Context
from iotsweep.wire.vendor_questions import QUESTIONS

SUSPECTS_MOST = 64  # in a large network the first of them; the others are said
LISTEN = 1.0  # seconds after the last question
_PACE = 0.003  # seconds between two datagrams to one device
_AT_ONCE = 16  # devices
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
        """Wait until nobody new is found, then ask those without a name; an answer ends the questions to that one."""
        async for _ in context.hosts.arrivals():
            continue
        suspects = [ip for ip in context.suspects() if ip != context.scope.gateway]
        if len(suspects) > SUSPECTS_MOST:
            context.limit(f"{len(suspects) - SUSPECTS_MOST} devices without a name were not asked one by one")
        if suspects:
            await _ask_all(context, suspects[:SUSPECTS_MOST])


async def _ask_all(context: Context, suspects: list[str]) -> None:
    hearing, room = Hearing(context), asyncio.Semaphore(_AT_ONCE)

    async def ask(ip: str, boxes: list[Mailbox]) -> None:
        async with room:
            await _ask(context, ip, boxes, hearing)

    async with AsyncExitStack() as sockets:
        boxes = []
        for questions in by_mailbox(ASKED):
            try:
                boxes.append(await sockets.enter_async_context(open_mailbox(context, questions, asks=True)))
            except OSError as error:
                say_taken(context, questions, error)
        listening = await sockets.enter_async_context(asyncio.TaskGroup())
        tasks = [listening.create_task(_listen(box, hearing, context)) for box in boxes]
        await asyncio.gather(*(ask(ip, boxes) for ip in suspects))
        await asyncio.sleep(min(LISTEN, context.remaining()))
        for task in tasks:
            task.cancel()


async def _listen(box: Mailbox, hearing: Hearing, context: Context) -> None:
    async with asyncio.TaskGroup() as group:
        box.follow(hearing, context.remaining(), group)


async def _ask(context: Context, ip: str, boxes: list[Mailbox], hearing: Hearing) -> None:
    pace = Pace(_PACE)
    for box in boxes:
        for question in box.questions:
            for datagram in question.asked(context.scope.address):
                if box.talk is None or _has_answered(hearing, ip):
                    return
                box.talk.send(datagram, ip, question.port)
                await pace.step()


def _has_answered(hearing: Hearing, ip: str) -> bool:
    return any(address == ip for address, _ in hearing.answered)


PROBE = VendorSuspectsProbe()
