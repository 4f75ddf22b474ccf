"""What a sweep did and did not reach, as sentences. Pure: read from what was seen and sent, so evidence repeats it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from iotsweep.devices.addresses import ip_of, network_of
from iotsweep.estimate import History, estimate
from iotsweep.guidance import Guidance
from iotsweep.model import DeviceRole, Finding, NotChecked, Observation, ProbeRun, Profile, Scope
from iotsweep.wire.wifi import HOTSPOT_ADDRESSES

ARP, POKED, LOOKED_ON = "arp", "neighbours", "again"
_VLANS, _SWITCHES = ("vlan.tag", "lldp.vlan", "cdp.vlan"), ("lldp.name", "lldp.description", "cdp.name", "cdp.platform")
_ONLY_VLAN = "1"  # what every switch calls the network that nobody has divided (IEEE 802.1Q table 9-2)
_MOST_LISTED = 4
_OTHER_NETWORKS = 3  # addresses named in the sentence about them
_FINDERS = ("mdns", "ssdp", "wsd", "neighbours", "vendor-questions")  # whom they found, they found without ARP's help
_ROUTERS = ("InternetGatewayDevice", "WLANAccessPointDevice")  # UPnP device types


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sentences are read from."""

    scope: Scope
    observations: Sequence[Observation]
    findings: Sequence[Finding]
    runs: Sequence[ProbeRun]

    def run(self, name: str) -> ProbeRun | None:
        """One probe's run, when it was not left out."""
        return next((run for run in self.runs if run.probe == name and not run.skipped), None)

    def is_inside(self, text: str) -> bool:
        """Whether this is an IPv4 address of the network that was looked at."""
        address, network = ip_of(text), network_of(self.scope.network)
        return isinstance(address, IPv4Address) and network is not None and address in network

    def others(self) -> list[Finding]:
        """Every finding on this network but this laptop."""
        elsewhere = {DeviceRole.LAPTOP, DeviceRole.NEARBY}
        return [finding for finding in self.findings if finding.device.role not in elsewhere]


def cover(seen: Seen, guidance: Guidance) -> tuple[NotChecked, ...]:
    """What was not reached, one sentence each, in a fixed order; the same for the same report."""
    parts = (
        *(_missed, _alone, _rights, _routers, _several_servers, _behind, _divided, _proxies, _elsewhere),
        *(_quiet, _hurried, _own_wifi),
    )
    return tuple(
        NotChecked(guidance.sentence(f"coverage.{name}.what"), guidance.sentence(f"coverage.{sentence}", **values))
        for part in parts
        for name, sentence, values in part(seen)
    )


def leave_out(runs: Sequence[ProbeRun], partial: str | None) -> tuple[NotChecked, ...]:
    """What was cut short, skipped, failed or limited, each in the words of whoever it befell."""
    missed = [NotChecked("the rest of the check", partial)] if partial else []
    for run in runs:
        reasons = [reason for reason in (run.skipped, run.failed, *run.limits) if reason]
        missed += [NotChecked(run.probe, reason) for reason in reasons]
    return tuple(missed)


Sentence = tuple[str, str, dict[str, str]]  # id of the heading, id of the sentence, what fills its places


def read_history(seen: Seen) -> History | None:
    """In which pass of ARP questions each device answered first, and whom others saw; None when ARP did not ask."""
    passes = _count_passes(seen)
    if not passes:
        return None
    first: dict[str, int] = {}
    otherwise: set[str] = set()
    for one in seen.observations:
        if one.ip is None or one.ip == seen.scope.address or not seen.is_inside(one.ip):
            continue
        told = one.first("arp.pass")
        if told and told.isdecimal():
            first[one.ip] = min(int(told[:4]), first.get(one.ip, passes))
        elif one.probe in _FINDERS and not one.values("mdns.from"):
            otherwise.add(one.ip)
    counts = [0] * passes
    for number in first.values():
        counts[max(1, min(number, passes)) - 1] += 1
    return History(tuple(counts), len(otherwise - first.keys()), len(otherwise & first.keys()))


def _count_passes(seen: Seen) -> int:
    """How often ARP asked whom it asked most: that many passes there were."""
    run = seen.run(ARP)
    return max((place.packets for place in run.sent.destinations if place.protocol == "arp"), default=0) if run else 0


def _missed(seen: Seen) -> Iterator[Sentence]:
    history = read_history(seen)
    missed = estimate(history) if history else None
    if missed:
        some = {"least": str(missed.least), "most": str(missed.most)}
        yield ("missed", "missed.some", some) if missed.most else ("missed", "missed.none", {})


def _alone(seen: Seen) -> Iterator[Sentence]:
    if seen.scope.profile is Profile.QUIET or not (seen.run(ARP) or seen.run(POKED)):
        return
    others = seen.others()
    if not others:
        yield "alone", "nobody", {}
    elif all(finding.device.role is DeviceRole.ROUTER for finding in others):
        yield "alone", "alone", {}


