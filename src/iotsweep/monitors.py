"""Network monitors and routers that tell their owner about a check: recognised from what was heard. Pure.

This is asked before the first packet that asks anything leaves: `before_active` is the hook of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from iotsweep.catalogue.matching import best, fit
from iotsweep.devices import gather
from iotsweep.guidance import load_guidance
from iotsweep.guidance.yaml_text import read_bundled
from iotsweep.model import Confidence, RouterRunBy

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Device, Match, Observation, Scope
    from iotsweep.vendors import Vendors

MONITOR = "network-monitor"  # the kind, in the catalogue


@dataclass(frozen=True, slots=True)
class Alerting:
    """Which routers tell: ids of fingerprints, and makers (in lower case) of a gateway's address block."""

    routers: frozenset[str]
    gateway_makers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a check should stop before it asks anything: which box, where, and whether it is the home's own gateway."""

    name: str
    address: str  # IPv4 address, or the MAC address when it has shown no other; "" for neither
    router: bool

    def explain(self) -> str:
        """What was seen and what it means, in plain sentences, without the choice."""
        guidance = load_guidance()
        seen = guidance.sentence("stop.seen", name=f"{self.name} at {self.address}" if self.address else self.name)
        return f"{seen} {guidance.sentence('stop.router-tells' if self.router else 'stop.monitor-tells')}"


@cache
def load_alerting() -> Alerting:
    """The bundled list. Raises GuidanceError with file and line when it is misspelt."""
    fields = read_bundled("monitors.yaml").exactly(frozenset({"routers", "gateway_makers"}))
    makers = tuple(maker.lower() for maker in fields["gateway_makers"].texts())
    return Alerting(frozenset(fields["routers"].texts()), makers)


def before_active(
    observations: Sequence[Observation], scope: Scope, catalogue: Catalogue, vendors: Vendors
) -> Stop | None:
    """The first box that tells its owner about checks, among what was heard so far; None when there is none.

    A router tells whoever runs it: where that is the person who agreed, it is no reason to stop. A box that is there
    only to watch the network always is: nobody asked who has its app.
    """
    ours = scope.consent is not None and scope.consent.router_run_by is RouterRunBy.OURSELVES
    for device in gather(observations, scope, vendors):
        matches = fit([(index, observations[index]) for index in device.seen], catalogue, vendors)
        match = _telling(matches)
        if match is not None and not (ours and match.kind != MONITOR):
            return Stop(match.name, _address(device), match.kind != MONITOR)
        if not ours and scope.gateway in device.ipv4 and _is_telling_maker(device.vendor):
            named = best(matches)
            return Stop(named.name if named else str(device.vendor), _address(device), True)
    return None


def _telling(matches: Sequence[Match]) -> Match | None:
    """The match that makes a device a teller: a monitor by what it most likely is, a router when that is likely.

    A router's address block alone says too little: most routers of its maker tell nobody.
    """
    top = best(matches)
    likely = [match for match in matches if match.confidence.rank >= Confidence.LIKELY.rank]
    for match in [*([top] if top else []), *likely]:
        if match.kind == MONITOR or (match in likely and match.fingerprint in load_alerting().routers):
            return match
    return None


def _is_telling_maker(vendor: str | None) -> bool:
    return (vendor or "").lower().startswith(load_alerting().gateway_makers)


def _address(device: Device) -> str:
    return next(iter((*device.ipv4, *device.macs)), "")
