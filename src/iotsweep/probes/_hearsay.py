"""What frames to everybody tell about their senders, each thing once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.probes._silences import KEY, Silences
from iotsweep.probes.context import Context
from iotsweep.wire import dhcp, netbios_heard, ssdp, wsd
from iotsweep.wire.arp import decode_arp
from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import ARP, IPV4, IPV6, find_network, is_device
from iotsweep.wire.heard_ipv6 import find_speaker
from iotsweep.wire.ip import UDP, Packet, is_host, read_ipv4, read_ipv6, text_of
from iotsweep.wire.mdns import decode_message
from iotsweep.wire.mdns_services import Services

YIELDS = (
    "mac.address",
    "ip.v4",
    "ip.v6",
    *dhcp.KEYS,
    *netbios_heard.KEYS,
    "mdns.service",
    "mdns.name",
    "mdns.host",
    "mdns.port",
    "mdns.from",
    "mdns.txt.*",
    "ssdp.st",
    "ssdp.usn",
    "ssdp.server",
    "ssdp.location",
    "ssdp.header.*",
    "wsd.*",
    "onvif.*",
    KEY,
)
_MDNS, _SSDP, _WSD = 5353, 1900, 3702
_MOST_TOLD = 20_000  # different things; a device that makes up more is heard no further
_FIRST_ETHERTYPE = 12
_NOWHERE = "0.0.0.0"

Facts = Mapping[str, str | Sequence[str]]


@dataclass
class Hearsay:
    """Takes in frames and senders; hands over each distinct thing once. Never raises for what a device sent.

    With `silences`, that a known device speaks after a silence is handed over each time.
    """

    context: Context
    services: Services = field(default_factory=Services)  # of IPv6 only; the mdns probe has the others
    macs: dict[str, str] = field(default_factory=dict)  # IPv6 sender -> MAC address
    told: set[object] = field(default_factory=set)
    silences: Silences | None = None
    known: dict[str, str] = field(default_factory=dict)  # MAC address -> its IPv4 address here, "" without

    def take_frame(self, frame: bytes) -> None:
        """One Ethernet frame."""
        mac = frame[6:12]
        try:
            kind, place = find_network(frame, _FIRST_ETHERTYPE, len(frame))
            if not is_device(mac) or mac.hex(":") == self.context.scope.mac:
                return
            self._notice(mac.hex(":"), frame)
            if kind == ARP:
                self._take_arp(frame)
            elif kind == IPV4:
                self._take_ipv4(frame, mac.hex(":"), read_ipv4(frame, place, len(frame)))
            elif kind == IPV6:
                self._take_ipv6(frame, mac.hex(":"), read_ipv6(frame, place, len(frame)))
        except WireError:
            return

    def take_sender(self, ip: str) -> None:
        """Somebody spoke to a group, and no more is known."""
        if not self._is_here(ip):
            return
        silence = self._hear(ip, known=("ip", ip) in self.told)
        if ("ip", ip) not in self.told:
            self.told.add(("ip", ip))
            self.context.hosts.add(ip)
            self.context.observe({"ip.v4": ip}, ip=ip)
        elif silence is not None:
            self.context.observe({"ip.v4": ip, KEY: f"{silence:.0f}"}, ip=ip)

    def tell_address(self, mac: str, ip: str, raw: bytes = b"") -> None:
        """A MAC address and the IPv4 address that goes with it."""
        if self._is_here(ip):
            self.context.hosts.add(ip, mac)
            self._tell({"mac.address": mac}, mac=mac, ip=ip, raw=raw)

    def finish(self) -> None:
        """Hand over the services that were announced by IPv6 and stayed incomplete."""
        self._tell_services(only_complete=False)

    def _notice(self, mac: str, frame: bytes) -> None:
        """A device that is known already speaks: tell it when it was silent before."""
        silence = self._hear(mac, known=mac in self.known)
        if silence is not None:
            facts = {"mac.address": mac, KEY: f"{silence:.0f}"}
            self.context.observe(facts, ip=self.known[mac] or None, mac=mac, raw=frame)

    def _hear(self, who: str, *, known: bool) -> float | None:
        if self.silences is None:
            return None
        silence = self.silences.hear(who, asyncio.get_running_loop().time(), known=known)
        if self.silences.full:
            self.context.limit("So many devices fell silent and spoke again that not each time was written down.")
        return silence

    def _take_arp(self, frame: bytes) -> None:
        arp = decode_arp(frame)
        if arp.speaks_for_itself:
            self.tell_address(arp.mac, arp.ip, frame)
        elif arp.ip == _NOWHERE and is_device(frame[6:12]):  # RFC 5227: it looks whether an address is free
            self._tell({"mac.address": arp.mac}, mac=arp.mac, raw=frame)

    def _take_ipv4(self, frame: bytes, mac: str, packet: Packet) -> None:
        source = text_of(packet.source) if is_host(packet.source) else ""
        if source:
            self.tell_address(mac, source, frame)
        port = _udp_port(frame, packet)
        payload = frame[packet.place + 8 : packet.end]
        if port in {dhcp.SERVER_PORT, dhcp.CLIENT_PORT}:
            self._take_dhcp(payload)
        elif port == netbios_heard.NAMES:
            self._tell(netbios_heard.decode_registration(payload), mac=mac, ip=source, raw=payload)
        elif port == netbios_heard.DATAGRAMS:
            self._tell(netbios_heard.decode_datagram(payload), mac=mac, ip=source, raw=payload)

    def _take_dhcp(self, payload: bytes) -> None:
        message = dhcp.decode_dhcp(payload)
        if message.from_client:
            facts = {"mac.address": message.mac, **dhcp.to_facts(message)}
            self._tell(facts, mac=message.mac, ip=message.client_ip, raw=payload)
        elif message.message == dhcp.ACKNOWLEDGED and message.given_ip:
            self.tell_address(message.mac, message.given_ip, payload)

    def _take_ipv6(self, frame: bytes, mac: str, packet: Packet) -> None:
        source = find_speaker(frame, packet)
        self._tell({"ip.v6": source, "mac.address": mac}, mac=mac, raw=frame)
        port, payload = _udp_port(frame, packet), frame[packet.place + 8 : packet.end]
        if port == _MDNS:
            self.macs[source] = mac
            if self.services.hear(source, decode_message(payload), payload):
                self._tell_services(only_complete=True)
        elif port == _SSDP:
            self._tell(ssdp.to_facts(ssdp.decode_message(payload)), mac=mac, raw=payload)
        elif port == _WSD:
            for match in wsd.decode_matches(payload):
                self._tell(wsd.to_facts(match), mac=mac, raw=payload)

    def _tell_services(self, *, only_complete: bool) -> None:
        for instance in self.services.instances():
            key = ("mdns", instance.source, instance.name)
            if key in self.told or (only_complete and not instance.complete):
                continue
            self.told.add(key)
            facts = {name: value for name, value in instance.facts.items() if name != "mdns.from"}
            ip = instance.ip if self._is_here(instance.ip) else ""
            self._tell({**facts, "ip.v6": instance.source}, mac=self.macs[instance.source], ip=ip, raw=instance.raw)

    def _tell(self, facts: Facts, *, mac: str, ip: str = "", raw: bytes = b"") -> None:
        key = (
            mac,
            ip,
            tuple((name, value if isinstance(value, str) else tuple(value)) for name, value in facts.items()),
        )
        if not facts or key in self.told or len(self.told) >= _MOST_TOLD:
            return
        self.told.add(key)
        here = ip if self._is_here(ip) else ""
        self.known[mac] = self.known.get(mac) or here
        self.context.observe(facts, ip=here or None, mac=mac, raw=raw)

    def _is_here(self, ip: str) -> bool:
        """Whether this is a host of the scope, and not this laptop."""
        try:
            address, network = IPv4Address(ip), IPv4Network(self.context.scope.network)
        except ValueError:
            return False
        return (
            address in network
            and ip != self.context.scope.address
            and address not in {network.network_address, network.broadcast_address}
        )


def _udp_port(frame: bytes, packet: Packet) -> int:
    """The port that a datagram goes to, 0 for anything else."""
    if packet.protocol != UDP or packet.later_fragment or packet.place + 8 > packet.end:
        return 0
    return int.from_bytes(frame[packet.place + 2 : packet.place + 4])
