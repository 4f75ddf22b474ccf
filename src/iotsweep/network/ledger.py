"""Counts what every probe sent, per destination: the evidence says exactly what went out."""

from __future__ import annotations

from collections import defaultdict

from iotsweep.model import Destination, Sent

AT_THE_SOCKET = "at the socket"  # what was handed to the system, with headers estimated
ON_THE_WIRE = "on the wire"  # every frame that left the interface, Ethernet header included

Place = tuple[str, str, int | None]  # address, protocol, port


class Ledger:
    """What went out, per probe and place. One ledger serves a whole sweep. `counted` says by whom."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[Place, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self.counted = AT_THE_SOCKET

    def add(self, probe: str, address: str, protocol: str, port: int | None, packets: int, size: int) -> None:
        """Add `packets` of together `size` bytes to one place."""
        count = self._counts[probe][(address, protocol, port)]
        count[0] += packets
        count[1] += size

    def sent(self, probe: str) -> Sent:
        """Everything that `probe` sent so far."""
        counts = self._counts.get(probe, {})
        places = sorted(counts.items(), key=lambda item: (item[0][1], item[0][0], item[0][2] or 0))
        destinations = tuple(Destination(*place, packets, size) for place, (packets, size) in places if packets)
        return Sent(
            sum(place.packets for place in destinations),
            sum(place.bytes for place in destinations),
            destinations,
            self.counted,
        )

    def probes(self) -> tuple[str, ...]:
        """Every name that something was counted for."""
        return tuple(sorted(self._counts))
