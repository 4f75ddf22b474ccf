"""Which interfaces are a home network, and why the others are not."""

from __future__ import annotations

import pytest

from iotsweep.network.interfaces import Interface, Link, describe, read_interfaces
from iotsweep.network.routes import Route
from tests.network.laboratory import ADDRESS, MAC, home, in_lab, run

_ROUTES = (Route("192.168.1.1", "wlan0", 600), Route("192.168.7.1", "192.168.7.20", 20))


def _describe(name: str, link: Link | None = None, address: str = "192.168.1.20") -> Interface:
    return describe(name, address, 24, link or Link("02:00:00:00:00:05"), _ROUTES)


@pytest.mark.parametrize(
    "name", ["eth0", "wlan0", "wlp3s0", "enp0s31f6", "en0", "veth1234567", "Wi-Fi", "Ethernet 2", "br0", "br-lan"]
)
def test_an_ordinary_interface_is_used(name: str) -> None:
    assert _describe(name).passed_over is None


@pytest.mark.parametrize(
    "name", ["tun0", "tap1", "wg0", "wg-home", "ppp0", "utun3", "tailscale0", "ztabcdef12", "nordlynx", "ProtonVPN"]
)
def test_a_vpn_or_tunnel_is_passed_over(name: str) -> None:
    assert "VPN" in (_describe(name).passed_over or "")


@pytest.mark.parametrize(
    "name",
    ["docker0", "br-0123456789ab", "virbr0", "vmnet8", "vboxnet0", "podman1", "cni0", "flannel.1", "vEthernet (WSL)"],
)
def test_bridges_of_containers_and_virtual_machines_are_passed_over(name: str) -> None:
    assert "containers" in (_describe(name).passed_over or "")


@pytest.mark.parametrize(
    ("link", "word"),
    [
        (Link(flags=frozenset({"up", "pointopoint"})), "VPN"),
        (Link(tunnel=True), "VPN"),
        (Link(in_bridge=True), "containers"),
        (Link(flags=frozenset({"loopback"})), "loopback"),
        (Link(up=False), "down"),
    ],
)
def test_what_the_system_says_counts_whatever_the_name(link: Link, word: str) -> None:
    assert word in (_describe("eth0", link).passed_over or "")


def test_an_address_that_the_laptop_gave_itself_is_passed_over() -> None:
    assert "no router answered" in (_describe("eth0", address="169.254.3.4").passed_over or "")


def test_the_gateway_is_found_by_name_and_on_windows_by_address() -> None:
    assert _describe("wlan0").gateway == "192.168.1.1"
    assert _describe("Wi-Fi", address="192.168.7.20").gateway == "192.168.7.1"
    assert _describe("eth1", address="192.168.9.20").gateway is None


async def check_reading() -> list[list[object]]:
    async with home(["10.77.0.1"]):
        run("ip", "route", "add", "default", "via", "10.77.0.1")
        run("ip", "link", "add", "docker0", "type", "bridge")
        run("ip", "addr", "add", "172.17.0.1/16", "dev", "docker0")
        found = read_interfaces()
    return [
        [i.name, i.address, i.prefix, i.mac, i.gateway, i.passed_over is None] for i in found if i.name != "docker0"
    ]


@pytest.mark.lab
def test_the_systems_own_prefix_mac_and_gateway_are_read() -> None:
    assert in_lab(f"{__name__}:check_reading") == [
        ["lo", "127.0.0.1", 8, "", None, False],
        ["eth0", ADDRESS, 24, MAC, "10.77.0.1", True],
    ]
