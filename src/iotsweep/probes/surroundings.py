"""What else this laptop is connected to: other networks and tunnels that the check does not look at. Sends nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from ipaddress import IPv4Network

from iotsweep.guidance import load_guidance
from iotsweep.model import Profile, Scope
from iotsweep.network.interfaces import Interface, read_interfaces
from iotsweep.probes import Stage
from iotsweep.probes.context import Context


class SurroundingsProbe:
    """Reads this laptop's own interfaces and says what of them is not looked at."""

    name = "surroundings"
    says = "looking at this laptop's own connections"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields: tuple[str, ...] = ()
    sends = "nothing"
    side_effects = "none"
    needs_administrator = False
    on_request = False

    def __init__(self, beside: Collection[str] = ()) -> None:
        self._beside = frozenset(beside)  # networks that the same command looks at, in reports of their own

    async def run(self, context: Context) -> None:
        """State every other network and tunnel as a limit."""
        for sentence in describe_others(read_interfaces(), context.scope, self._beside):
            context.limit(sentence)


def describe_others(interfaces: Iterable[Interface], scope: Scope, beside: Collection[str] = ()) -> Iterator[str]:
    """One sentence for each network of this laptop that the check leaves out."""
    say = load_guidance().sentence
    network = IPv4Network(scope.network)
    for found in interfaces:
        if found.passed_over is None and found.network == network:
            continue
        if found.passed_over is None and network.subnet_of(found.network):
            yield say("coverage.part", network=str(network), whole=str(found.network))
        elif found.passed_over is None and found.up:
            sentence = "coverage.beside" if str(found.network) in beside else "coverage.networks"
            yield say(sentence, network=str(found.network), interface=found.name)
        elif found.passed_over and "VPN" in found.passed_over and found.up:
            yield say("coverage.vpn", interface=found.name)


PROBE = SurroundingsProbe()
