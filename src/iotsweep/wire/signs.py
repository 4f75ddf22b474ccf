"""Signs that there is more network than this one: VLAN tags, switches, servers of addresses, ways out by IPv6."""

from __future__ import annotations

from collections.abc import Mapping

from iotsweep.wire import dhcp, switches
from iotsweep.wire.ethernet import TAGS
from iotsweep.wire.ip import text_of

KEYS = ("vlan.tag", "dhcp.server", "ndp.router", *switches.KEYS)
_ADVERTISEMENT = 134  # RFC 4861 section 4.2
_OFFERED = 2
_SHORTEST = 16  # bytes of an advertisement

Facts = Mapping[str, str | list[str]]


def tag_facts(frame: bytes, start: int = 0) -> Facts:
    """The divided network that an Ethernet frame is marked for; tag 0 gives a priority and names none (802.1Q, 9.6)."""
    if int.from_bytes(frame[start + 12 : start + 14]) not in TAGS:
        return {}
    vlan = int.from_bytes(frame[start + 14 : start + 16]) & 0xFFF
    return {"vlan.tag": str(vlan)} if vlan else {}


def find_switch(kind: int, target: bytes, message: bytes) -> switches.Switch | None:
    """The switch that speaks in a frame to `target`, None in any other frame. Raises WireError."""
    if kind == switches.LLDP and target in switches.LLDP_GROUPS:
        return switches.decode_lldp(message)
    return switches.decode_cdp(message) if kind == switches.CDP and target == switches.CDP_GROUP else None


def server_facts(message: dhcp.Dhcp, port: int) -> Facts:
    """Under which address somebody gives out addresses, from a message to `port`."""
    gives = not message.from_client and message.message in {_OFFERED, dhcp.ACKNOWLEDGED}
    return {"dhcp.server": message.server} if port == dhcp.CLIENT_PORT and gives and message.server else {}


def router_facts(source: bytes, message: bytes) -> Facts:
    """Whoever leads elsewhere says for how long; border routers of Thread and the like say 0 (RFC 4861, 6.2.1).

    `message` is ICMPv6 from its type on, `source` the sender's IPv6 address.
    """
    if len(message) < _SHORTEST or message[0] != _ADVERTISEMENT or not any(message[6:8]):
        return {}
    return {"ip.v6": text_of(source), "ndp.router": "yes"}
