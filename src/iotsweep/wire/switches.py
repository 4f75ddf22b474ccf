"""What switches and access points tell their neighbours on the cable: LLDP (IEEE 802.1AB) and CDP (Cisco)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import is_device

LLDP = 0x88CC
CDP = 0x2000  # the protocol number in its SNAP header
LLDP_GROUPS = frozenset(bytes.fromhex(f"0180c20000{last}") for last in ("00", "03", "0e"))  # IEEE 802.1AB table 7-1
CDP_GROUP = bytes.fromhex("01000ccccccc")
KEYS = ("lldp.name", "lldp.description", "lldp.vlan", "cdp.name", "cdp.platform", "cdp.vlan")

_MOST = 64  # fields of one message
_LONGEST = 200  # characters of one text
_CHASSIS, _NAME, _DESCRIPTION, _PLACE, _OWN = 1, 5, 6, 8, 127  # LLDP
_BY_MAC, _IPV4 = 4, 1
_VLAN_OF_PORT, _VLAN_NAME = bytes.fromhex("0080c201"), bytes.fromhex("0080c203")  # IEEE 802.1Q annex D
_CDP_NAME, _CDP_PLATFORM, _CDP_VLAN = 1, 6, 10
_CDP_HEAD = 4  # version, time to live, checksum


@dataclass(frozen=True, slots=True)
class Switch:
    """What one message tells. `mac` and `ip` are its own, "" when it gives none; VLAN 0 is none."""

    protocol: str  # lldp or cdp
    name: str = ""
    description: str = ""
    mac: str = ""
    ip: str = ""
    vlans: tuple[int, ...] = ()


def decode_lldp(data: bytes) -> Switch:
    """The message behind the ethertype. Raises WireError when it names nobody."""
    name = description = mac = ip = ""
    vlans: set[int] = set()
    for kind, value in _each_lldp(data):
        if kind == _CHASSIS and value[:1] == bytes([_BY_MAC]) and is_device(value[1:]):
            mac = value[1:].hex(":")
        elif kind == _NAME:
            name = _text(value)
        elif kind == _DESCRIPTION:
            description = _text(value)
        elif kind == _PLACE and value[:2] == bytes([5, _IPV4]) and len(value) >= 6:
            ip = str(IPv4Address(value[2:6]))
        elif kind == _OWN and value[:4] in {_VLAN_OF_PORT, _VLAN_NAME}:
            vlans.add(int.from_bytes(value[4:6]))
    if not (name or description or mac):
        raise WireError("an LLDP message that names nobody")
    return Switch("lldp", name, description, mac, ip, tuple(sorted(vlans - {0})))


def decode_cdp(data: bytes) -> Switch:
    """The message behind the SNAP header. Raises WireError when it names nobody."""
    fields = dict(_each_cdp(data))
    name, platform = _text(fields.get(_CDP_NAME, b"")), _text(fields.get(_CDP_PLATFORM, b""))
    if not (name or platform):
        raise WireError("a CDP message that names nobody")
    vlan = int.from_bytes(fields.get(_CDP_VLAN, b"")[:2])
    return Switch("cdp", name, platform, vlans=(vlan,) if vlan else ())


def to_facts(switch: Switch) -> dict[str, str | list[str]]:
    """The facts of one message, in the vocabulary."""
    about = "description" if switch.protocol == "lldp" else "platform"
    facts: dict[str, str | list[str]] = {
        f"{switch.protocol}.name": switch.name,
        f"{switch.protocol}.{about}": switch.description,
        f"{switch.protocol}.vlan": [str(vlan) for vlan in switch.vlans],
    }
    return {key: value for key, value in facts.items() if value}


def _each_lldp(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Seven bits of type, nine of length; an end or a length that leads past the end ends it."""
    place = 0
    for _ in range(_MOST):
        if place + 2 > len(data):
            return
        head = int.from_bytes(data[place : place + 2])
        kind, length = head >> 9, head & 0x1FF
        if not kind or place + 2 + length > len(data):
            return
        yield kind, data[place + 2 : place + 2 + length]
        place += 2 + length


def _each_cdp(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Two bytes of type, two of a length that counts both."""
    place = _CDP_HEAD
    for _ in range(_MOST):
        if place + 4 > len(data):
            return
        kind, length = int.from_bytes(data[place : place + 2]), int.from_bytes(data[place + 2 : place + 4])
        if length < 4 or place + length > len(data):
            return
        yield kind, data[place + 4 : place + length]
        place += length


def _text(value: bytes) -> str:
    return value[: 4 * _LONGEST].decode("utf-8", "replace").strip("\0 ")[:_LONGEST]
