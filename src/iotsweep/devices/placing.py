"""Where each observation belongs: at a MAC, at an address, behind a bridge, or nowhere but in its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from iotsweep.devices.sharing import Tie
from iotsweep.devices.sights import Sight
from iotsweep.devices.unions import Unions

_NAMES = ("mdns.name", "netbios.name", "dhcp.hostname")


def place(sights: Sequence[Sight], ties: Mapping[tuple[str, str], Tie]) -> tuple[dict[int, str], Unions]:
    """A word for every sight (`mac:`, `ip:`, `hap:`, `said:`), and the words that a shared address makes one thing."""
    silent = _find_silent(ties)
    bridged = _find_bridged_accessories(sights)
    places: dict[int, str] = {}
    unions = Unions()
    for sight in sights:
        word = bridged.get(sight.index) or _word(sight, ties, silent)
        places[sight.index] = word
        unions.find(word)
    for (mac, ip), tie in ties.items():
        if tie is Tie.OWN:
            unions.join(f"mac:{mac}", f"ip:{ip}")
    return places, unions


def _find_silent(ties: Mapping[tuple[str, str], Tie]) -> dict[str, str]:
    """Address -> the MAC that answers for it, where nobody owns it."""
    owned = {ip for (_, ip), tie in ties.items() if tie is not Tie.SILENT}
    return {ip: mac for (mac, ip), tie in sorted(ties.items(), reverse=True) if ip not in owned}


def _word(sight: Sight, ties: Mapping[tuple[str, str], Tie], silent: Mapping[str, str]) -> str:
    if sight.ip is None:
        return _word_without_address(sight)
    if sight.mac and not sight.announcer:
        behind = ties.get((sight.mac, sight.ip)) is Tie.BEHIND
        return f"ip:{sight.ip}" if behind else f"mac:{sight.mac}"
    return f"mac:{silent[sight.ip]}" if sight.ip in silent else f"ip:{sight.ip}"


def _word_without_address(sight: Sight) -> str:
    if sight.announcer:
        return f"ip:{sight.announcer}"
    if sight.mac:
        return f"mac:{sight.mac}"
    told = [f"{kind} {name}" for kind, name in sight.identities()]
    told += [value for key in (*_NAMES, "wifi.bssid", "wifi.ssid") for value in sight.observation.values(key)]
    told += [f"{key} {value}" for key, value in sight.observation.facts]
    return f"said:{told[0] if told else sight.observation.probe}"


def _find_bridged_accessories(sights: Sequence[Sight]) -> dict[int, str]:
    """Observation -> `hap:` word, where one address announces several HomeKit accessories.

    A physical accessory has one accessory id (`id`); software bridges announce one per camera or bridge that
    they speak for. Category 2 (`ci=2`, Bridge, HomeKit Accessory Protocol table 12-3) is the bridge itself.
    """
    ids: defaultdict[str, set[str]] = defaultdict(set)
    announced: list[tuple[Sight, str]] = []
    for sight in sights:
        accessory = sight.observation.first("mdns.txt.id")
        if accessory and sight.ip and any("_hap._" in name for name in sight.observation.values("mdns.service")):
            ids[sight.ip].add(accessory.lower())
            announced.append((sight, accessory.lower()))
    return {
        sight.index: f"hap:{accessory}"
        for sight, accessory in announced
        if len(ids[sight.ip or ""]) > 1 and sight.observation.first("mdns.txt.ci") != "2"
    }
