"""What a scan may do on the wire, judged from the frames themselves: each function returns the breaches it found."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, ip_address
from typing import Any

from tests.lab.frames import FIN, RST, SYN, Packet

# Written out here once more, so that a slip in the product's own list is found.
NEVER_TOUCHED = frozenset({*range(9100, 9117), 8001, 8002})
# Discovery groups, each at its own port, and the network's own broadcast (RFC 919).
GROUPS = frozenset(
    {
        ("224.0.0.251", 5353),  # mDNS, RFC 6762
        ("ff02::fb", 5353),  # the same over IPv6, where nothing else leaves but neighbour discovery and echoes
        ("224.0.0.252", 5355),  # LLMNR, RFC 4795
        ("239.255.255.250", 1900),  # SSDP, UPnP Device Architecture 2.0
        ("239.255.255.250", 3702),  # WS-Discovery 1.1
        ("239.255.255.250", 37020),  # Hikvision SADP
        ("239.255.255.250", 1982),  # Yeelight
        ("239.255.255.250", 4001),  # Govee
        ("239.255.255.251", 37810),  # Dahua
        ("234.55.55.55", 23456),  # TVT
        ("233.89.188.1", 10001),  # Ubiquiti
        ("224.0.0.252", 5355),  # LLMNR, RFC 4795
    }
)
BROADCAST = "255.255.255.255"
_NEVER_FORWARDED = IPv4Network("224.0.0.0/24")  # RFC 5771 section 4
MOST_CONNECTIONS = 3
_UNANSWERED = 3.0  # seconds after its last SYN in which an attempt without an answer counts as open
_KERNELS_OWN_ICMP6 = frozenset({133, 135, 136, 143})  # neighbour discovery and MLDv2, RFC 4861 and 3810

Place = tuple[str, str, int | None]  # protocol, address, port


def outside_scope(packets: Iterable[Packet], network: str) -> list[str]:
    """Frames to anything but this network's hosts, its broadcast and the two discovery groups."""
    scope = IPv4Network(network)
    return [_say(packet) for packet in packets if packet.outgoing and not _inside(packet, scope)]


def _inside(packet: Packet, scope: IPv4Network) -> bool:
    if packet.protocol == "igmp":  # joining a group, RFC 3376
        return ip_address(packet.address).is_multicast
    try:
        address = ip_address(packet.address)
    except ValueError:
        return False
    if address.version == 6 and packet.protocol != "icmp6":
        return (packet.address, packet.port) in GROUPS
    if address.version == 6:  # link-local, or a group of link-local reach: RFC 4291 2.5.6 and 2.7
        return address.is_link_local or str(address).startswith("ff02:")
    if address.is_multicast:  # one hop, so that no router passes it on, whatever group it is
        near = packet.hops == 1 or address in _NEVER_FORWARDED
        return near and (packet.address, packet.port) in GROUPS
    return address in scope or packet.address == BROADCAST


def other_dns(packets: Iterable[Packet], network: str, gateway: str) -> list[str]:
    """DNS that is not a reverse look-up of an address of this network at its gateway."""
    scope = IPv4Network(network)
    asked = (packet for packet in packets if packet.outgoing and packet.port in {53, 853} and packet.payload)
    return [
        _say(packet)
        for packet in asked
        if packet.protocol != "udp" or packet.address != gateway or not _is_reverse(packet.payload, scope)
    ]


def _is_reverse(query: bytes, scope: IPv4Network) -> bool:
    """One PTR question below in-addr.arpa (RFC 1035 3.5) for an address of `scope`."""
    labels, offset = [], 12
    while size := query[offset]:
        labels.append(query[offset + 1 : offset + 1 + size].decode("ascii", "replace").lower())
        offset += 1 + size
    (kind,) = struct.unpack_from("!H", query, offset + 1)
    if kind != 12 or labels[-2:] != ["in-addr", "arpa"]:
        return False
    return ip_address(".".join(reversed(labels[:-2]))) in scope


def never_touched(packets: Iterable[Packet]) -> list[str]:
    """Packets to ports that print what they get or bring up a question on a screen."""
    return [_say(packet) for packet in packets if packet.outgoing and packet.port in NEVER_TOUCHED]


def most_connections(packets: Iterable[Packet]) -> dict[str, int]:
    """Per device, the most TCP connections that the laptop had open there at one moment.

    One is open from the laptop's SYN to the laptop's own FIN or either side's RST.
    """
    opened: dict[str, dict[tuple[int | None, int | None], float]] = defaultdict(dict)
    most: Counter[str] = Counter()
    for packet in packets:
        if packet.protocol != "tcp":
            continue
        device = packet.address if packet.outgoing else packet.source
        ports = (packet.source_port, packet.port) if packet.outgoing else (packet.port, packet.source_port)
        _follow(opened[device], ports, packet)
        most[device] = max(most[device], len(opened[device]))
    return dict(most)


def _follow(
    opened: dict[tuple[int | None, int | None], float], ports: tuple[int | None, int | None], packet: Packet
) -> None:
    """`opened`: until when each connection counts as open unless something more is heard of it."""
    for key in [key for key, until in opened.items() if until < packet.time]:
        del opened[key]
    if packet.flags & RST or (packet.outgoing and packet.flags & FIN):
        opened.pop(ports, None)
    elif packet.flags & SYN:
        opened[ports] = packet.time + _UNANSWERED if packet.outgoing else float("inf")


def unaccounted(packets: Sequence[Packet], runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the evidence's account of what was sent differs from the wire.

    Counted on the wire, the numbers are equal. Counted at the socket, the kernel's own share (acknowledgements,
    repeats, address resolution) comes on top, so the account may be lower but never miss a place; and a datagram to an
    address where nobody is leaves the socket and never the laptop. What the kernel sends for any program may be told.
    """
    exact = all(run["sent"]["counted"] == "on the wire" for run in runs if run["sent"]["packets"])
    wire = Counter(_place(packet) for packet in packets if packet.outgoing)
    optional = {_place(packet) for packet in packets if packet.outgoing and _kernels_own(packet)}
    there = {packet.source for packet in packets if packet.protocol == "arp" and not packet.outgoing}
    said: Counter[Place] = Counter()
    for run in runs:
        for place in run["sent"]["destinations"]:
            said[(place["protocol"], place["address"], place["port"])] += place["packets"]

    def agrees(place: Place) -> bool:
        if place in optional:
            return said[place] <= wire[place]
        if exact:
            return said[place] == wire[place]
        if place[0] == "arp":
            return said[place] <= wire[place]
        return said[place] > 0 and (said[place] <= wire[place] or place[1] not in there)

    return [
        f"{place}: {wire[place]} on the wire, {said[place]} in the evidence"
        for place in sorted({*wire, *said}, key=str)
        if not agrees(place)
    ]


def _place(packet: Packet) -> Place:
    return packet.protocol, packet.address, packet.port


def _kernels_own(packet: Packet) -> bool:
    """What the laptop's kernel sends by itself for any program: group membership, ARP replies, IPv6 neighbours.

    An ARP request to one neighbour only is the kernel checking what it knows already (RFC 1122 2.3.2.1).
    """
    return (
        packet.protocol == "igmp"
        or (packet.protocol == "icmp6" and packet.flags in _KERNELS_OWN_ICMP6)
        or (packet.protocol == "arp" and (packet.flags != 1 or not packet.to_all))
    )


def _say(packet: Packet) -> str:
    return f"{packet.protocol} to {packet.address} port {packet.port}"
