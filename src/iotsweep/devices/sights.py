"""One observation as `gather` sees it: who sent it, from where, and by which words it can be known again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from iotsweep.devices.addresses import eui64_mac, ip_of, is_at_home, mac_of, uuid_of
from iotsweep.model import Observation

# Facts about the way to an address, and what a router remembers of it, do not show that somebody lives there.
_NO_SIGN_OF_LIFE = ("mac.", "ip.", "arp.", "dns.", "igd.mapped", "mdns.from")
_NO_HOST = {"localhost", "localhost.local", "local"}


@dataclass(frozen=True, slots=True)
class Sight:
    """One observation with its addresses read. `announcer` is who sent it, when that is not the address it names."""

    index: int
    observation: Observation
    mac: str | None
    ip: str | None
    away: bool  # the address is not on this network
    announcer: str | None

    @property
    def in_person(self) -> bool:
        """Whether the device itself was seen at its address here, not told of by another one."""
        return self.ip is not None and not self.away and self.announcer is None

    def signs_of_life(self) -> frozenset[tuple[str, str]]:
        """The facts that only a device at this very address can have given."""
        facts = self.observation.facts
        return frozenset((k, v) for k, v in facts if not k.startswith(_NO_SIGN_OF_LIFE))

    def identities(self) -> Iterator[tuple[str, str]]:
        """(kind of name, name): names that two devices of one home hardly ever share."""
        for key, kind in (("upnp.udn", "udn"), ("ssdp.usn", "udn"), ("wsd.address", "wsd")):
            yield from ((kind, uuid) for value in self.observation.values(key) if (uuid := uuid_of(value)))
        for host in self.observation.values("mdns.host"):
            name = host.rstrip(".").lower()
            if name and name not in _NO_HOST:
                yield "host", name

    def claims(self) -> Iterator[str]:
        """The addresses that the reply itself speaks of: words, so never enough to take over another device."""
        for key in ("ip.v4", "ip.v6"):
            for value in self.observation.values(key):
                address = ip_of(value)
                if address is not None and str(address) != self.ip:
                    yield str(address)

    def eui64(self) -> str | None:
        """The MAC address inside its IPv6 address, if it was made from one."""
        address = ip_of(self.ip)
        return eui64_mac(address) if address is not None else None


def read_sights(observations: Sequence[Observation], network: IPv4Network | None) -> tuple[Sight, ...]:
    """Every observation with its addresses read."""
    return tuple(_read(index, observation, network) for index, observation in enumerate(observations))


def _read(index: int, observation: Observation, network: IPv4Network | None) -> Sight:
    # mac.address is the vocabulary's own fact for a frame's address; a different one beside a frame's is only text.
    mac = mac_of(observation.mac) or mac_of(observation.first("mac.address"))
    address = ip_of(observation.ip)
    if address is None:  # the neighbour table's IPv6 entries and DHCP requests name their address only as a fact
        own = [found for key in ("ip.v4", "ip.v6") if (found := ip_of(observation.first(key)))]
        address = own[0] if own else None
    away = address is not None and not is_at_home(address, network)
    if away and mac and not (isinstance(address, IPv4Address) and address.is_link_local):
        address, away = None, False  # the frame came through this MAC; the address lives elsewhere
    sender = ip_of(observation.first("mdns.from"))
    announcer = str(sender) if sender is not None and sender != address else None
    return Sight(index, observation, mac, str(address) if address else None, away, announcer)
