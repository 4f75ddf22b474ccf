"""What systems print about their neighbours: /proc/net/arp and `ip neigh` (Linux), `arp -a` (macOS, BSD, Windows)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_LONGEST = 1 << 20
_COMPLETE = 0x2  # ATF_COM of linux/if_arp.h
_MAC = re.compile(r"[0-9a-fA-F]{1,2}(?:[:-][0-9a-fA-F]{1,2}){5}", re.ASCII)
_BSD_LINE = re.compile(r"^\S+ \((?P<ip>[0-9.]{7,15})\) at (?P<mac>\S+) (?:\[\w+\] )?on (?P<interface>\S+)", re.ASCII)
# "Interface: 192.168.1.20 --- 0xb", whatever the word, its letters and the space before the colon are in a language.
_WINDOWS_SECTION = re.compile(r"^\S.{0,60}?(?<![0-9.])(?P<address>[0-9.]{7,15}) --- 0x[0-9a-fA-F]+", re.ASCII)
_GONE = {"FAILED", "INCOMPLETE", "NOARP"}  # states of `ip neigh` that name nobody


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One complete entry. `interface` is its name, or on Windows this laptop's own address on it."""

    ip: str
    mac: str
    interface: str


def decode_proc_arp(text: str) -> tuple[Neighbour, ...]:
    """The complete entries of Linux's /proc/net/arp; lines that do not parse are passed over."""
    return tuple(_each_proc_line(text))


def decode_arp_a(text: str) -> tuple[Neighbour, ...]:
    """The complete entries of `arp -a` or `arp -an`, whichever system printed them, in any language."""
    return tuple(_each_arp_line(text))


def decode_ip_neigh(text: str, interface: str) -> tuple[Neighbour, ...]:
    """The IPv6 entries of `ip -6 neigh show dev <interface>` that have a MAC address."""
    return tuple(_each_neigh_line(text, interface))


def _each_proc_line(text: str) -> Iterator[Neighbour]:
    for line in text[:_LONGEST].splitlines()[1:]:
        words = line.split()
        if len(words) != 6:
            continue
        ip, _, flags, mac, _, interface = words
        if _is_ipv4(ip) and _number(flags) & _COMPLETE and (known := plain_mac(mac)):
            yield Neighbour(ip, known, interface)


def _each_arp_line(text: str) -> Iterator[Neighbour]:
    section = ""
    for line in text[:_LONGEST].splitlines():
        if header := _WINDOWS_SECTION.match(line):
            section = header["address"]
        elif entry := _BSD_LINE.match(line):
            if _is_ipv4(entry["ip"]) and (mac := plain_mac(entry["mac"])):
                yield Neighbour(entry["ip"], mac, entry["interface"])
        elif section:
            words = line.split()
            if len(words) >= 2 and _is_ipv4(words[0]) and (mac := plain_mac(words[1])):
                yield Neighbour(words[0], mac, section)


def _each_neigh_line(text: str, interface: str) -> Iterator[Neighbour]:
    for line in text[:_LONGEST].splitlines():
        words = line.split()
        if "lladdr" not in words[:-1] or _GONE & set(words):
            continue
        if is_ipv6_host(words[0]) and (mac := plain_mac(words[words.index("lladdr") + 1])):
            yield Neighbour(words[0], mac, interface)


def plain_mac(text: str) -> str | None:
    """Lower case with colons and leading zeros (macOS leaves them out), or None for no MAC of one device."""
    if not _MAC.fullmatch(text):
        return None
    octets = [int(part, 16) for part in re.split("[:-]", text)]
    if octets[0] & 1 or not any(octets):
        return None
    return ":".join(f"{octet:02x}" for octet in octets)


def _is_ipv4(text: str) -> bool:
    try:
        return not IPv4Address(text).is_multicast
    except AddressValueError:
        return False


def is_ipv6_host(text: str) -> bool:
    """Whether this is the IPv6 address of one device."""
    try:
        return not IPv6Address(text).is_multicast
    except AddressValueError:
        return False


def _number(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
