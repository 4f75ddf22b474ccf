"""What was heard by multicast DNS over IPv6, and of whom it tells."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import TYPE_CHECKING

from iotsweep.probes.context import Context
from iotsweep.probes.neighbours import read_ipv6_table
from iotsweep.wire.error import WireError
from iotsweep.wire.mdns import Name, decode_message
from iotsweep.wire.mdns_services import Instance, Services, host_label

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram

Words = dict[Name, list[Mapping[str, str]]]  # instance -> what it was told to say, by each sender
_MOST_SPEAKERS = 1024
_MOST_ADDRESSES = 8  # of one speaker
_LOOKS = 3  # at the system's table, for each speaker
_ADDRESSES = {"ip.v4", "ip.v6", "mdns.from"}


@asynccontextmanager
async def beside(job: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run `job` meanwhile, and end it with the block; its own failure is raised then."""
    task = asyncio.create_task(job)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        failed = None if task.cancelled() else task.exception()
    if failed:
        raise failed


@dataclass
class HeardOverIpv6:
    """Takes in what is said over IPv6. `said` is what was said over IPv4: that is not told twice.

    Nobody heard here is asked anything else: their addresses never become one of the hosts.
    """

    context: Context
    said: Callable[[], Words]
    services: Services = field(default_factory=Services)
    looked: Counter[str] = field(default_factory=Counter)  # speaker -> how often it was looked up
    macs: dict[str, str] = field(default_factory=dict)  # as the system's table has them
    told: set[tuple[str, Name]] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)  # speakers that something was told of
    raws: dict[str, bytes] = field(default_factory=dict)  # speaker -> its first packet

    def take(self, datagram: Datagram) -> None:
        """One datagram and its sender's link-local address."""
        raw, source, _ = datagram
        if source not in self.raws and len(self.raws) >= _MOST_SPEAKERS:
            return
        try:
            self.services.hear(source, decode_message(raw), raw)
        except WireError:
            return
        self.raws.setdefault(source, raw)

    async def look_up(self) -> None:
        """Learn from the system's own table which MAC address each speaker has; nothing is sent."""
        unknown = [source for source in self.raws if source not in self.macs and self.looked[source] < _LOOKS]
        if not unknown:
            return
        table = {entry.ip: entry.mac for entry in await read_ipv6_table(self.context.scope)}
        self.looked.update(unknown)
        self.macs |= table

    def tell(self, *, only_complete: bool) -> None:
        """Hand over each instance once, when it is whole and its speaker was looked up, or as far as it goes."""
        said, hosts = self.said(), self.services.hosts_by_source()
        for instance in self.services.instances():
            key = (instance.source, instance.name)
            waits = not instance.complete or not (instance.source in self.macs or self.looked[instance.source])
            if key not in self.told and not (only_complete and waits):
                self.told.add(key)
                alone = len(hosts.get(instance.source, ())) == 1
                self._hand_over(instance, alone, _is_among(instance.facts, said.get(instance.name, ())))

    def finish(self) -> None:
        """Hand over what stayed incomplete, hosts that gave no more than a name, and speakers that asked only."""
        self.tell(only_complete=False)
        hosts = self.services.hosts_by_source()
        for source, v4, v6, host, raw in self.services.lone_hosts():
            alone = [host_label(name) for name in hosts[source]] == [host]
            if source == v6 or (alone and not v4):
                self._show(source, {"mdns.host": host}, raw, [v6] if v6 else [])
        for source in self.raws.keys() & self.macs.keys() - self.shown:
            self._show(source, {}, self.raws[source])

    def _hand_over(self, instance: Instance, alone: bool, repeated: bool) -> None:
        source, facts = instance.source, {k: v for k, v in instance.facts.items() if k != "mdns.from"}
        place = self._find_elsewhere(instance, alone)
        if place and not repeated:
            self.context.observe({**facts, "mdns.from": source}, ip=place, raw=instance.raw)
        elif not place and repeated:  # said word for word over IPv4: the host name alone ties the two together
            if source not in self.shown and "mdns.host" in facts:
                self._show(source, {"mdns.host": facts["mdns.host"]}, instance.raw)
        elif not place:
            addresses = self.services.addresses(source, instance.host)
            facts |= {"ip.v4": next(filter(self._is_here, addresses), "")}
            self._show(source, facts, instance.raw, [address for address in addresses if ":" in address])

    def _show(self, source: str, facts: Mapping[str, str], raw: bytes, addresses: Sequence[str] = ()) -> None:
        """Something that the speaker told of itself, and its IPv6 addresses; never one that tells where the home is."""
        self.shown.add(source)
        local = (address for address in addresses if not ip_address(address).is_global)
        sixth = list(dict.fromkeys((source, *local)))[:_MOST_ADDRESSES]
        self.context.observe({**facts, "ip.v6": sixth}, ip=source, mac=self.macs.get(source), raw=raw)

    def _find_elsewhere(self, instance: Instance, alone: bool) -> str:
        """The address of an instance that its speaker only tells of (a reflector, a border router), or "".

        Who speaks for itself gives its own address, or tells of one host alone, at an IPv4 address that can be its own.
        """
        source = instance.source
        addresses = self.services.addresses(source, instance.host) if instance.host else []
        if not addresses or any(self._are_one(source, address) for address in addresses):
            return ""
        fourth = [each for each in addresses if ":" not in each and not ip_address(each).is_link_local]
        here = [address for address in fourth if self._is_here(address)]
        if alone and self._may_be_of(source, here if fourth else [""]):
            return ""
        return sorted(here or addresses, key=lambda address: ip_address(address).is_link_local)[0]

    def _are_one(self, source: str, address: str) -> bool:
        """Whether two addresses are surely of one interface: alike, with one MAC address, or with one identifier.

        A device makes its addresses of several prefixes from one interface identifier (RFC 4291 section 2.5.1).
        """
        if ":" not in address:
            return False
        same_end = ip_address(source).packed[8:] == ip_address(address).packed[8:]
        return same_end or (source in self.macs and self.macs[source] == self.macs.get(address))

    def _may_be_of(self, source: str, addresses: Sequence[str]) -> bool:
        """Whether one of these IPv4 addresses can belong to who speaks over IPv6; "" stands for no address needed."""
        mac = self.macs.get(source)
        return any(mac is None or self.context.hosts.mac(each) in {None, mac} for each in addresses)

    def _is_here(self, address: str) -> bool:
        try:
            return IPv4Address(address) in IPv4Network(self.context.scope.network)
        except ValueError:
            return False


def _is_among(facts: Mapping[str, str], said: Sequence[Mapping[str, str]]) -> bool:
    """Whether all that one sender said was said by another as well, addresses aside."""
    pairs = {pair for pair in facts.items() if pair[0] not in _ADDRESSES}
    return any(pairs <= set(other.items()) for other in said)
