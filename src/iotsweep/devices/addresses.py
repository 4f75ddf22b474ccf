"""MAC and IP addresses as devices, probes and hostile replies write them."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def mac_of(text: str | None) -> str | None:
    """The MAC address in lower case with colons, None when `text` is none or names a group (IEEE 802, I/G bit)."""
    digits = re.sub(r"[:.\-]", "", text or "").lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits) or digits == "0" * 12 or int(digits[:2], 16) & 1:
        return None
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def ip_of(text: str | None) -> Address | None:
    """The address of one host, without its zone; None for text that is none, and for groups and loopback."""
    try:
        address = ip_address((text or "").partition("%")[0].strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_multicast or address.is_unspecified or address.is_loopback or str(address) == "255.255.255.255":
        return None
    return address


def network_of(text: str | None) -> IPv4Network | None:
    """The IPv4 network of a scope, None when there is none."""
    try:
        network = ip_network(text or "", strict=False)
    except ValueError:
        return None
    return network if isinstance(network, IPv4Network) else None


def is_at_home(address: Address, network: IPv4Network | None) -> bool:
    """Whether an address can belong to a device here: inside the scope, or private when there is no scope.

    A frame from the internet carries the router's MAC, so a public IPv4 source names no device of the home.
    """
    if isinstance(address, IPv6Address):
        return True
    if network is None:
        return address.is_private or address.is_link_local
    edges = (network.network_address, network.broadcast_address)
    return address in network and (network.num_addresses <= 2 or address not in edges)


def eui64_mac(address: Address) -> str | None:
    """The MAC address inside an IPv6 address made by RFC 4291 appendix A (modified EUI-64), or None."""
    if isinstance(address, IPv4Address):
        return None
    tail = address.packed[8:]
    if tail[3:5] != b"\xff\xfe":
        return None
    return mac_of(bytes([tail[0] ^ 2, *tail[1:3], *tail[5:]]).hex())


def uuid_of(text: str) -> str | None:
    """The UUID in a UDN, USN or endpoint address; None for one whose digits are all alike, which names nothing."""
    found = _UUID.search(text)
    if not found or len(set(found[0].replace("-", ""))) == 1:
        return None
    return found[0].lower()


def sort_key(address: str) -> tuple[int, int]:
    """IPv4 before IPv6, by number."""
    number = ip_address(address)
    return (number.version, int(number))
