"""Which probes a sweep runs, for how long, and what they would send: the dry run."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.probes import all_probes
from iotsweep.stamp import stamp
from iotsweep.sweep import Plan
from iotsweep.vendors import load_vendors

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Scope

_SECONDS = {Profile.QUIET: 60.0, Profile.STANDARD: 45.0, Profile.THOROUGH: 240.0}
_SECONDS_PER_HOST = 0.02  # a /20 of 4,094 addresses gets about a minute and a half more than a small home
_NMAP_SECONDS = 300.0


def make_plan(scope: Scope, catalogue: Catalogue, *, nmap: bool = False, suspect: str | None = None) -> Plan:
    """The probes of the scope's profile; those that run only on request are left out unless asked for."""
    from iotsweep.probes.deep_pppp import SECONDS as DEEP_SECONDS

    vendors = load_vendors()
    requested = {name for name, asked in (("nmap", nmap), ("deep-pppp", suspect is not None)) if asked}
    probes = tuple(
        probe
        for probe in all_probes()
        if scope.profile in probe.profiles and (not probe.on_request or probe.name in requested)
    )
    seconds = _SECONDS[scope.profile] + _SECONDS_PER_HOST * IPv4Network(scope.network).num_addresses
    seconds += (_NMAP_SECONDS if nmap else 0) + (DEEP_SECONDS if suspect else 0)
    return Plan(scope, catalogue, vendors, probes, stamp(catalogue, vendors), seconds, suspect)


def describe(plan: Plan) -> str:
    """Exactly what a sweep would send, and what a device or a person could notice, without sending it."""
    scope = plan.scope
    lines = [
        "This is a dry run: nothing is sent.",
        f"Network: {scope.network} through {scope.interface}, as {scope.address}. Profile: {scope.profile}.",
        f"At most {plan.seconds:.0f} seconds.",
        *([f"Deep check of {plan.suspect}, after the others."] if plan.suspect else []),
        "",
    ]
    for probe in plan.probes:
        lines += [f"{probe.name} ({probe.stage})", f"  sends: {probe.sends}", f"  can be noticed: {probe.side_effects}"]
        if probe.needs_administrator:
            lines.append("  needs administrator rights; without them it is left out")
    if any(probe.name == "ports" for probe in plan.probes):
        lines += ["", *_describe_ports(plan.catalogue)]
    return "\n".join(lines)


def _describe_ports(catalogue: Catalogue) -> list[str]:
    ports = ", ".join(map(str, catalogue.ports()))
    gentle = "; ".join(
        f"{kind}: {', '.join(map(str, few)) or 'none'}" for kind, few in sorted(catalogue.gentle_ports().items())
    )
    return [f"TCP ports asked: {ports}", f"Asked fewer: {gentle}", "Never touched: 9100-9116, 8001, 8002."]
