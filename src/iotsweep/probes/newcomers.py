"""The hosts of a second pass: only those arrive that were not there in the first one, or too late to be asked."""

from __future__ import annotations

from iotsweep.model import Observation
from iotsweep.probes.context import Hosts


class Newcomers(Hosts):
    """Whoever was asked before stays known and is not given to asking probes again."""

    def __init__(self, before: Hosts) -> None:
        super().__init__()
        self._before = before
        late = before.late()
        unasked = late.known() if late else ()
        self._old = frozenset(before.known()) - frozenset(unasked)
        for ip in unasked:
            self.add(ip, before.mac(ip))
            for observation in before.seen(ip):
                self.note(observation)

    def add(self, ip: str, mac: str | None = None) -> None:
        """Remember a newcomer; for an address that was asked before nothing changes."""
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
