"""Signs in frames that there is more network than this one: VLAN tags, switches, several servers and routers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.probes.context import Context
from iotsweep.wire import dhcp, switches
from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import IPV4, IPV6, TAGS, find_network, is_device
from iotsweep.wire.ip import ICMPV6, UDP, read_ipv4, read_ipv6, text_of

YIELDS = ("vlan.tag", "dhcp.server", "ndp.router", *switches.KEYS)
_ADVERTISEMENT = 134  # RFC 4861 section 4.2
_OFFERED = 2
_MOST_TOLD = 2000
_FIRST_ETHERTYPE = 12

Facts = Mapping[str, str | list[str]]


@dataclass
class Signs:
    """Takes in frames; hands over each sign once. Never raises for what a device sent."""

    context: Context
    told: set[object] = field(default_factory=set)

    def take_frame(self, frame: bytes) -> None:
        """One Ethernet frame, with its VLAN tag if it had one."""
        mac = frame[6:12]
        if not is_device(mac) or mac.hex(":") == self.context.scope.mac:
            return
        try:
            kind, place = find_network(frame, _FIRST_ETHERTYPE, len(frame))
            self._take_tag(frame, mac.hex(":"))
            if kind == switches.LLDP and frame[:6] in switches.LLDP_GROUPS:
                self._take_switch(switches.decode_lldp(frame[place:]), mac.hex(":"), frame)
            elif kind == switches.CDP and frame[:6] == switches.CDP_GROUP:
                self._take_switch(switches.decode_cdp(frame[place:]), mac.hex(":"), frame)
            elif kind == IPV4:
                self._take_server(frame, mac.hex(":"), place)
            elif kind == IPV6:
                self._take_router(frame, mac.hex(":"), place)
        except WireError:
            return

    def _take_tag(self, frame: bytes, mac: str) -> None:
        if int.from_bytes(frame[12:14]) in TAGS:
            vlan = int.from_bytes(frame[14:16]) & 0xFFF
            if vlan:  # 0 gives a priority and names no network (IEEE 802.1Q section 9.6)
                self._tell({"vlan.tag": str(vlan)}, mac, frame)

    def _take_switch(self, switch: switches.Switch, mac: str, frame: bytes) -> None:
        self._tell(switches.to_facts(switch), switch.mac or mac, frame, switch.ip)

    def _take_server(self, frame: bytes, mac: str, place: int) -> None:
        packet = read_ipv4(frame, place, len(frame))
        if packet.protocol != UDP or packet.later_fragment or packet.place + 8 > packet.end:
            return
        if int.from_bytes(frame[packet.place + 2 : packet.place + 4]) != dhcp.CLIENT_PORT:
            return
        payload = frame[packet.place + 8 : packet.end]
        message = dhcp.decode_dhcp(payload)
        if not message.from_client and message.message in {_OFFERED, dhcp.ACKNOWLEDGED} and message.server:
            self._tell({"dhcp.server": message.server}, mac, payload, message.server)

    def _take_router(self, frame: bytes, mac: str, place: int) -> None:
        """Whoever leads elsewhere says for how long; border routers of Thread and the like say 0 (RFC 4861, 6.2.1)."""
        packet = read_ipv6(frame, place, len(frame))
        body = frame[packet.place : packet.end]
        if packet.protocol == ICMPV6 and len(body) >= 16 and body[0] == _ADVERTISEMENT and any(body[6:8]):
            self._tell({"ip.v6": text_of(packet.source), "ndp.router": "yes"}, mac, frame)

    def _tell(self, facts: Facts, mac: str, raw: bytes, ip: str = "") -> None:
        key = (mac, ip, tuple(sorted((name, str(value)) for name, value in facts.items())))
        if facts and key not in self.told and len(self.told) < _MOST_TOLD:
            self.told.add(key)
            self.context.observe(facts, ip=ip if self._is_here(ip) else None, mac=mac, raw=raw)

    def _is_here(self, ip: str) -> bool:
        network = IPv4Network(self.context.scope.network)
        return bool(ip) and IPv4Address(ip) in network and ip != self.context.scope.address
