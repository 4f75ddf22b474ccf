"""Bridges, cables, addresses and routes over rtnetlink, so that the practice home needs no `ip` program.

Layout and numbers: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/veth.h; explained in rtnetlink(7).
Every function acts in the network namespace that the calling thread is in, and raises NetlinkError.
"""

from __future__ import annotations

import os
import socket
import struct
from ipaddress import IPv4Interface, IPv4Network

_RTM_NEWLINK, _RTM_NEWADDR, _RTM_NEWROUTE = 16, 20, 24
_REQUEST, _ACK, _EXCLUSIVE, _CREATE = 0x1, 0x4, 0x200, 0x400
_NLMSG_ERROR = 2
_NEW = _REQUEST | _ACK | _EXCLUSIVE | _CREATE
_CHANGE = _REQUEST | _ACK

_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_MASTER, _IFLA_LINKINFO, _IFLA_AF_SPEC, _IFLA_NET_NS_FD = 1, 3, 10, 18, 26, 28
_INFO_KIND, _INFO_DATA, _VETH_PEER = 1, 2, 1
_BRIDGE_FORWARD_DELAY, _BRIDGE_STP, _BRIDGE_SNOOPING = 1, 5, 23
_INET_CONF, _RP_FILTER, _ARP_ANNOUNCE, _ARP_IGNORE = 1, 8, 18, 19
_INET6_ADDR_GEN_MODE, _ADDR_GEN_NONE = 8, 1
_IFA_ADDRESS, _IFA_LOCAL, _IFA_BROADCAST = 1, 2, 4
_RTA_DST, _RTA_OIF, _RTA_GATEWAY = 1, 4, 5
_TABLE_MAIN, _PROTOCOL_STATIC, _SCOPE_UNIVERSE, _SCOPE_LINK = 254, 4, 0, 253
_UNICAST, _BLACKHOLE = 1, 6
_NESTED = 0x8000
_UP = 0x1


class NetlinkError(OSError):
    """The kernel refused to set up a part of the practice network."""


def make_bridge(name: str) -> None:
    """A switch that forwards at once, floods multicast, and says nothing itself."""
    data = (
        _attribute(_BRIDGE_FORWARD_DELAY, struct.pack("=I", 0))
        + _attribute(_BRIDGE_STP, struct.pack("=I", 0))
        + _attribute(_BRIDGE_SNOOPING, b"\0")
    )
    _ask(_RTM_NEWLINK, _NEW, _link() + _named(name) + _kind("bridge", data), f"bridge {name}")
    _silence_ipv6(name)
    set_up(name)


def make_cable(port: str, bridge: str, far_name: str, far_mac: str, far_network: int) -> None:
    """A cable from `port` of the bridge here to `far_name` in the namespace of the descriptor `far_network`."""
    far = (
        _link()
        + _named(far_name)
        + _attribute(_IFLA_ADDRESS, bytes.fromhex(far_mac.replace(":", "")))
        + _attribute(_IFLA_NET_NS_FD, struct.pack("=I", far_network))
    )
    data = _attribute(_VETH_PEER | _NESTED, far)
    message = _link() + _named(port) + _index(_IFLA_MASTER, bridge) + _kind("veth", data)
    _ask(_RTM_NEWLINK, _NEW, message, f"cable {port}")
    _silence_ipv6(port)
    set_up(port)


def set_up(name: str) -> None:
    """Switch an interface on."""
    _ask(_RTM_NEWLINK, _CHANGE, _link(name, _UP), f"interface {name}")


def prepare_node(name: str) -> None:
    """Answer ARP only for the own address, take packets from anywhere, keep IPv6 silent."""
    conf = b"".join(
        _attribute(key, struct.pack("=I", value))
        for key, value in ((_ARP_IGNORE, 1), (_ARP_ANNOUNCE, 2), (_RP_FILTER, 0))
    )
    spec = _attribute(socket.AF_INET | _NESTED, _attribute(_INET_CONF | _NESTED, conf))
    _ask(_RTM_NEWLINK, _CHANGE, _link(name) + _attribute(_IFLA_AF_SPEC | _NESTED, spec), f"settings of {name}")
    _silence_ipv6(name)


