"""What is known while a sweep runs: phases, devices, time left. No printing; both kinds of live progress read it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from iotsweep.durations import say_duration
from iotsweep.model import Observation, ProbeRun
from iotsweep.probes import Probe
from iotsweep.probes._silences import LONG
from iotsweep.reports.shown import quoted, shown

# Facts that name a device to a person, the friendliest first; an mDNS instance is often a serial number.
_NAMES = ("upnp.friendly_name", "mdns.name", "onvif.name", "netbios.name", "dhcp.hostname", "upnp.model_name")
_SEEN_OF_ONE = 40  # observations of one device by which it is guessed what it is
_WAKINGS = 5
_NOW = 10.0  # seconds that count as just now
HINT = "Ctrl-C stops and keeps what was seen."


@dataclass
class Phase:
    """One probe: its phrase, and once it has ended, how it ended."""

    says: str
    ended: str | None = None  # "done", "skipped", "stopped early"
    replies: int = 0


Guess = Callable[[Sequence[Observation]], str]


def count_replies(number: int) -> str:
    """How many came, in words."""
    return "1 reply" if number == 1 else f"{number} replies"


def guess_nothing(_: Sequence[Observation]) -> str:
    """For whoever has no catalogue at hand."""
    return ""


@dataclass(frozen=True, slots=True)
class Waking:
    """A device that was known spoke after a silence. `at` is in seconds of the clock."""

    at: float
    says: str  # the whole sentence, without when


@dataclass
class Progress:
    """Counts what happens. `clock` gives seconds; it is the monotonic clock outside tests.

    `guess` says in a few words what a device most likely is, "" when nothing tells.
    """

    clock: Callable[[], float] = time.monotonic
    guess: Guess = guess_nothing
    phases: dict[str, Phase] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)  # address -> name, "" while it has none
    replies: int = 0
    wakings: deque[Waking] = field(default_factory=lambda: deque(maxlen=_WAKINGS))  # the newest last
    _ends: float | None = None
    _places: dict[str, str] = field(default_factory=dict)  # MAC address -> the first address that it was seen with
    _seen: dict[str, list[Observation]] = field(default_factory=dict)

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
        place = self._place(observation)
        if place is None:
            return None
        new = place not in self.devices
        if new:
            self.devices[place] = ""
        if not self.devices[place]:
            self.devices[place] = _name(observation)
        seen = self._seen.setdefault(place, [])
        if len(seen) < _SEEN_OF_ONE:
            seen.append(observation)
        return shown(place, 60) if new else None

    def _place(self, observation: Observation) -> str | None:
        """How a device stands on the list: by its IP address, or by its MAC address when it has no other yet."""
        mac, ip = observation.mac, observation.ip
        if mac and ip:
            self._places.setdefault(mac, ip)
        return ip or (self._places.get(mac, mac) if mac else None)

    def hear_waking(self, observation: Observation) -> Waking | None:
        """Whether a reply, that was counted before, is of a device which spoke after a silence."""
        place, silence = self._place(observation), observation.first("heard.silence")
        if place is None or silence is None or not silence.isdecimal():
            return None
        what = ", ".join(part for part in (self.devices.get(place, ""), self.guess(self._seen.get(place, ()))) if part)
        seconds = int(silence[:6])
        spoke = f"spoke after {say_duration(seconds)} of silence" if seconds >= LONG else "was heard for the first time"
        says = f"{shown(place, 60)} {spoke}"
        self.wakings.append(Waking(self.clock(), f"{says} ({shown(what, 120)})" if what else says))
        return self.wakings[-1]

    def say_when(self, waking: Waking) -> str:
        """How long ago that was."""
        ago = self.clock() - waking.at
        if ago < _NOW:
            return "just now"
        return f"{ago:.0f} s ago" if ago < 120 else f"{ago / 60:.0f} min ago"

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
        parts = (
            f"{count} {'device' if count == 1 else 'devices'} so far",
            count_replies(self.replies),
            self.time_left(),
        )
        return ", ".join(part for part in parts if part)


def _name(observation: Observation) -> str:
    for key in _NAMES:
        value = observation.first(key)
        if value:
            return quoted(value, 40)
    return shown(observation.first("mac.vendor") or "", 40)
