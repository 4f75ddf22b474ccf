"""Rules for clues: none claims more than its facts can carry."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from iotsweep.catalogue.checks.case import Case, Rule, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.normal import protocol
from iotsweep.catalogue.patterns import read_pattern
from iotsweep.catalogue.seen import LOOK_UPS
from iotsweep.model import Clue, Confidence

# What says little of a product: numbers, open ports, and names that a person or a shop can choose.
_CHOSEN = frozenset(
    {"dhcp.hostname", "dhcp.fqdn", "dns.name", "mdns.name", "mdns.host", "netbios.name", "netbios.group", "llmnr.name"}
    | {"upnp.friendly_name", "wifi.ssid", "wifi.bssid", "snmp.sys_name", "onvif.location", "nmap.hostname"}
)
_HOST_NAMES = frozenset({"dhcp.hostname", "dhcp.fqdn", "dns.name", "mdns.host", "netbios.name", "llmnr.name"})
# A doorbell or lock that answers nothing and is known by its name only may be anything that somebody named so.
_SEES_OR_OPENS = frozenset({"camera", "doorbell", "baby-monitor", "recorder", "intercom", "lock"})
_ASKED_BY_IT = LOOK_UPS | {"any.look_up", "dhcp.options"}
# Keys that many kinds of device fill: that there is any value says nothing.
_COMMON = frozenset({"http", "tls", "ssh", "ftp", "telnet", "upnp", "ssdp", "mdns", "dhcp", "dns", "netbios", "llmnr"})


def each_clue(source: Source) -> Iterator[tuple[Confidence, Clue]]:
    for confidence, clues in source.fingerprint.clues:
        for clue in clues:
            yield confidence, clue


def _highest(clue: Clue, kind: str) -> tuple[Confidence, str]:
    """The most that a clue can claim, and why it is not more."""
    keys = {key for key, _ in clue.facts}
    protocols = set(map(protocol, keys))
    if protocols <= {"mac", "ip"}:
        return Confidence.POSSIBLE, "an address block alone says little about the product"
    if protocols <= {"tcp", "udp", "ip"}:
        return Confidence.POSSIBLE, "open ports alone say little about the product"
    if keys <= _ASKED_BY_IT:
        return Confidence.POSSIBLE, "what a device asks for is not what it is"
    if keys <= _HOST_NAMES and kind in _SEES_OR_OPENS:
        return Confidence.POSSIBLE, "a host name alone does not make a thing that sees, hears or opens"
    if all(key in _CHOSEN | _ASKED_BY_IT or protocol(key) in ("mac", "ip", "tcp", "udp") for key in keys):
        return Confidence.LIKELY, "ports, address blocks and names that anyone can choose never confirm a product"
    return Confidence.CONFIRMED, ""


def clue_claims_what_it_can_carry(source: Source, _: Case) -> Iterator[Problem]:
    """An address block or a port is `possible`, a chosen name at most `likely`."""
    for confidence, clue in each_clue(source):
        highest, why = _highest(clue, source.fingerprint.kind)
        if confidence.rank > highest.rank:
            remedy = f"Move it to `{highest}` or add a fact that the product itself states"
            yield problem(source, clue.line, f"this clue is `{confidence}` but {why}", remedy)


def clue_says_something(source: Source, _: Case) -> Iterator[Problem]:
    """A clue that any web page or any announcement satisfies is no clue."""
    for _level, clue in each_clue(source):
        patterns = [read_pattern(key, value) for key, values in clue.facts for value in values]
        empty = all(not pattern.literals and pattern.form in ("any", "regex") for pattern in patterns)
        common = all(protocol(pattern.key) in _COMMON and ".txt." not in pattern.key for pattern in patterns)
        if empty and common:
            yield problem(source, clue.line, "any value satisfies this clue", "Name a text that only this product has")


def key_comes_from_a_probe(source: Source, case: Case) -> Iterator[Problem]:
    """Some probe or capture yields every key that a clue asks for."""
    if not case.yields:
        return
    for _, clue in each_clue(source):
        for key, _values in clue.facts:
            if not _is_yielded(key, case.yields):
                close = difflib.get_close_matches(key, case.yields, 1, 0.6)
                remedy = f"Did you mean `{close[0]}`" if close else "`iotsweep catalogue keys` lists all"
                yield problem(source, clue.line, f"no probe yields `{key}`", remedy)


def _is_yielded(key: str, yields: frozenset[str]) -> bool:
    parts = key.split(".")
    families = {".".join([*parts[:end], "*"]) for end in range(1, len(parts))}
    return key in yields or not families.isdisjoint(yields)


RULES: tuple[Rule, ...] = (
    clue_claims_what_it_can_carry,
    clue_says_something,
    key_comes_from_a_probe,
)
