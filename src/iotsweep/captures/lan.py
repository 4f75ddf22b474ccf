"""Who is at home in a capture: which hardware address has which IP address, and which one leads to the internet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from iotsweep.wire.ethernet import is_device
from iotsweep.wire.frames import Link
from iotsweep.wire.ip import Packet, is_fresh, is_host, is_link_local, is_private

MOST_DEVICES = 20_000
MOST_PAIRS = 60_000
MOST_OF_ONE = 64  # addresses of one device; a router that forwards many is told apart by its forwarding
_MOST_FORWARDED = 256  # different addresses out there, enough to rank the routers
_MOST_OUTER = 4  # public addresses that one device can have; who shows more of them passes them on

When = tuple[int, Link]


@dataclass(slots=True)
class Place:
    """One hardware address: since when, its IP addresses, and the addresses beyond the home that it spoke for."""

    since: When
    heard: bool = False  # False: frames were sent to it, none came from it
    ips: dict[bytes, When] = field(default_factory=dict)
    sure: set[bytes] = field(default_factory=set)  # it said so itself, by ARP or DHCP or neighbour discovery
    outer: dict[bytes, When] = field(default_factory=dict)  # public, and seen as only its owner sends from it
    beyond: set[bytes] = field(default_factory=set)
    routes: bool = False  # it announced itself as a router (RFC 4861, router advertisement)


class Lan:
    """Collects, with bounds, what is needed to say at the end who is who."""

    def __init__(self) -> None:
        self.places: dict[bytes, Place] = {}
        self.bare: dict[bytes, When] = {}  # addresses of the home in captures that hold no hardware addresses
        self.masks: dict[tuple[str, str], None] = {}  # (address given, subnet mask)
        self.routers: dict[str, None] = {}  # named by a DHCP server
        self.full = False
        self._pairs = 0

    def meet(self, mac: bytes, when: When, *, heard: bool = True) -> Place | None:
        """The place of a hardware address; None for a group's address, or when there are too many."""
        place = self.places.get(mac)
        if place is None:
            if not is_device(mac):
                return None
            if len(self.places) >= MOST_DEVICES:
                self.full = True
                return None
            place = self.places[mac] = Place(when)
        if heard and not place.heard:
            place.heard, place.since = True, when
        return place

    def bind(self, mac: bytes, ip: bytes, when: When, *, sure: bool = False, heard: bool = True) -> None:
        """A frame of `mac` had the source `ip`. From beyond the home, `mac` is a router and not at that address."""
        place = self.meet(mac, when, heard=heard)
        if place is None or not is_host(ip):
            return
        if not sure and not is_private(ip) and not self._is_own_ipv6(place, ip):
            if len(place.beyond) < _MOST_FORWARDED:
                place.beyond.add(ip)
            return
        self._give(place, ip, when)
        if sure:
            place.sure.add(ip)

    def _give(self, place: Place, ip: bytes, when: When) -> None:
        if ip not in place.ips:
            if len(place.ips) >= MOST_OF_ONE or self._pairs >= MOST_PAIRS:
                return
            self._pairs += 1
            place.ips[ip] = when

    def note_bare(self, ip: bytes, when: When) -> None:
        """A packet from `ip`, in a capture without hardware addresses."""
        if is_private(ip) and len(self.bare) < MOST_PAIRS:
            self.bare.setdefault(ip, when)

    def forward(self, mac: bytes, ip: bytes, when: When) -> None:
        """A frame for an address beyond the home was sent to `mac`."""
        place = self.meet(mac, when, heard=False)
        if place is not None and is_host(ip) and len(place.beyond) < _MOST_FORWARDED:
            place.beyond.add(ip)

    def suppose(self, mac: bytes, ip: bytes, when: When, *, heard: bool = True) -> None:
        """A public address that `mac` seems to have itself: no router stands between, and no private one is known."""
        place = self.meet(mac, when, heard=heard)
        if place is not None and is_host(ip) and len(place.outer) <= _MOST_OUTER:
            place.outer.setdefault(ip, when)

    def is_home(self, mac: bytes, ip: bytes) -> bool:
        """Whether a message from `ip` in a frame of `mac` comes from a device of the home."""
        if is_private(ip):
            return True
        place = self.places.get(mac)
        return place is not None and (ip in place.ips or ip in self._outer(place) or self._is_own_ipv6(place, ip))

    def _outer(self, place: Place) -> dict[bytes, When]:
        """The public addresses that are its own. One with a private address only answers for others, or leaks them."""
        inside = any(len(ip) == 4 and is_private(ip) and not is_link_local(ip) for ip in place.ips)
        return {} if inside or place.routes or len(place.outer) > _MOST_OUTER else place.outer

    def _is_own_ipv6(self, place: Place, ip: bytes) -> bool:
        """A global IPv6 address in a frame of something that is no router, as far as is known by now."""
        return len(ip) == 16 and not place.routes and not any(len(each) == 4 for each in place.beyond)

    def is_router(self, mac: bytes) -> bool:
        """Whether this hardware address leads out of the home. One that holds such an address itself does not."""
        place = self.places.get(mac)
        return place is not None and (place.routes or bool(place.beyond - place.sure - self._outer(place).keys()))

    def settle(self) -> None:
        """Drop what routers only passed on, now that it is known who they are."""
        for mac, place in self.places.items():
            if not self.is_router(mac):
                for ip, when in self._outer(place).items():
                    self._give(place, ip, when)
                continue
            place.ips = {ip: when for ip, when in place.ips.items() if self._is_own(place, ip)}

    def _is_own(self, place: Place, ip: bytes) -> bool:
        if ip in place.sure or is_link_local(ip):
            return True
        if len(ip) == 16:
            return False
        others = [each for each in place.ips if len(each) == 4 and each != ip and not is_link_local(each)]
        return not others

    def owners(self) -> dict[bytes, list[bytes]]:
        """IPv4 address -> the hardware addresses that have it."""
        found: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for mac, ip in self.pairs():
            if len(ip) == 4:
                found[ip].append(mac)
        return found

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Every (hardware address, IP address)."""
        for mac, place in self.places.items():
            for ip in place.ips:
                yield mac, ip

    def first_ipv4(self, mac: bytes) -> bytes | None:
        """The IPv4 address of a device, a routable one first."""
        place = self.places.get(mac)
        held = [ip for ip in place.ips if len(ip) == 4] if place else []
        return min(held, key=lambda ip: (is_link_local(ip), ip), default=None)


def is_senders_own(packet: Packet, data: bytes, begin: int) -> bool:
    """Whether an IPv4 source is that of the frame's sender, though it may be public: campuses and labs have such.

    No router forwards to a group, and none leaves the time to live as it was. What goes to a private
    address from a public one came through a router, whatever it says.
    """
    source, target = packet.source, packet.target
    if len(source) != 4 or not is_host(source):
        return False
    return not is_host(target) or (not is_private(target) and is_fresh(data, begin))
