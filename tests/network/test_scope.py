"""Which network may be touched, and the one sentence for every one that may not."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.model import Profile, Scope
from iotsweep.network.interfaces import Interface
from iotsweep.network.scope import ScopeError, choose_scope

_MAC = "02:00:00:00:00:05"
_WIFI = Interface("wlan0", "192.168.1.20", 24, _MAC, gateway="192.168.1.1", metric=600)
_WIRE = Interface("eth0", "192.168.2.20", 23, _MAC, gateway="192.168.2.1", metric=100)
_BIG = Interface("eth1", "10.0.130.5", 16, _MAC, gateway="10.0.0.1")
_VPN = Interface("tun0", "10.8.0.2", 24, "", passed_over="it is a VPN or tunnel")


def _choose(*interfaces: Interface, interface: str | None = None, network: str | None = None) -> Scope:
    return choose_scope(interfaces, interface=interface, network=network, profile=Profile.STANDARD)


def _refusal(*interfaces: Interface, interface: str | None = None, network: str | None = None) -> str:
    with pytest.raises(ScopeError) as refused:
        _choose(*interfaces, interface=interface, network=network)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_the_interfaces_own_network_is_chosen_with_its_real_prefix() -> None:
    scope = _choose(_WIRE)
    assert (scope.network, scope.interface, scope.address) == ("192.168.2.0/23", "eth0", "192.168.2.20")
    assert (scope.mac, scope.gateway, scope.profile, scope.consent) == (_MAC, "192.168.2.1", Profile.STANDARD, None)


def test_a_vpn_does_not_stand_in_the_way() -> None:
    assert _choose(_VPN, _WIFI).interface == "wlan0"


def test_of_several_networks_the_one_of_the_default_route_is_chosen() -> None:
    assert _choose(_WIFI, _WIRE).interface == "eth0"
    assert _choose(_WIFI, Interface("eth5", "172.16.0.9", 24, _MAC)).interface == "wlan0"


def test_several_networks_without_a_default_route_are_refused_and_listed() -> None:
    sentence = _refusal(Interface("a0", "192.168.1.20", 24, _MAC), Interface("b0", "192.168.2.20", 24, _MAC))
    assert "a0 (192.168.1.20/24), b0 (192.168.2.20/24)" in sentence
    assert "--interface" in sentence


def test_two_networks_on_one_interface_are_refused_with_the_other_remedy() -> None:
    two = (Interface("a0", "192.168.1.20", 24, _MAC), Interface("a0", "192.168.2.20", 24, _MAC))
    assert "--network" in _refusal(*two)
    assert _choose(*two, network="192.168.2.0/24").network == "192.168.2.0/24"


def test_the_interface_asked_for_is_used() -> None:
    assert _choose(_WIFI, _WIRE, interface="wlan0").network == "192.168.1.0/24"


def test_an_unknown_interface_is_refused_and_those_there_are_listed() -> None:
    assert "wlan0 (192.168.1.20/24)" in _refusal(_WIFI, interface="wlan9")


def test_an_interface_that_is_passed_over_is_refused_even_when_asked_for() -> None:
    sentence = _refusal(_VPN, _WIFI, interface="tun0")
    assert "VPN" in sentence
    assert "wlan0" in sentence


def test_without_any_network_the_remedy_is_said() -> None:
    assert "connect this laptop" in _refusal()
    assert "tun0: it is a VPN or tunnel" in _refusal(_VPN)


@pytest.mark.parametrize("network", ["8.8.8.0/24", "0.0.0.0/0", "192.0.2.0/24", "172.32.0.0/24", "127.0.0.0/24"])
def test_a_public_network_is_refused(network: str) -> None:
    assert "not a private home network" in _refusal(_WIFI, network=network)


def test_an_interface_with_a_public_address_is_refused() -> None:
    assert "not a private home network" in _refusal(Interface("eth0", "203.0.113.9", 24, _MAC))


def test_a_providers_shared_network_is_refused_and_explained() -> None:
    assert "provider" in _refusal(Interface("eth0", "100.64.3.9", 24, _MAC))
    assert "provider" in _refusal(_WIFI, network="100.100.0.0/24")


def test_more_than_a_20_is_refused_with_a_part_that_holds_this_laptop() -> None:
    sentence = _refusal(_BIG)
    assert "--network 10.0.128.0/20" in sentence
    assert _choose(_BIG, network="10.0.128.0/20").network == "10.0.128.0/20"
    assert "/20" in _refusal(_WIFI, network="192.168.0.0/16")


def test_a_network_that_the_interface_is_not_on_is_refused() -> None:
    assert "192.168.1.0/24 (wlan0)" in _refusal(_WIFI, network="192.168.3.0/24")
    assert "not on the network" in _refusal(_WIFI, network="192.168.0.0/23")


@pytest.mark.parametrize("network", ["x", "", "192.168.1.0/33", "fe80::/64", "192.168.1.0/255.0.255.0", "192.168.1"])
def test_what_is_no_network_is_refused_with_an_example(network: str) -> None:
    assert "192.168.1.0/24" in _refusal(_WIFI, network=network)


def test_a_part_of_the_network_and_even_one_device_may_be_chosen() -> None:
    assert _choose(_WIFI, network="192.168.1.128/25").network == "192.168.1.128/25"
    assert _choose(_WIFI, network="192.168.1.77/32").network == "192.168.1.77/32"


def test_a_network_without_room_for_others_is_refused() -> None:
    assert "no room" in _refusal(Interface("eth0", "192.168.1.20", 32, _MAC))
    assert "no room" in _refusal(Interface("eth0", "192.168.1.20", 31, _MAC))
    assert "nothing but this laptop" in _refusal(_WIFI, network="192.168.1.20/32")


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.one_of(st.none(), st.text(max_size=20)))
def test_whatever_is_chosen_is_private_small_and_our_own(address: int, prefix: int, network: str | None) -> None:
    own = Interface("eth0", ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0)), prefix, _MAC)
    try:
        chosen = IPv4Network(_choose(own, network=network).network)
    except ScopeError:
        return
    assert chosen.is_private
    assert chosen.num_addresses <= 4096
    assert chosen.subnet_of(own.network)
