"""Searches for UPnP devices and hears their announcements (UPnP Device Architecture 2.0, section 1).

In the quiet profile nothing is sent: it listens until its deadline.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.error import WireError
from iotsweep.wire.ssdp import GROUP, PORT, decode_message, encode_search, to_facts

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

# Some devices answer only a search for what they are; Rokus and DIAL sets ignore ssdp:all.
TARGETS = (
    "ssdp:all",
    "upnp:rootdevice",
    "roku:ecp",
    "urn:dial-multiscreen-org:service:dial:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:MediaRenderer:1",
    "urn:schemas-upnp-org:device:basic:1",
    "urn:Belkin:device:**",
)
ROUNDS = (0.0, 0.35, 0.75)  # seconds from the start: some bridges answer only sometimes
MX = 1  # seconds within which a device shall answer; whatever takes longer is heard while others still ask
LISTEN = 2.05  # seconds: the last search, its MX, and what the network takes
_SPREAD = 0.02  # seconds between two searches, because small devices drop bursts


class SsdpProbe:
    """Finds routers, TVs, speakers, media servers, cameras and hubs that speak UPnP."""

    name = "ssdp"
    says = "asking for TVs, routers, media players and cameras by UPnP"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = ("ssdp.st", "ssdp.usn", "ssdp.server", "ssdp.location", "ssdp.header.*")
    sends = (
        "standard and thorough: three rounds of eight UPnP searches (M-SEARCH) to 239.255.255.250 port 1900; "
        "quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the searches, as it does when a phone opens a casting app"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Search a few times from one socket, hear announcements on another; one observation per distinct message."""
        hearing = _Hearing(context)
        try:
            async with context.door.datagrams() as talk, context.door.datagrams(port=PORT, group=GROUP) as heard:
                if context.scope.profile is Profile.QUIET:
                    await hearing.follow(heard)
                    return
                async with asyncio.TaskGroup() as group:
                    following = [group.create_task(hearing.follow(one)) for one in (talk, heard)]
                    await _search(talk, min(LISTEN, context.remaining()))
                    context.settle()
                    await context.until_over()
                    for task in following:
                        task.cancel()
        except OSError as error:
            raise ProbeSkipped(
                f"UPnP cannot be heard on {context.scope.interface} ({error.strerror or error}); "
                "another program may hold UDP port 1900 for itself"
            ) from error


async def _search(talk: Datagrams, seconds: float) -> None:
    """Every round, and time for its answers."""
    start = asyncio.get_running_loop().time()
    for at in ROUNDS:
        if at >= seconds:
            break
        await asyncio.sleep(max(0.0, start + at - asyncio.get_running_loop().time()))
        for target in TARGETS:
            talk.send(encode_search(target, MX), GROUP, PORT)
            await asyncio.sleep(_SPREAD)
    await asyncio.sleep(max(0.0, start + seconds - asyncio.get_running_loop().time()))


@dataclass
class _Hearing:
    """Takes in replies and announcements, each distinct one once."""

    context: Context
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    async def follow(self, socket: Datagrams) -> None:
        """Take in what arrives until the deadline."""
        while (left := self.context.remaining()) > 0:
            datagram = await socket.receive(left)
            if datagram:
                self.take(datagram)

    def take(self, datagram: Datagram) -> None:
        """One datagram: who sent it is there; what it says is kept once."""
        raw, source, _ = datagram
        if source == self.context.scope.address:
            return
        try:
            facts = to_facts(decode_message(raw))
        except WireError:
            return
        if _may_be_asked(self.context, source):
            self.context.hosts.add(source)
        key = (source, tuple(sorted(facts.items())))
        if facts and key not in self.told:
            self.told.add(key)
            self.context.observe(facts, ip=source, raw=raw)


def _may_be_asked(context: Context, address: str) -> bool:
    try:
        context.door.check(address)
    except GuardError:
        return False
    return True


PROBE = SsdpProbe()
