"""One MAC address with several IP addresses: one device with many, a proxy for silent ones, or a repeater."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from iotsweep.devices.sights import Sight
from iotsweep.devices.unions import Unions

# A laptop on cable and Wi-Fi, or a box with a service address, has two or three; from four on, look closer.
MULTI_HOMED = 3

_HOST_NAMES = ("dhcp.hostname", "netbios.name")
_CONFLICTS = (
    "udn",
    "wsd",
    "host",
    "name",
)  # a second certificate on a second address is ordinary, a second name is not

Names = Set[tuple[str, str]]
Cluster = frozenset[str]


class Tie(StrEnum):
    """What an IP address is to the MAC address that answered for it."""

    OWN = "own"
    BEHIND = "behind"  # a device of its own, reached through this MAC
    SILENT = "silent"  # answered for, with nothing to show that this MAC lives there


@dataclass(frozen=True, slots=True)
class Homes:
    """Which IP addresses each MAC was seen with, and what showed itself at each."""

    addresses: Mapping[str, Set[str]]
    life: Mapping[str, Names]
    identities: Mapping[str, Names]


def read_ties(sights: Sequence[Sight], anchors: Iterable[str]) -> dict[tuple[str, str], Tie]:
    """What each (MAC, IP) pair means. `anchors`: addresses known beforehand (this laptop's, the gateway's)."""
    homes = _read_homes(sights)
    lost = _lose_contested(homes.addresses)
    ties: dict[tuple[str, str], Tie] = {}
    for mac, addresses in homes.addresses.items():
        held = frozenset(ip for ip in addresses if (mac, ip) not in lost)
        fourth = frozenset(ip for ip in held if ":" not in ip)  # many IPv6 addresses on one MAC are ordinary
        sort_out = _sort_out_few if len(fourth) <= MULTI_HOMED else _sort_out_many
        ties.update({(mac, ip): Tie.OWN for ip in held - fourth})
        ties.update({(mac, ip): tie for ip, tie in sort_out(mac, fourth, homes, frozenset(anchors)).items()})
    return ties | dict.fromkeys(lost, Tie.SILENT)


def _read_homes(sights: Sequence[Sight]) -> Homes:
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    life: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    identities: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for sight in sights:
        if sight.ip is None or sight.announcer:
            continue
        if sight.mac:
            addresses[sight.mac].add(sight.ip)
        life[sight.ip] |= sight.signs_of_life()
        identities[sight.ip].update(sight.identities())
        identities[sight.ip].update(("tls", value) for value in sight.observation.values("tls.sha256"))
        for key in _HOST_NAMES:
            identities[sight.ip].update(("name", value.lower()) for value in sight.observation.values(key))
    return Homes(addresses, life, identities)


def _lose_contested(addresses: Mapping[str, Set[str]]) -> set[tuple[str, str]]:
    """The (MAC, IP) pairs that another MAC has a better right to.

    Two MACs that answer for exactly the same IPv4 addresses are the two interfaces of one device (the "ARP flux" of
    Linux hosts with cable and Wi-Fi on one network). Otherwise whoever answers for fewest keeps the address: a proxy
    answers for many.
    """
    fourth = {mac: frozenset(ip for ip in held if ":" not in ip) for mac, held in addresses.items()}
    rivals: defaultdict[str, list[str]] = defaultdict(list)
    for mac in sorted(addresses):
        for ip in addresses[mac]:
            rivals[ip].append(mac)
    lost: set[tuple[str, str]] = set()
    for ip, macs in rivals.items():
        keeper = min(macs, key=lambda mac: (len(fourth[mac]), mac))
        lost.update((mac, ip) for mac in macs if mac != keeper and fourth[mac] != fourth[keeper])
    return lost


def _sort_out_few(mac: str, held: frozenset[str], homes: Homes, anchors: frozenset[str]) -> dict[str, Tie]:
    """Two or three addresses are one device, unless they give themselves different names."""
    named = sorted(ip for ip in held if homes.identities[ip])
    unions = Unions(named)
    for one, other in combinations(named, 2):
        if not _contradict(homes.identities[one], homes.identities[other]):
            unions.join(one, other)
    clusters = [frozenset(members) for members in unions.sets()]
    if len(clusters) < 2:
        return dict.fromkeys(held, Tie.OWN)
    own = _find_own(mac, clusters, homes, anchors) or frozenset()
    return {ip: Tie.BEHIND if ip in named and ip not in own else Tie.OWN for ip in held}


def _contradict(one: Names, other: Names) -> bool:
    if one & other:
        return False
    kinds = {kind for kind, _ in one} & {kind for kind, _ in other}
    return any(kind in kinds for kind in _CONFLICTS)


def _sort_out_many(mac: str, held: frozenset[str], homes: Homes, anchors: frozenset[str]) -> dict[str, Tie]:
    """Four or more: silent ones are only answered for, those that show life of their own are devices behind it."""
    lively = {ip for ip in held if homes.life[ip]}
    clusters = _cluster(lively, homes)
    # A gateway that stays silent itself and answers for all (proxy ARP) is not the one device that shows itself.
    only = clusters[0] if len(clusters) == 1 and not held & anchors else frozenset()
    own = _find_own(mac, clusters, homes, anchors) or only
    ties = {ip: Tie.BEHIND if ip in lively else Tie.SILENT for ip in held}
    return ties | dict.fromkeys(own | (held & anchors), Tie.OWN)


def _cluster(lively: Set[str], homes: Homes) -> list[Cluster]:
    """Addresses that share a name, or (four or more) answer word for word alike: one box answering everywhere."""
    unions = Unions(lively)
    sharers: defaultdict[object, list[str]] = defaultdict(list)
    alike: defaultdict[Names, list[str]] = defaultdict(list)
    for ip in sorted(lively):
        alike[frozenset(homes.life[ip])].append(ip)
        for identity in homes.identities[ip]:
            sharers[identity].append(ip)
    groups = [*sharers.values(), *(ips for ips in alike.values() if len(ips) > MULTI_HOMED)]
    for first, *rest in groups:
        for ip in rest:
            unions.join(first, ip)
    return [frozenset(members) for members in unions.sets()]


def _find_own(mac: str, clusters: Sequence[Cluster], homes: Homes, anchors: frozenset[str]) -> Cluster | None:
    """The cluster that the MAC itself belongs to: an address known beforehand, or a reply that contains the MAC."""
    known = [cluster for cluster in clusters if cluster & anchors]
    tail = mac.replace(":", "")[6:]  # makers put the last three bytes into names and UUIDs
    telling = [c for c in clusters if any(tail in _plain(v) for ip in c for _, v in homes.life[ip])]
    for found in (known, telling):
        if len(found) == 1:
            return found[0]
    return None


def _plain(value: str) -> str:
    return value.lower().replace(":", "").replace("-", "")