def add_address(name: str, address: IPv4Interface) -> None:
    """Give an interface an address with its prefix."""
    message = struct.pack("=BBBBi", socket.AF_INET, address.network.prefixlen, 0, 0, socket.if_nametoindex(name))
    message += _attribute(_IFA_LOCAL, address.ip.packed) + _attribute(_IFA_ADDRESS, address.ip.packed)
    message += _attribute(_IFA_BROADCAST, address.network.broadcast_address.packed)
    _ask(_RTM_NEWADDR, _NEW, message, f"address {address}")


def add_route(network: IPv4Network, name: str, gateway: str | None = None) -> None:
    """A route through an interface, by way of `gateway` when there is one."""
    message = _route(network, _SCOPE_UNIVERSE if gateway else _SCOPE_LINK, _UNICAST) + _index(_RTA_OIF, name)
    if gateway:
        message += _attribute(_RTA_GATEWAY, socket.inet_aton(gateway))
    _ask(_RTM_NEWROUTE, _NEW, message, f"route to {network}")


def never_answer(network: IPv4Network) -> None:
    """Drop every IP packet to `network` silently; ARP, which asks no route for its replies, still answers."""
    _ask(_RTM_NEWROUTE, _NEW, _route(network, _SCOPE_UNIVERSE, _BLACKHOLE), f"silence toward {network}")


def _silence_ipv6(name: str) -> None:
    spec = _attribute(socket.AF_INET6 | _NESTED, _attribute(_INET6_ADDR_GEN_MODE, bytes([_ADDR_GEN_NONE])))
    try:
        _ask(_RTM_NEWLINK, _CHANGE, _link(name) + _attribute(_IFLA_AF_SPEC | _NESTED, spec), f"IPv6 of {name}")
    except NetlinkError:  # a kernel without IPv6 is silent already
        return


def _route(network: IPv4Network, scope: int, kind: int) -> bytes:
    header = (socket.AF_INET, network.prefixlen, 0, 0, _TABLE_MAIN, _PROTOCOL_STATIC, scope, kind, 0)
    return struct.pack("=8BI", *header) + _attribute(_RTA_DST, network.network_address.packed)


def _link(name: str | None = None, flags: int = 0) -> bytes:
    index = socket.if_nametoindex(name) if name else 0
    return struct.pack("=BBHiII", socket.AF_UNSPEC, 0, 0, index, flags, flags)


def _kind(kind: str, data: bytes) -> bytes:
    info = _attribute(_INFO_KIND, kind.encode() + b"\0") + _attribute(_INFO_DATA | _NESTED, data)
    return _attribute(_IFLA_LINKINFO | _NESTED, info)


def _named(name: str) -> bytes:
    return _attribute(_IFLA_IFNAME, name.encode() + b"\0")


def _index(kind: int, name: str) -> bytes:
    return _attribute(kind, struct.pack("=I", socket.if_nametoindex(name)))


def _attribute(kind: int, value: bytes) -> bytes:
    size = 4 + len(value)
    return struct.pack("=HH", size, kind) + value + b"\0" * (-size % 4)


def _ask(kind: int, flags: int, message: bytes, what: str) -> None:
    header = struct.pack("=IHHII", 16 + len(message), kind, flags, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as own:
        own.bind((0, 0))
        own.settimeout(2)
        own.send(header + message)
        reply = own.recv(65536)
    _, answered = struct.unpack_from("=IH", reply)
    (number,) = struct.unpack_from("=i", reply, 16) if answered == _NLMSG_ERROR else (0,)
    if number:
        raise NetlinkError(-number, f"{what}: {os.strerror(-number)}")
