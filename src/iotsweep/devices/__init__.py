"""Gathers observations into physical things. Pure, and the order of arrival never changes the answer.

What ties and what does not is decided in docs/decisions/0007-devices.md; in short: frames and addresses seen in person
tie, words only bring home what has no body of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from iotsweep.devices.addresses import ip_of, mac_of, network_of
from iotsweep.devices.building import Builder, VendorNames, read_groups
from iotsweep.devices.joining import join_by_words
from iotsweep.devices.placing import place
from iotsweep.devices.sharing import read_ties
from iotsweep.devices.sights import Sight, read_sights
from iotsweep.devices.unions import Unions
from iotsweep.model import Device, Observation, Scope

__all__ = ["VendorNames", "gather"]


def gather(observations: Sequence[Observation], scope: Scope | None, vendors: VendorNames) -> tuple[Device, ...]:
    """Every physical thing seen, in order of address; `Device.seen` indexes `observations`."""
    sights = read_sights(observations, network_of(scope.network) if scope else None)
    ties = read_ties(sights, _known_addresses(scope))
    places, unions = place(sights, ties)
    _know_the_laptop(scope, unions)
    join_by_words(sights, places, unions)
    members: defaultdict[str, list[Sight]] = defaultdict(list)
    for sight in sights:
        members[unions.find(places[sight.index])].append(sight)
    words = {unions.find(group[0]): frozenset(group) for group in unions.sets()}
    return Builder(read_groups(members, words, scope), scope, vendors, ties).devices()


def _known_addresses(scope: Scope | None) -> list[str]:
    texts = (scope.address, scope.gateway) if scope else ()
    return [str(address) for text in texts if (address := ip_of(text))]


def _know_the_laptop(scope: Scope | None, unions: Unions) -> None:
    mac, address = (mac_of(scope.mac), ip_of(scope.address)) if scope else (None, None)
    if mac and address:
        unions.join(f"mac:{mac}", f"ip:{address}")
