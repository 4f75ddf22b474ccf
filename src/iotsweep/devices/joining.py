"""Joins what is only told of to the one device that it can belong to.

A device's own words (a UUID, a host name, an address in a record) never make one device of two that were each seen
in person: cheap cameras share UUIDs and certificates, and a merged camera would be a missed one. Words only bring
home what has no body of its own: an IPv6 address without a MAC, an address elsewhere, a record without an address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from iotsweep.devices.sights import Sight
from iotsweep.devices.unions import Unions

Key = tuple[str, str]


def join_by_words(sights: Sequence[Sight], places: Mapping[int, str], unions: Unions) -> None:
    """Extend `unions` by every unambiguous word that ties something without a body to one device."""
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    bodies: set[str] = set()
    for sight in sights:
        group = unions.find(places[sight.index])
        if group.startswith("hap:"):
            continue
        keys[group].update(_keys(sight))
        if has_body(sight):
            bodies.add(group)
    _join(keys, bodies, unions)


def has_body(sight: Sight) -> bool:
    """Whether this was a frame from its own MAC, or a reply from its own IPv4 address here."""
    if sight.announcer:
        return False
    return sight.mac is not None or (sight.in_person and ":" not in (sight.ip or ""))


def _keys(sight: Sight) -> Iterator[Key]:
    yield from sight.identities()
    yield from (("tls", value) for value in sight.observation.values("tls.sha256"))
    yield from (("ip", address) for address in (sight.ip, *sight.claims()) if address)
    yield from (("mac", mac) for mac in (sight.mac, sight.eui64()) if mac and not sight.announcer)


def _join(keys: Mapping[str, set[Key]], bodies: set[str], unions: Unions) -> None:
    carriers: defaultdict[Key, list[str]] = defaultdict(list)
    for group in sorted(keys):
        for key in keys[group]:
            carriers[key].append(group)
    loose = Unions(group for group in keys if group not in bodies)
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for (kind, _), groups in sorted(carriers.items()):
        embodied = [group for group in groups if group in bodies]
        # Makers ship one certificate on many devices: it ties only when exactly two places show it.
        if len(embodied) > 1 or (kind == "tls" and len(groups) > 2):
            continue
        bodiless = [group for group in groups if group not in bodies]
        for group in bodiless:
            loose.join(bodiless[0], group)
            homes[group].update(embodied)
    for members in loose.sets():
        _bring_home(members, {home for member in members for home in homes[member]}, unions)


def _bring_home(members: Sequence[str], homes: set[str], unions: Unions) -> None:
    if len(homes) > 1:  # its words point at two devices: believe neither
        return
    for word in (*members, *homes):
        unions.join(members[0], word)
