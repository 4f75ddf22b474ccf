"""Signs in frames that there is more network than this one: VLAN tags, switches, several servers and routers."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.probes.context import Context
from iotsweep.wire import dhcp, signs, switches
from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import IPV4, IPV6, find_network, is_device
from iotsweep.wire.ip import ICMPV6, UDP, read_ipv4, read_ipv6

YIELDS = signs.KEYS
_MOST_TOLD = 2000
_FIRST_ETHERTYPE = 12


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
            self._tell(signs.tag_facts(frame), mac.hex(":"), frame)
            switch = signs.find_switch(kind, frame[:6], frame[place:])
            if switch:
                self._tell(switches.to_facts(switch), switch.mac or mac.hex(":"), frame, switch.ip)
            elif kind == IPV4:
                self._take_server(frame, mac.hex(":"), place)
            elif kind == IPV6:
                self._take_router(frame, mac.hex(":"), place)
        except WireError:
            return

    def _take_server(self, frame: bytes, mac: str, place: int) -> None:
        packet = read_ipv4(frame, place, len(frame))
        if packet.protocol != UDP or packet.later_fragment or packet.place + 8 > packet.end:
            return
        port = int.from_bytes(frame[packet.place + 2 : packet.place + 4])
        if port == dhcp.CLIENT_PORT:
            payload = frame[packet.place + 8 : packet.end]
            message = dhcp.decode_dhcp(payload)
            self._tell(signs.server_facts(message, port), mac, payload, message.server)

    def _take_router(self, frame: bytes, mac: str, place: int) -> None:
        packet = read_ipv6(frame, place, len(frame))
        if packet.protocol == ICMPV6:
            self._tell(signs.router_facts(packet.source, frame[packet.place : packet.end]), mac, frame)

    def _tell(self, facts: signs.Facts, mac: str, raw: bytes, ip: str = "") -> None:
        key = (mac, ip, tuple(sorted((name, str(value)) for name, value in facts.items())))
        if facts and key not in self.told and len(self.told) < _MOST_TOLD:
            self.told.add(key)
            self.context.observe(facts, ip=ip if self._is_here(ip) else None, mac=mac, raw=raw)

    def _is_here(self, ip: str) -> bool:
        network = IPv4Network(self.context.scope.network)
        return bool(ip) and IPv4Address(ip) in network and ip != self.context.scope.address
