"""The deep check of one device, on request: every question to it alone, then the PPPP search under every phrase.

Makers of cheap cameras scramble their protocol with phrases, and not all phrases are listed. A camera with another one
answers nothing else, so it is sent each search that any phrase can make, at a gentle rate, until its first answer.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes._vendor_talk import Hearing, by_mailbox, open_mailbox, say_taken
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire import pppp, wsd
from iotsweep.wire.error import WireError
from iotsweep.wire.pppp_keys import SEARCHES, decode_unlisted, means_something_else, searches
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import QUESTIONS

if TYPE_CHECKING:
    from iotsweep.network.door import Datagrams

RATE = 500  # datagrams a second, of 46 bytes each with their headers: 23 kB/s
LISTEN = 2.0  # seconds after the last question
SECONDS = SEARCHES / RATE + 3 * LISTEN  # that the whole takes at most
_FORMS = ("", "dn:NetworkVideoTransmitter", "tds:Device")
_BEHIND = 0.1  # seconds; a laptop that slept does not make up for it with a burst
_PACE = 0.003


class DeepPpppProbe:
    """Finds the camera in one suspect, whatever phrase its maker chose."""

    name = "deep-pppp"
    says = "asking one device in every way there is, which takes minutes"
    stage = Stage.DEEP
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = (*dict.fromkeys(key for question in QUESTIONS for key in question.keys), "udp.*")
    sends = (
        "to the one device that was named, and to no other: every maker's discovery datagrams and three searches by "
        f"WS-Discovery, once; then on UDP port {pppp.PORT} each search that a PPPP phrase can make, at most "
        f"{SEARCHES:,} of 4 bytes, {RATE} a second, until the first answer"
    )
    side_effects = "a weak device can be slow meanwhile; a network monitor sees many datagrams to one device"
    needs_administrator = False
    on_request = True

    async def run(self, context: Context) -> None:
        """Everything once, then the searches, unless the device has answered one already."""
        ip = context.suspect
        if ip is None:
            raise ProbeSkipped("no device was named for the deep check; name one with --suspect")
        if ip not in context.hosts.known():
            raise ProbeSkipped(f"nothing was found at {ip}; switch the device on, look at its address, and scan again")
        hearing = Hearing(context)
        await _ask_everything(context, ip, hearing)
        if (ip, pppp.PORT) not in hearing.answered and not _is_known(context, ip):
            await _search(context, ip)


def _is_known(context: Context, ip: str) -> bool:
    return any(seen.first("pppp.uid") for seen in context.hosts.seen(ip))


async def _ask_everything(context: Context, ip: str, hearing: Hearing) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_ask_wsd(context, ip))
        for questions in by_mailbox(QUESTIONS):
            if any(question.asked(context.scope.address) for question in questions):
                group.create_task(_ask(context, ip, questions, hearing))


async def _ask(context: Context, ip: str, questions: tuple[VendorQuestion, ...], hearing: Hearing) -> None:
    try:
        async with open_mailbox(context, questions, asks=True) as mailbox, asyncio.TaskGroup() as group:
            mailbox.follow(hearing, min(LISTEN, context.remaining()), group)
            for question in questions:
                for datagram in question.asked(context.scope.address):
                    if mailbox.talk:
                        mailbox.talk.send(datagram, ip, question.port)
                        await asyncio.sleep(_PACE)
    except OSError as error:
        say_taken(context, questions, error)


async def _ask_wsd(context: Context, ip: str) -> None:
    async with context.door.datagrams() as socket:
        for types in _FORMS:
            socket.send(wsd.encode_probe(str(uuid.uuid4()), types), ip, wsd.PORT)
        until = asyncio.get_running_loop().time() + min(LISTEN, context.remaining())
        while (left := until - asyncio.get_running_loop().time()) > 0:
            datagram = await socket.receive(left)
            if datagram and datagram[1] == ip:
                _take_wsd(context, ip, datagram[0])


def _take_wsd(context: Context, ip: str, raw: bytes) -> None:
    try:
        matches = wsd.decode_matches(raw)
    except WireError:
        return
    for match in matches:
        context.observe(wsd.to_facts(match), ip=ip, raw=raw)


async def _search(context: Context, ip: str) -> None:
    """Send and listen side by side; the first answer ends it, and nothing is ever sent back."""
    chosen = await asyncio.to_thread(_choose)
    sent = 0
    async with context.door.datagrams() as socket:
        answer = asyncio.create_task(_await_answer(context, ip, socket))
        try:
            due = asyncio.get_running_loop().time()
            for search in chosen:
                if answer.done():
                    break
                socket.send(search, ip, pppp.PORT)
                sent += 1
                due = max(due + 1 / RATE, asyncio.get_running_loop().time() - _BEHIND)
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            await asyncio.wait({answer}, timeout=min(LISTEN, context.remaining()))
        finally:
            found = answer.done() and not answer.cancelled()
            answer.cancel()
            if not found:
                context.limit(_say_silence(ip, sent, len(chosen)))


def _choose() -> tuple[bytes, ...]:
    """Every search, without those few that cameras of a listed phrase would read as another message."""
    return tuple(search for search in searches() if not means_something_else(search))


async def _await_answer(context: Context, ip: str, socket: Datagrams) -> None:
    while True:
        datagram = await socket.receive(LISTEN)
        if datagram is None:
            continue
        raw, source, _ = datagram
        facts = _read(raw) if source == ip else None
        if facts:
            context.observe({**facts, f"udp.{pppp.PORT}": "open"}, ip=ip, raw=raw)
            return


def _read(raw: bytes) -> dict[str, str] | None:
    for decode in (pppp.decode_reply, decode_unlisted):
        try:
            return decode(raw)
        except WireError:
            continue
    return None


def _say_silence(ip: str, sent: int, all_of_them: int) -> str:
    if sent < all_of_them:
        return (
            f"{ip} was sent {sent:,} of {all_of_them:,} searches and answered none of these; the others were not sent"
        )
    return f"{ip} answered none of {sent:,} searches; that does not show that it is no camera"


PROBE = DeepPpppProbe()
