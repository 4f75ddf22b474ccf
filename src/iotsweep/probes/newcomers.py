"""The hosts of a second pass: only those that were not there in the first one arrive."""

from __future__ import annotations

from iotsweep.model import Observation
from iotsweep.probes.context import Hosts


class Newcomers(Hosts):
    """Whoever answered before stays known and is not given to asking probes again."""

    def __init__(self, before: Hosts) -> None:
        super().__init__()
        self._before = before
        self._old = frozenset(before.known())

    def add(self, ip: str, mac: str | None = None) -> None:
        """Remember a newcomer; for an address of the first pass nothing changes."""
        if ip not in self._old:
            super().add(ip, mac)

    def note(self, observation: Observation) -> None:
        """Keep what was seen of a newcomer."""
        if observation.ip not in self._old:
            super().note(observation)

    def mac(self, ip: str) -> str | None:
        """The MAC address that answered for `ip`, in either pass."""
        return self._before.mac(ip) if ip in self._old else super().mac(ip)

    def seen(self, ip: str) -> tuple[Observation, ...]:
        """What was observed of `ip`, in either pass."""
        return self._before.seen(ip) if ip in self._old else super().seen(ip)

    def everybody(self) -> frozenset[str]:
        """Every address that answered so far, in either pass."""
        return self._old | frozenset(self.known())
