"""The network that a capture shows: nobody chose it and nobody agreed to it, so it is read off the frames."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import IPv4Address, IPv4Network

from iotsweep.captures.lan import Lan
from iotsweep.model import Profile, Scope
from iotsweep.wire.ip import is_link_local, text_of

UNKNOWN = "unknown network"
_SMALLEST = 24  # prefix: homes are rarely smaller, and a few devices do not show where their network ends
_PUBLIC = 20
_BLOCKS = tuple(map(IPv4Network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10")))


def infer_scope(lan: Lan, source: str) -> Scope:
    """The home's network and its router, as far as the frames tell. `source`: which capture, for people."""
    addresses = [IPv4Address(ip) for ip in lan.owners() if not is_link_local(ip)]
    network = _network(lan, addresses)
    return Scope(
        network=str(network) if network else UNKNOWN,
        interface=source,
        address="",
        mac="",
        gateway=_gateway(lan),
        profile=Profile.QUIET,
    )


def _network(lan: Lan, addresses: list[IPv4Address]) -> IPv4Network | None:
    """The network that a DHCP server told, if most are in it; else the smallest around all of the largest group."""
    for given, mask in lan.masks:
        told = _read_network(given, mask)
        if told and 2 * sum(address in told for address in addresses) >= len(addresses):
            return told
    groups: defaultdict[IPv4Network, list[IPv4Address]] = defaultdict(list)
    for address in addresses:
        groups[_block(address)].append(address)
    if not groups:
        return None
    largest = max(groups.values(), key=lambda group: (len(group), group))
    differing = int(min(largest)) ^ int(max(largest))
    return IPv4Network((min(largest), min(_SMALLEST, 32 - differing.bit_length())), strict=False)


def _block(address: IPv4Address) -> IPv4Network:
    """Inside which addresses can be of one home; of public ones, those that a campus or a lab has side by side."""
    public = IPv4Network((address, _PUBLIC), strict=False)
    return next((block for block in _BLOCKS if address in block), public)


def _read_network(address: str, mask: str) -> IPv4Network | None:
    try:
        network = IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        return None
    return network if 8 <= network.prefixlen <= 30 else None


def _gateway(lan: Lan) -> str | None:
    """The router's own address: of the hardware address that speaks for most of the internet, or as DHCP named it."""
    ranked = sorted(
        (mac for mac in lan.places if lan.is_router(mac)), key=lambda mac: (-len(lan.places[mac].beyond), mac)
    )
    for mac in ranked:
        held = {text_of(ip) for ip in lan.places[mac].ips if len(ip) == 4}
        named = [router for router in lan.routers if router in held]
        own = lan.first_ipv4(mac)
        if named or own:
            return named[0] if named else text_of(own or b"")
    return next(iter(lan.routers), None)
