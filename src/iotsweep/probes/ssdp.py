"""Searches for UPnP devices and hears their announcements (UPnP Device Architecture 2.0, section 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes._group_search import GroupSearch, add_host
from iotsweep.probes.context import Context
from iotsweep.wire.error import WireError
from iotsweep.wire.ssdp import GROUP, PORT, decode_message, encode_search, to_facts

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram

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
_SEARCH = GroupSearch("UPnP", GROUP, PORT, ROUNDS, LISTEN, lambda: [encode_search(target, MX) for target in TARGETS])


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
        await _SEARCH.run(context, lambda _talk, _tasks: _Hearing(context).take)


@dataclass
class _Hearing:
    """Takes in replies and announcements, each distinct one once."""

    context: Context
    told: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    def take(self, datagram: Datagram) -> None:
        """One datagram: who sent it is there; what it says is kept once."""
        raw, source, _ = datagram
        try:
            facts = to_facts(decode_message(raw))
        except WireError:
            return
        add_host(self.context, source)
        key = (source, tuple(sorted(facts.items())))
        if facts and key not in self.told:
            self.told.add(key)
            self.context.observe(facts, ip=source, raw=raw)


PROBE = SsdpProbe()