def _rights(seen: Seen) -> Iterator[Sentence]:
    poked = seen.run(POKED)
    if poked and poked.sent.packets and not _count_passes(seen):
        yield "no-rights", "no-rights", {}


def _routers(seen: Seen) -> Iterator[Sentence]:
    for finding in seen.others():
        if finding.device.role is DeviceRole.ROUTER or not finding.device.ipv4:
            continue
        if finding.kind == "router" or _says_router(seen, finding):
            yield "router", "router", {"address": finding.device.ipv4[0]}


def _says_router(seen: Seen, finding: Finding) -> bool:
    kept = (seen.observations[index] for index in finding.device.seen if 0 <= index < len(seen.observations))
    told = (value for one in kept for key in ("upnp.device_type", "ssdp.st") for value in one.values(key))
    return any(word in value for value in told for word in _ROUTERS)


def _several_servers(seen: Seen) -> Iterator[Sentence]:
    """Two that give out addresses, or that announce themselves as the way out: two routers."""
    servers = {value for one in seen.observations for value in one.values("dhcp.server") if seen.is_inside(value)}
    if len(servers) > 1:
        yield "router", "servers", {"addresses": _list(servers)}
    macs = {one.mac for one in seen.observations if one.mac and one.values("ndp.router")}
    if len(macs) > 1:
        yield "router", "ways-out", {"addresses": _list(_address(seen, mac) for mac in macs)}


def _address(seen: Seen, mac: str) -> str:
    """How people know the device with this MAC address."""
    known = (finding.device.ipv4 for finding in seen.findings if mac in finding.device.macs)
    return next((ips[0] for ips in known if ips), mac)


def _behind(seen: Seen) -> Iterator[Sentence]:
    """The router's own address on its other side: a private one was given by another router."""
    outside = {value for one in seen.observations for value in one.values("igd.outside") if not seen.is_inside(value)}
    if outside:
        yield "behind", "behind", {"address": _list(outside)}


def _divided(seen: Seen) -> Iterator[Sentence]:
    """Marked frames, and switches that tell of themselves: equipment that divides a home into several networks."""
    tags = {value for one in seen.observations for key in _VLANS for value in one.values(key) if value != _ONLY_VLAN}
    names = {value for one in seen.observations for key in _SWITCHES for value in one.values(key)}
    if tags:
        yield "divided", "divided.tags", {"tags": _list(tags)}
    elif names:
        yield "divided", "divided.switch", {"names": _list(names)}


def _list(words: Iterable[str]) -> str:
    """The first few, in an order that does not depend on who answered first."""
    ordered = sorted(set(words), key=lambda word: (len(word), word))
    more = f" and {len(ordered) - _MOST_LISTED} more" if len(ordered) > _MOST_LISTED else ""
    return ", ".join(ordered[:_MOST_LISTED]) + more


def _proxies(seen: Seen) -> Iterator[Sentence]:
    for finding in seen.others():
        device = finding.device
        where = next(iter((*device.ipv4, *device.macs)), "")  # a repeater may have no address of its own
        if device.answers_for and where:
            yield "proxy", "proxy", {"address": where, "count": str(len(device.answers_for))}


def _elsewhere(seen: Seen) -> Iterator[Sentence]:
    found: dict[IPv4Network, IPv4Address] = {}
    for one in seen.observations:
        for text in (one.ip or "", *one.values("ip.v4")):
            address = _private(text)
            if address and not seen.is_inside(text):
                found.setdefault(IPv4Network(f"{address}/24", strict=False), address)
    if found:
        some = sorted(found.values())[:_OTHER_NETWORKS]
        yield "elsewhere", "elsewhere", {"addresses": ", ".join(map(str, some))}


def _private(text: str) -> IPv4Address | None:
    """A private IPv4 address that a router gave; a device makes a link-local one up by itself."""
    address = ip_of(text)
    if not isinstance(address, IPv4Address) or not address.is_private or address.is_link_local:
        return None
    return address


def _quiet(seen: Seen) -> Iterator[Sentence]:
    if seen.scope.profile is Profile.QUIET:
        yield "quiet", "quiet", {}


def _hurried(seen: Seen) -> Iterator[Sentence]:
    """What the standard profile leaves out, when something was asked and nobody listened on afterwards."""
    asked = any(run.sent.packets for run in seen.runs)
    if seen.scope.profile is Profile.STANDARD and asked and not seen.run(LOOKED_ON):
        yield "quiet", "hurried", {}


def _own_wifi(seen: Seen) -> Iterator[Sentence]:
    """Whether this laptop seems to have joined a camera's own Wi-Fi instead of the home's."""
    gateway = seen.scope.gateway
    for address, what in HOTSPOT_ADDRESSES.items():
        if address == gateway or (gateway is None and seen.is_inside(address)):
            yield "own-wifi", "own-wifi", {"address": address, "what": what}
