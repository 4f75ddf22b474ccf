"""From interfaces to the one network that may be touched, or one sentence that says why not and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from itertools import combinations

from iotsweep.model import Profile, Scope
from iotsweep.network.interfaces import Interface

LARGEST_PREFIX = 20  # 4,094 hosts: a campus; more is nobody's home or refuge, and takes a small access point minutes

_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))  # RFC 1918
_SHARED = IPv4Network("100.64.0.0/10")  # RFC 6598: between providers and their customers


class ScopeError(Exception):
    """No network may be touched; the message is one sentence that says what to do."""


def choose_scope(
    interfaces: Sequence[Interface], *, interface: str | None, network: str | None, profile: Profile
) -> Scope:
    """The network to check, without consent yet. Pure. Raises ScopeError."""
    wanted = _parse(network) if network is not None else None
    chosen = _choose(interfaces, interface, wanted)
    whole = chosen.network
    _check_private(whole if wanted is None else wanted)
    if wanted is None and whole.prefixlen >= 31:
        raise ScopeError(
            f"{chosen.name} has the network {whole}, which has no room for other devices: "
            "connect this laptop to the home's Wi-Fi or router and try again."
        )
    part = whole if wanted is None else wanted
    _check_size(part, chosen)
    _check_not_empty(part, chosen)
    return Scope(
        network=str(part),
        interface=chosen.name,
        address=chosen.address,
        mac=chosen.mac,
        gateway=chosen.gateway,
        profile=profile,
    )


def choose_scopes(
    interfaces: Sequence[Interface], *, names: Sequence[str], network: str | None, profile: Profile
) -> tuple[Scope, ...]:
    """One scope for each interface named, in that order; without a name the one that `choose_scope` takes. Pure.

    Raises ScopeError, also for networks that share addresses: nobody could say which one an answer came from.
    """
    named = tuple(dict.fromkeys(names))
    if len(named) < 2:
        return (choose_scope(interfaces, interface=next(iter(named), None), network=network, profile=profile),)
    if network is not None:
        raise ScopeError("--network is a part of one network: give one --interface with it, or leave it out.")
    scopes = tuple(choose_scope(interfaces, interface=name, network=None, profile=profile) for name in named)
    for one, other in combinations(scopes, 2):
        if IPv4Network(one.network).overlaps(IPv4Network(other.network)):
            raise ScopeError(
                f"{one.interface} ({one.network}) and {other.interface} ({other.network}) share addresses, so what "
                "answers could not be told apart: give one of them, and switch the other off for that time."
            )
    return scopes


def check_suspect(scope: Scope, address: str) -> str:
    """The one device that the deep check is for, as the network writes its address. Raises ScopeError."""
    if scope.profile is Profile.QUIET:
        raise ScopeError("--suspect asks one device many questions, and the quiet profile asks none: leave out one.")
    try:
        found = IPv4Address(address.strip())
    except AddressValueError as error:
        raise ScopeError(f"{address!r} is not an IPv4 address: write it like 192.168.1.23.") from error
    network = IPv4Network(scope.network)
    if found not in network or found in {network.network_address, network.broadcast_address}:
        raise ScopeError(f"{found} is not a device of {network}: give the address of one device there with --suspect.")
    if str(found) == scope.address:
        raise ScopeError(f"{found} is this laptop itself: give the address of another device with --suspect.")
    return str(found)


def find_suspect(scopes: Sequence[Scope], address: str) -> tuple[str, str]:
    """The suspect's address and the network that holds it. Raises ScopeError when none of the networks does."""
    refused: list[ScopeError] = []
    for scope in scopes:
        try:
            return check_suspect(scope, address), scope.network
        except ScopeError as error:
            refused.append(error)
    raise refused[0]


def _choose(interfaces: Sequence[Interface], name: str | None, wanted: IPv4Network | None) -> Interface:
    usable = [found for found in interfaces if found.passed_over is None]
    if name is not None:
        usable = _named(interfaces, name)
    if not usable:
        raise ScopeError(_why_none(interfaces))
    if wanted is not None:
        _check_private(wanted)
        _check_size(wanted, usable[0])
        usable = _holding(usable, wanted)
    return _preferred(usable)


