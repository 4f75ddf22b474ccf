"""The guard: which addresses and ports may be sent to, and the ones that never are."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from iotsweep.model import Scope

# Raw print ports print whatever reaches them (nmap issue 2237); a TCP connect to a Samsung set's remote-control
# channel can bring up a question on its screen (research 3.1). No profile ever touches them.
NEVER_PORTS = frozenset({*range(9100, 9117), 8001, 8002})

MULTICAST_GROUPS = frozenset({"224.0.0.251", "239.255.255.250"})  # RFC 6762; UPnP DA 2.0 and WS-Discovery 1.1


class GuardError(Exception):
    """Something outside the scope was about to be sent. Always a bug of ours, never a device's fault."""


class Guard:
    """Says yes or no for one scope; raises GuardError instead of saying no."""

    def __init__(self, scope: Scope) -> None:
        if scope.consent is None:
            raise GuardError("nothing may be sent before consent is recorded")
        self._network = IPv4Network(scope.network)
        self._own = IPv4Address(scope.address)

    def inside(self, address: str) -> bool:
        """True for a host address of the scope that is not this laptop's own."""
        try:
            ip = IPv4Address(address)
        except ValueError:
            return False
        edges = {self._network.network_address, self._network.broadcast_address}
        return ip in self._network and ip != self._own and (ip not in edges or self._network.prefixlen >= 31)

    def check_unicast(self, address: str, port: int | None) -> None:
        """Raise GuardError unless one host of the scope, at a port that may be touched, is meant."""
        if not self.inside(address):
            raise GuardError(f"{address} is not a host of {self._network}")
        if port in NEVER_PORTS:
            raise GuardError(f"port {port} is never touched")

    def check_datagram(self, address: str, port: int) -> None:
        """As check_unicast, and the link-local discovery groups and this network's own broadcast."""
        if address in MULTICAST_GROUPS:
            return
        if address in {"255.255.255.255", str(self._network.broadcast_address)}:
            return
        self.check_unicast(address, port)
