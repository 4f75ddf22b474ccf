"""What is known while a sweep runs: phases, devices, time left. No printing; both kinds of live progress read it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from iotsweep.model import Observation, ProbeRun
from iotsweep.probes import Probe
from iotsweep.reports.shown import quoted, shown

# Facts that name a device to a person, the friendliest first; an mDNS instance is often a serial number.
_NAMES = ("upnp.friendly_name", "mdns.name", "onvif.name", "netbios.name", "dhcp.hostname", "upnp.model_name")
HINT = "Ctrl-C stops and keeps what was seen."


@dataclass
class Phase:
    """One probe: its phrase, and once it has ended, how it ended."""

    says: str
    ended: str | None = None  # "done", "skipped", "stopped early"
    replies: int = 0


@dataclass
class Progress:
    """Counts what happens. `clock` gives seconds; it is the monotonic clock outside tests."""

    clock: Callable[[], float] = time.monotonic
    phases: dict[str, Phase] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)  # address -> name, "" while it has none
    replies: int = 0
    _ends: float | None = None

    def start(self, probe: Probe) -> str:
        """A probe began: its phrase."""
        self.phases[probe.name] = Phase(shown(probe.says, 70))
        return self.phases[probe.name].says

    def end(self, run: ProbeRun) -> Phase:
        """A probe ended: its phase, with how."""
        phase = self.phases.setdefault(run.probe, Phase(shown(run.probe, 70)))
        phase.ended = "skipped" if run.skipped else "stopped early" if run.failed else "done"
        phase.replies = run.saw
        return phase

    def observe(self, observation: Observation) -> str | None:
        """A reply came: its address when that is new, else None."""
        self.replies += 1
        place = observation.ip or observation.mac
        if place is None:
            return None
        new = place not in self.devices
        if new:
            self.devices[place] = ""
        if not self.devices[place]:
            self.devices[place] = _name(observation)
        return shown(place, 60) if new else None

    def set_time_left(self, seconds: float) -> None:
        """The sweep ends at the latest in `seconds`."""
        self._ends = self.clock() + max(0.0, seconds)

    def time_left(self) -> str | None:
        """How long it may still take, in words; None when nobody has said."""
        if self._ends is None:
            return None
        seconds = round(max(0.0, self._ends - self.clock()))
        if seconds < 1:
            return "almost done"
        return f"up to {seconds} s left" if seconds < 120 else f"up to {round(seconds / 60)} min left"

    def summary(self) -> str:
        """Devices and replies so far, and the time left, in one line."""
        count = len(self.devices)
        parts = (f"{count} {'device' if count == 1 else 'devices'} so far", f"{self.replies} replies", self.time_left())
        return ", ".join(part for part in parts if part)


def _name(observation: Observation) -> str:
    for key in _NAMES:
        value = observation.first(key)
        if value:
            return quoted(value, 40)
    return shown(observation.first("mac.vendor") or "", 40)
