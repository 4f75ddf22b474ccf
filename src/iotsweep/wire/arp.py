"""ARP over Ethernet (RFC 826): requests as ready-made frames, and whatever comes back."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from iotsweep.wire.error import WireError

REQUEST = 1
REPLY = 2

_ETHERNET = 14
_LENGTH = 42  # Ethernet header and the 28 bytes of ARP for IPv4
_VLAN_TAGS = {b"\x81\x00", b"\x88\xa8"}  # IEEE 802.1Q, 802.1ad
_ETHERTYPE = b"\x08\x06"
_KIND = b"\x00\x01\x08\x00\x06\x04"  # Ethernet, IPv4, their address lengths


@dataclass(frozen=True, slots=True)
class Arp:
    """One ARP frame: who says that it has which address, and whom it asked or answered."""

    operation: int
    mac: str
    ip: str
    target_mac: str
    target_ip: str

    @property
    def speaks_for_itself(self) -> bool:
        """True when the sender claims a usable address: not an address probe (RFC 5227), not a group MAC."""
        mac = bytes.fromhex(self.mac.replace(":", ""))
        return self.operation in {REQUEST, REPLY} and self.ip != "0.0.0.0" and any(mac) and not mac[0] & 1


def encode_request(mac: str, ip: str, target: str) -> bytes:
    """A broadcast frame that asks who has `target`, from this laptop's own addresses. Raises WireError."""
    try:
        own = bytes.fromhex(mac.replace(":", ""))
        sender, asked = IPv4Address(ip).packed, IPv4Address(target).packed
    except ValueError as error:
        raise WireError(f"not an address: {error}") from error
    if len(own) != 6:
        raise WireError(f"not a MAC address: {mac}")
    header = b"\xff" * 6 + own + _ETHERTYPE
    return header + _KIND + struct.pack("!H6s4s6s4s", REQUEST, own, sender, bytes(6), asked)


def decode_arp(frame: bytes) -> Arp:
    """The fields of one Ethernet frame, with or without VLAN tags. Raises WireError for anything but ARP for IPv4."""
    start = 12
    while frame[start : start + 2] in _VLAN_TAGS and start < 20:
        start += 4
    if frame[start : start + 2] != _ETHERTYPE:
        raise WireError("not an ARP frame")
    body = frame[start + 2 : start + 2 + _LENGTH - _ETHERNET]
    if len(body) < _LENGTH - _ETHERNET:
        raise WireError(f"an ARP frame of only {len(frame)} bytes")
    if body[:6] != _KIND:
        raise WireError("an ARP frame for something else than IPv4 over Ethernet")
    operation, mac, ip, target_mac, target_ip = struct.unpack("!H6s4s6s4s", body[6:])
    return Arp(operation, mac.hex(":"), _dotted(ip), target_mac.hex(":"), _dotted(target_ip))


def _dotted(ip: bytes) -> str:
    return f"{ip[0]}.{ip[1]}.{ip[2]}.{ip[3]}"  # an IPv4Address costs ten times as much, for thousands of frames
