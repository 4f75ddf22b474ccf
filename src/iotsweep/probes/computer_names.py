"""Asks found devices what they are called: by NetBIOS one by one, by LLMNR for one address at a time."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes._pace import Pace
from iotsweep.probes.context import Context
from iotsweep.wire import llmnr, netbios
from iotsweep.wire.dns import reverse_name
from iotsweep.wire.error import WireError

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

_AGAIN = 0.4  # seconds until those who did not answer are asked once more
_PATIENCE = 0.7  # seconds after the last question to a device
_MOST_LLMNR = 64  # questions by multicast reach everybody, so in a large network only the first devices are asked for
_SPREAD = 0.01


class ComputerNamesProbe:
    """Finds the names of Windows computers, NAS, some recorders and some cameras."""

    name = "computer-names"
    says = "asking devices what they are called"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields: tuple[str, ...] = (*netbios.KEYS, *llmnr.KEYS, "udp.*")
    sends = (
        "a NetBIOS status question to each device on UDP port 137, at most twice, and one LLMNR question for its name "
        "to 224.0.0.252 port 5355"
    )
    side_effects = "none known: Windows computers ask each other the same"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask each device as it is found."""
        answered: set[str] = set()
        async with context.door.datagrams() as talk, asyncio.TaskGroup() as group:
            hearing = group.create_task(_hear(context, talk, answered))
            async with asyncio.TaskGroup() as asking:
                number, pace = 0, Pace(_SPREAD)
                async for ip in context.hosts.arrivals():
                    number += 1
                    asking.create_task(_ask(context, talk, ip, answered, by_llmnr=number <= _MOST_LLMNR))
                    await pace.step()
            hearing.cancel()


async def _ask(context: Context, talk: Datagrams, ip: str, answered: set[str], *, by_llmnr: bool) -> None:
    """Ask one device, once more when it stays silent, and wait for its answer while the others are asked."""
    with contextlib.suppress(GuardError):
        talk.send(netbios.QUESTION, ip, netbios.PORT)
        if by_llmnr:
            talk.send(llmnr.encode_question(ip, secrets.randbelow(1 << 16)), llmnr.GROUP, llmnr.PORT)
        await asyncio.sleep(_AGAIN)
        if ip not in answered:
            talk.send(netbios.QUESTION, ip, netbios.PORT)
        await asyncio.sleep(min(_PATIENCE, context.remaining()))


async def _hear(context: Context, talk: Datagrams, answered: set[str]) -> None:
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    while True:
        datagram = await talk.receive(3600)
        if datagram is None or datagram[1] not in context.hosts:
            continue
        facts = _read(datagram)
        key = (datagram[1], tuple(sorted(facts.items())))
        if facts and key not in told:
            told.add(key)
            answered.add(datagram[1])
            context.observe(facts, ip=datagram[1], raw=datagram[0])


def _read(datagram: Datagram) -> dict[str, str]:
    """The facts of one answer; a name that somebody gives for another address than its own says nothing."""
    raw, source, port = datagram
    with contextlib.suppress(WireError):
        if port == netbios.PORT:
            return netbios.decode_reply(raw) | {f"udp.{netbios.PORT}": "open"}
        if port == llmnr.PORT:
            answer = llmnr.decode_reply(raw)
            if answer.question == reverse_name(source) and answer.names:
                return {"llmnr.name": answer.names[0].partition(".")[0], f"udp.{llmnr.PORT}": "open"}
    return {}


PROBE = ComputerNamesProbe()
