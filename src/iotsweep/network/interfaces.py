"""This laptop's interfaces with their real IPv4 prefix, and why some of them are passed over."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path

from iotsweep.network.routes import Route, read_routes

_LINK_LOCAL = IPv4Network("169.254.0.0/16")  # RFC 3927: what a laptop takes when nobody gives it an address
_TUNNEL = re.compile(
    r"(tun|tap|wg|ppp|utun|ipsec|tailscale|zt|zerotier|nordlynx|proton|mullvad|wireguard|openvpn|gpd|cscotun)", re.I
)
_CONTAINER = re.compile(
    r"(docker|br-[0-9a-f]{12}$|virbr|vmnet|vboxnet|podman|cni|flannel|cali|lxcbr|lxdbr|incusbr|bridge1\d\d$|vEthernet)",
    re.I,
)
_TUNNEL_WORDS = re.compile(r"(wireguard|openvpn|tap-windows|tailscale|zerotier|nordlynx|\bvpn\b)", re.I)
_NO_MAC = "00:00:00:00:00:00"


@dataclass(frozen=True, slots=True)
class Link:
    """What the system says about an interface beside its address."""

    mac: str = ""
    up: bool = True
    flags: frozenset[str] = frozenset()
    in_bridge: bool = False  # it is a port of a bridge on this laptop
    tunnel: bool = False  # the system itself calls it a tunnel


@dataclass(frozen=True, slots=True)
class Interface:
    """One IPv4 address of this laptop with its real prefix. `passed_over` says why it is no home network."""

    name: str
    address: str
    prefix: int
    mac: str
    up: bool = True
    gateway: str | None = None
    metric: int = 0  # of its default route; the lowest is the one that the system prefers
    passed_over: str | None = None

    @property
    def network(self) -> IPv4Network:
        """The network that the interface is on."""
        return IPv4Interface(f"{self.address}/{self.prefix}").network


def read_interfaces() -> tuple[Interface, ...]:
    """Every IPv4 address of this laptop, usable or not, in the system's order."""
    import ifaddr

    links, routes = _read_links(), read_routes()
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if ip.is_IPv4 and isinstance(ip.ip, str):
                name, link = links.get(ip.ip, (adapter.nice_name, Link()))
                found.append(describe(name, ip.ip, ip.network_prefix, link, routes))
    return tuple(found)


def describe(name: str, address: str, prefix: int, link: Link, routes: tuple[Route, ...]) -> Interface:
    """One address with its gateway and, if it is no home network, the reason. Pure."""
    route = next((route for route in routes if route.through in {name, address}), None)
    return Interface(
        name=name,
        address=address,
        prefix=prefix,
        mac=link.mac,
        up=link.up,
        gateway=route.gateway if route else None,
        metric=route.metric if route else 0,
        passed_over=next(_reasons(name, address, link), None),
    )


def _reasons(name: str, address: str, link: Link) -> Iterator[str]:
    if "loopback" in link.flags or IPv4Address(address).is_loopback:
        yield "it is this laptop's own loopback"
    if link.tunnel or _TUNNEL.match(name) or _TUNNEL_WORDS.search(name) or "pointopoint" in link.flags:
        yield "it is a VPN or tunnel"
    if _CONTAINER.match(name) or link.in_bridge:
        yield "it belongs to containers or virtual machines on this laptop"
    if not link.up:
        yield "it is down"
    if IPv4Address(address) in _LINK_LOCAL:
        yield "it has only an address that it gave itself, because no router answered"


def _read_links() -> dict[str, tuple[str, Link]]:
    """IPv4 address -> the interface's name as psutil and the system's tools know it, and what it is."""
    import psutil

    states = psutil.net_if_stats()
    links: dict[str, tuple[str, Link]] = {}
    for name, addresses in psutil.net_if_addrs().items():
        mac = next((entry.address for entry in addresses if entry.family == psutil.AF_LINK), "")
        state = states.get(name)
        flags = frozenset(state.flags.split(",")) if state else frozenset()
        up = state.isup if state else False
        link = Link(_plain_mac(mac), up, flags, *_read_kind(name))
        links.update({entry.address: (name, link) for entry in addresses if entry.netmask and "." in entry.address})
    return links


def _read_kind(name: str) -> tuple[bool, bool]:
    """Whether Linux says that it is a port of a bridge, and whether it is a tunnel (Documentation/ABI, sysfs)."""
    if not sys.platform.startswith("linux"):
        return False, False
    folder = Path("/sys/class/net") / name
    return (folder / "brport").exists(), (folder / "tun_flags").exists()


def _plain_mac(text: str) -> str:
    mac = text.lower().replace("-", ":")
    return "" if mac == _NO_MAC or not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac) else mac
