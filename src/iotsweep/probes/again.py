"""Asks again, gently, after the first pass: once a minute, and by ARP only the addresses that are still silent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from iotsweep.model import Profile
from iotsweep.network.door import Datagrams, Frames, GuardError, LinkError
from iotsweep.probes import Stage
from iotsweep.probes._hearsay import Hearsay
from iotsweep.probes.arp import spread
from iotsweep.probes.context import Context
from iotsweep.probes.newcomers import Newcomers
from iotsweep.wire import ssdp
from iotsweep.wire.arp import encode_request
from iotsweep.wire.error import WireError
from iotsweep.wire.mdns_question import encode_questions
from iotsweep.wire.mdns_services import ENUMERATION
from iotsweep.wire.mdns_types import TYPES

GROUP, PORT = "224.0.0.251", 5353
EVERY = 60.0  # seconds from one round to the next
BEFORE = 20.0  # seconds of listening before the first round
_CHUNK, _CHUNK_PAUSE = 16, 0.1  # addresses; a /24 takes under two seconds
_LISTEN = 3.0  # seconds after a round in which ARP answers are waited for
_DISCARD = 9  # RFC 863: a port made for datagrams that nobody wants
_WAIT = 3  # MX, seconds over which UPnP devices spread their answers


@dataclass
class _Rounds:
    """What all rounds share."""

    context: Context
    search: Datagrams
    hearsay: Hearsay
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)


class AgainProbe:
    """Asks once a minute for whoever was asleep, away or switched off before."""

    name = "again"
    says = "asking again, once a minute, for whoever was asleep"
    stage = Stage.FIND
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("mac.address", "ssdp.st", "ssdp.usn", "ssdp.server", "ssdp.location", "ssdp.header.*")
    sends = (
        "Once a minute after the first pass: multicast DNS questions in three packets, one UPnP search, and to each "
        "address that is still silent one ARP request (without administrator rights one empty datagram to UDP port 9)."
    )
    side_effects = "as for the first pass, once a minute"
    needs_administrator = False
    on_request = True

    async def run(self, context: Context) -> None:
        """Rounds until the deadline. What is answered to the groups, the listening probes take in."""
        async with context.door.datagrams() as search:
            rounds = _Rounds(context, search, Hearsay(context))
            following = asyncio.create_task(_follow(rounds))
            try:
                while context.remaining() > BEFORE:
                    await asyncio.sleep(BEFORE)
                    await _ask_groups(rounds)
                    await _ask_silent(rounds)
                    await asyncio.sleep(min(EVERY - BEFORE, context.remaining()))
                await asyncio.sleep(context.remaining())
            finally:
                following.cancel()


async def _ask_groups(rounds: _Rounds) -> None:
    rounds.search.send(ssdp.encode_search("ssdp:all", _WAIT), ssdp.GROUP, ssdp.PORT)
    try:  # from port 5353, so that devices answer to the group, where the mdns probe listens (RFC 6762, 5.1)
        async with rounds.context.door.datagrams(port=PORT, group=GROUP) as talk:
            for packet in encode_questions((ENUMERATION, *TYPES)):
                talk.send(packet, GROUP, PORT)
                await asyncio.sleep(_CHUNK_PAUSE)
    except OSError as error:
        rounds.context.limit(f"multicast DNS was not asked again: UDP port {PORT} is not free ({error.strerror})")


async def _ask_silent(rounds: _Rounds) -> None:
    context, hosts = rounds.context, rounds.context.hosts
    known = hosts.everybody() if isinstance(hosts, Newcomers) else frozenset(hosts.known())
    silent = [ip for ip in spread(context.scope.network, context.scope.address) if ip not in known]
    try:
        await _ask_by_arp(rounds, silent)
    except LinkError:  # without rights the system itself is made to ask; the listening probe reads its table
        for first in range(0, len(silent), _CHUNK):
            for ip in silent[first : first + _CHUNK]:
                rounds.search.send(b"", ip, _DISCARD)
            await asyncio.sleep(_CHUNK_PAUSE)


async def _ask_by_arp(rounds: _Rounds, silent: list[str]) -> None:
    scope = rounds.context.scope
    if not scope.mac:
        raise LinkError("the system hides this laptop's MAC address")
    async with rounds.context.door.frames() as frames:
        hearing = asyncio.create_task(_hear(rounds, frames))
        try:
            for first in range(0, len(silent), _CHUNK):
                for ip in silent[first : first + _CHUNK]:
                    frames.send(encode_request(scope.mac, scope.address, ip))
                await asyncio.sleep(_CHUNK_PAUSE)
            await asyncio.sleep(min(_LISTEN, rounds.context.remaining()))
        finally:
            hearing.cancel()


async def _hear(rounds: _Rounds, frames: Frames) -> None:
    while True:
        frame = await frames.receive(EVERY)
        if frame is not None:
            rounds.hearsay.take_frame(frame)


async def _follow(rounds: _Rounds) -> None:
    """Answers to the UPnP search come to the socket that asked."""
    context = rounds.context
    while True:
        datagram = await rounds.search.receive(EVERY)
        if datagram is None or datagram[1] == context.scope.address:
            continue
        raw, source, _ = datagram
        try:
            facts = ssdp.to_facts(ssdp.decode_message(raw))
            context.door.check(source)
        except (WireError, GuardError):
            continue
        context.hosts.add(source)
        key = (source, tuple(sorted(facts.items())))
        if facts and key not in rounds.told:
            rounds.told.add(key)
            context.observe(facts, ip=source, raw=raw)


PROBE = AgainProbe()