def _named(interfaces: Sequence[Interface], name: str) -> list[Interface]:
    same = [found for found in interfaces if found.name == name]
    if not same:
        raise ScopeError(
            f"there is no interface {name!r} with an IPv4 address here: choose one of {_list(interfaces)}."
        )
    usable = [found for found in same if found.passed_over is None]
    if not usable:
        others = [found for found in interfaces if found.passed_over is None]
        remedy = f"choose {_list(others)}" if others else "connect this laptop to the home's Wi-Fi or router"
        raise ScopeError(f"{name} is not used because {same[0].passed_over}: {remedy}.")
    return usable


def _holding(usable: list[Interface], wanted: IPv4Network) -> list[Interface]:
    holding = [found for found in usable if wanted.subnet_of(found.network)]
    if not holding:
        known = ", ".join(f"{found.network} ({found.name})" for found in usable)
        raise ScopeError(f"this laptop is not on the network {wanted}: choose {known} or a part of it with --network.")
    return holding


def _preferred(usable: list[Interface]) -> Interface:
    """The only one, or the one that the system itself prefers for its default route."""
    routed = sorted((found for found in usable if found.gateway), key=lambda found: found.metric)
    candidates = routed or usable
    best = [found for found in candidates if found.metric == candidates[0].metric] if routed else candidates
    if len({(found.name, found.network) for found in best}) == 1:
        return best[0]
    inside = [found for found in best if found.gateway and IPv4Address(found.gateway) in found.network]
    if len(inside) == 1:
        return inside[0]
    names = {found.name for found in best}
    option = "--network" if len(names) == 1 else "--interface (given again for each, it checks several)"
    raise ScopeError(f"this laptop is on several networks: choose one of {_list(best)} with {option}.")


def _parse(text: str) -> IPv4Network:
    try:
        return IPv4Network(text.strip(), strict=False)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise ScopeError(f"{text!r} is not an IPv4 network: write it like 192.168.1.0/24.") from error


def _check_private(network: IPv4Network) -> None:
    if any(network.subnet_of(private) for private in _PRIVATE):
        return
    if network.subnet_of(_SHARED):
        raise ScopeError(
            f"{network} is shared between a provider and its customers, so other people's devices may be on it: "
            "connect this laptop to the home's own router and try again."
        )
    raise ScopeError(
        f"{network} is not a private home network (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16): "
        "connect this laptop to the home's own router and try again."
    )


def _check_size(network: IPv4Network, chosen: Interface) -> None:
    if network.prefixlen >= LARGEST_PREFIX:
        return
    smaller = IPv4Network(f"{chosen.address}/{LARGEST_PREFIX}", strict=False)
    if not smaller.subnet_of(network):
        smaller = next(network.subnets(new_prefix=LARGEST_PREFIX))
    raise ScopeError(
        f"{network} has {network.num_addresses:,} addresses, more than the {2 ** (32 - LARGEST_PREFIX):,} of a "
        f"/{LARGEST_PREFIX}: choose a part of it, for example --network {smaller}."
    )


def _check_not_empty(network: IPv4Network, chosen: Interface) -> None:
    if set(network.hosts()) <= {IPv4Address(chosen.address)}:
        raise ScopeError(f"{network} holds nothing but this laptop: choose {chosen.network} or a part of it.")


def _why_none(interfaces: Sequence[Interface]) -> str:
    remedy = "connect this laptop to the home's Wi-Fi or router and try again"
    if not interfaces:
        return f"this laptop has no network: {remedy}."
    why = "; ".join(f"{found.name}: {found.passed_over}" for found in interfaces)
    return f"no usable network here ({why}): {remedy}."


def _list(interfaces: Sequence[Interface]) -> str:
    return ", ".join(f"{found.name} ({found.address}/{found.prefix})" for found in interfaces) or "none"
