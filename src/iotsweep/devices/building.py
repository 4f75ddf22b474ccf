"""Turns sets of observations that belong together into devices with ids, roles and names."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol

from iotsweep.devices.addresses import ip_of, is_at_home, mac_of, network_of, sort_key
from iotsweep.devices.joining import has_body
from iotsweep.devices.names import name_device
from iotsweep.devices.sharing import Tie
from iotsweep.devices.sights import Sight
from iotsweep.model import Device, DeviceRole, Scope

_SHORTEST = 10  # hex digits of an id: 40 bits, lengthened when two devices of one home should ever meet


class VendorNames(Protocol):
    """What is needed of `iotsweep.vendors.Vendors`."""

    def name(self, mac: str, /) -> str | None:
        """The maker that a MAC address was registered to, None when that says nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """The sights of one thing. `own` MACs are its interfaces, `through` is the MAC of what it stands behind."""

    sights: tuple[Sight, ...]
    own: tuple[str, ...]
    ips: tuple[str, ...]
    through: str | None
    key: str


def read_groups(
    members: Mapping[str, Sequence[Sight]], words: Mapping[str, Set[str]], scope: Scope | None
) -> tuple[Group, ...]:
    """The groups in a stable order. `members`: sights by the word of their set; `words`: every word of that set."""
    network = network_of(scope.network) if scope else None
    known = {word for group in words.values() for word in group}
    claimants = Counter(claim for sights in members.values() for claim in {c for s in sights for c in s.claims()})
    groups = []
    for speaker, sights in members.items():
        own = tuple(sorted(word[4:] for word in words[speaker] if word.startswith("mac:")))
        ips = {word[3:] for word in words[speaker] if word.startswith("ip:")}
        for claim in {claim for sight in sights for claim in sight.claims()}:
            address = ip_of(claim)
            if claimants[claim] == 1 and f"ip:{claim}" not in known and address and is_at_home(address, network):
                ips.add(claim)
        if speaker.startswith("hap:"):
            ips = set()  # announced at its bridge's address, not reachable itself
        through = sorted({s.mac for s in sights if s.mac and not s.announcer} - set(own)) if ips else []
        key = own[0] if own else min(ips, key=sort_key) if ips else speaker
        groups.append(Group(tuple(sights), own, tuple(sorted(ips)), through[0] if through else None, key))
    return tuple(sorted(groups, key=lambda group: group.key))


@dataclass(frozen=True, slots=True)
class Builder:
    """What is needed to make devices of groups."""

    groups: tuple[Group, ...]
    scope: Scope | None
    vendors: VendorNames
    ties: Mapping[tuple[str, str], Tie]

    def devices(self) -> tuple[Device, ...]:
        """One device for each group, in order of address."""
        ids = name_ids([group.key for group in self.groups])
        by_word = {word: ids[group.key] for group in self.groups for word in (*group.own, *group.ips)}
        answered: defaultdict[str, set[str]] = defaultdict(set)
        for (mac, ip), tie in self.ties.items():
            if tie is not Tie.OWN:
                answered[mac].add(ip)
        return tuple(sorted((self._device(group, ids, by_word, answered) for group in self.groups), key=_order))

    def _device(
        self, group: Group, ids: Mapping[str, str], by_word: Mapping[str, str], answered: Mapping[str, Set[str]]
    ) -> Device:
        network = network_of(self.scope.network) if self.scope else None
        fourth = [ip for ip in group.ips if ":" not in ip]
        fourth.sort(key=lambda ip: (not is_at_home(ip_address(ip), network), sort_key(ip)))
        answers_for = {ip for mac in group.own for ip in answered.get(mac, ())} - set(group.ips)
        identifier = ids[group.key]
        bridge = self._find_bridge(group, by_word)
        macs = group.own or ((group.through,) if group.through else ())
        heard = [sight.observation for sight in group.sights if sight.ip is None or sight.ip not in answers_for]
        return Device(
            id=identifier,
            role=self._role(group, bool(answers_for)),
            macs=macs,
            ipv4=tuple(fourth),
            ipv6=tuple(sorted((ip for ip in group.ips if ":" in ip), key=sort_key)),
            names=name_device(heard),
            vendor=self._vendor(group, by_word),
            seen=tuple(sorted(sight.index for sight in group.sights)),
            answers_for=tuple(sorted(answers_for, key=sort_key)),
            bridge=bridge if bridge != identifier else None,
        )

    def _find_bridge(self, group: Group, by_word: Mapping[str, str]) -> str | None:
        """The device that this one was announced by, or reached through."""
        if group.through:
            return by_word.get(group.through)
        if not self._is_told_of(group):
            return None
        spoken = {sight.announcer or sight.ip or "" for sight in group.sights}
        return next((by_word[address] for address in sorted(spoken) if address in by_word), None)

    def _is_told_of(self, group: Group) -> bool:
        if group.key.startswith("hap:"):
            return True
        return not any(has_body(sight) for sight in group.sights) and all(
            sight.announcer or sight.away for sight in group.sights
        )

    def _role(self, group: Group, answers_for_others: bool) -> DeviceRole:
        laptop, router = (self.scope.address, self.scope.gateway) if self.scope else ("", None)
        own_mac = mac_of(self.scope.mac) if self.scope else None
        if own_mac in group.own or _plain(laptop) in group.ips:
            return DeviceRole.LAPTOP
        if _plain(router) in group.ips:
            return DeviceRole.ROUTER
        if all(_is_wifi_name(sight) for sight in group.sights):
            return DeviceRole.NEARBY
        if answers_for_others:
            return DeviceRole.PROXY
        return DeviceRole.BRIDGED if self._is_told_of(group) else DeviceRole.DEVICE

    def _vendor(self, group: Group, by_word: Mapping[str, str]) -> str | None:
        """The registered maker. Behind a known repeater the MAC is the repeater's, so it says nothing."""
        macs = group.own
        if not macs and group.through and group.through not in by_word:
            macs = (group.through,)
        return next((name for mac in macs if (name := self.vendors.name(mac))), None)


def name_ids(keys: Sequence[str]) -> dict[str, str]:
    """`device-` and a short hash of each key, made longer for all if two should be alike."""
    digests = {key: hashlib.sha256(key.encode()).hexdigest() for key in keys}
    length = _SHORTEST
    while len({digest[:length] for digest in digests.values()}) < len(digests):
        length += 2
    return {key: f"device-{digest[:length]}" for key, digest in digests.items()}


def _is_wifi_name(sight: Sight) -> bool:
    """Whether nothing but a Wi-Fi name was seen: that needs no device on this network."""
    return sight.mac is None and sight.ip is None and all(key.startswith("wifi.") for key, _ in sight.observation.facts)


def _plain(text: str | None) -> str | None:
    address = ip_of(text)
    return str(address) if address else None


def _order(device: Device) -> tuple[bool, tuple[int, int], str]:
    first = (*device.ipv4, *device.ipv6)[:1]
    return (not first, sort_key(first[0]) if first else (0, 0), device.id)
