"""Which probes a sweep runs, for how long, and what they would send: the dry run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from iotsweep.durations import say_duration
from iotsweep.model import Profile
from iotsweep.probes import Probe, Stage, all_probes
from iotsweep.stamp import stamp
from iotsweep.sweep import Plan
from iotsweep.vendors import load_vendors

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Scope
    from iotsweep.probes.context import Context

_SECONDS = {Profile.QUIET: 60.0, Profile.STANDARD: 45.0, Profile.THOROUGH: 240.0}
_SECONDS_PER_HOST = 0.02  # a /20 of 4,094 addresses gets about a minute and a half more than a small home
_NMAP_SECONDS = 300.0
# The `listen` probe reads the neighbour table again; what the others tell hardly changes within a visit.
_ONCE = frozenset({"neighbours", "nearby-wifi", "port-mappings"})
_JOINS = (
    "iotsweep itself sends nothing in this profile. To hear the groups that devices speak to, this laptop's system "
    "joins them, and tells the network so (IGMP and MLD, a few packets for each group), as every laptop does."
)
LISTEN_FIRST = 20.0  # seconds that a thorough check listens before it asks: who tells its owner is heard by then


@dataclass(slots=True)
class Listening:
    """A finding probe that only listens: the same probe, told that its profile is quiet."""

    probe: Probe
    name: str
    says: str
    stage: Stage
    profiles: frozenset[Profile]
    yields: tuple[str, ...]
    sends: str = "nothing, it listens"
    side_effects: str = "none"
    needs_administrator: bool = False
    on_request: bool = False

    async def run(self, context: Context) -> None:
        """Listen until the deadline."""
        await self.probe.run(replace(context, scope=replace(context.scope, profile=Profile.QUIET)))


def make_plan(
    scope: Scope,
    catalogue: Catalogue,
    *,
    nmap: bool = False,
    goes_on: float = 0.0,
    suspect: str | None = None,
    beside: tuple[str, ...] = (),
) -> Plan:
    """The probes of the scope's profile; those that run only on request are left out unless asked for.

    `goes_on` is in seconds from the start: how long the quiet profile listens, and how long the others look on.
    `beside`: networks that the same command checks as well, each with a plan and a report of its own.
    """
    from iotsweep.probes.deep_pppp import SECONDS as DEEP_SECONDS
    from iotsweep.probes.surroundings import SurroundingsProbe

    vendors = load_vendors()
    requested = {name for name, asked in (("nmap", nmap), ("deep-pppp", suspect is not None)) if asked}
    probes: tuple[Probe, ...] = tuple(
        SurroundingsProbe(beside) if probe.name == SurroundingsProbe.name else probe
        for probe in all_probes()
        if scope.profile in probe.profiles and (not probe.on_request or probe.name in requested)
    )
    tool = stamp(catalogue, vendors)
    if scope.profile is Profile.QUIET:
        return Plan(scope, catalogue, vendors, probes, tool, goes_on or _SECONDS[Profile.QUIET])
    seconds = _SECONDS[scope.profile] + _SECONDS_PER_HOST * IPv4Network(scope.network).num_addresses
    seconds += (_NMAP_SECONDS if nmap else 0) + (DEEP_SECONDS if suspect else 0)
    watchers = _watchers(probes) if goes_on else ()
    return Plan(scope, catalogue, vendors, probes, tool, seconds, goes_on, watchers, suspect=suspect)


def plan_listening(plan: Plan, seconds: float = LISTEN_FIRST) -> Plan:
    """The same network listened to for `seconds`, before anything is asked."""
    scope = replace(plan.scope, profile=Profile.QUIET)
    return replace(plan, scope=scope, probes=_quiet(plan.probes), seconds=seconds, goes_on=0.0, watchers=())


def _watchers(probes: tuple[Probe, ...]) -> tuple[Probe, ...]:
    """Who looks on after the first pass: listeners, the gentle questions, and whoever asks a newcomer."""
    listening = (
        Listening(probe, probe.name, f"listening on ({probe.name})", Stage.FIND, probe.profiles, probe.yields)
        for probe in _quiet(probes)
        if probe.stage is Stage.FIND and probe.name not in _ONCE
    )
    again = [probe for probe in all_probes() if probe.name == "again"]
    return (*listening, *again, *(probe for probe in probes if probe.stage is Stage.ASK and probe.name not in _ONCE))


def _quiet(chosen: tuple[Probe, ...]) -> tuple[Probe, ...]:
    """Every probe that can listen; where one of `chosen` is set up for this check, that one."""
    own = {probe.name: probe for probe in chosen}
    quiet = (probe for probe in all_probes() if Profile.QUIET in probe.profiles and not probe.on_request)
    return tuple(own.get(probe.name, probe) for probe in quiet)


def describe(plan: Plan) -> str:
    """Exactly what a sweep would send, and what a device or a person could notice, without sending it."""
    scope = plan.scope
    lines = [
        "This is a dry run: nothing is sent.",
        f"Network: {scope.network} through {scope.interface}, as {scope.address}. Profile: {scope.profile}.",
        f"At most {say_duration(plan.longest)}.",
        *([f"Deep check of {plan.suspect}, after the others."] if plan.suspect else []),
        "",
    ]
    for probe in plan.probes:
        lines += [f"{probe.name} ({probe.stage})", f"  sends: {probe.sends}", f"  can be noticed: {probe.side_effects}"]
        if probe.needs_administrator:
            lines.append("  needs administrator rights; without them it is left out")
    if scope.profile is Profile.QUIET:
        lines += ["", _JOINS]
    if plan.watchers:
        again = next(probe for probe in plan.watchers if probe.name == "again")
        lines += ["", f"After the first pass, until {say_duration(plan.goes_on)} are over, it listens on.", again.sends]
    if any(probe.name == "ports" for probe in plan.probes):
        lines += ["", *_describe_ports(plan.catalogue)]
    return "\n".join(lines)


def _describe_ports(catalogue: Catalogue) -> list[str]:
    ports = ", ".join(map(str, catalogue.ports()))
    gentle = "; ".join(
        f"{kind}: {', '.join(map(str, few)) or 'none'}" for kind, few in sorted(catalogue.gentle_ports().items())
    )
    return [f"TCP ports asked: {ports}", f"Asked fewer: {gentle}", "Never touched: 9100-9116, 8001, 8002."]
