"""Progress while a sweep runs, on standard error: redrawn in a terminal, one line per event otherwise."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from iotsweep.model import Observation, ProbeRun
from iotsweep.probes import Probe
from iotsweep.reports.palette import can_show
from iotsweep.reports.progress import HINT, Guess, Phase, Progress, Waking, count_replies, guess_nothing
from iotsweep.reports.shown import encodable

if TYPE_CHECKING:
    from rich.console import Console, OverflowMethod
    from rich.text import Text

REDRAWS_PER_SECOND = 4
_WAKINGS = 3  # shown at a time
_LINES_AROUND = 3  # heading, hint, and one line that the cursor needs


class WatchContext(Protocol):
    """A sweep's watch that is entered before and left after it."""

    def probe_started(self, probe: Probe) -> None: ...

    def probe_ended(self, run: ProbeRun) -> None: ...

    def observed(self, observation: Observation) -> None: ...

    def time_left(self, seconds: float) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def should_be_plain(plain_option: bool, stdout: TextIO) -> bool:
    """True when one fact per line is wanted or nobody sits at a terminal. NO_COLOR only takes the colour away."""
    return plain_option or not stdout.isatty()


def choose_watch(plain_option: bool, stderr: TextIO, guess: Guess = guess_nothing) -> WatchContext:
    """The live progress that fits `stderr`. A terminal that cannot move its cursor (TERM=dumb) gets lines.

    `guess` says what a device that wakes up most likely is.
    """
    if should_be_plain(plain_option, stderr) or os.environ.get("TERM", "") in {"dumb", "unknown"}:
        return PlainWatch(stderr, guess)
    from rich.console import Console

    return LiveWatch(Console(file=stderr, highlight=False), Progress(guess=guess))


class SilentWatch:
    """Says nothing."""

    def probe_started(self, probe: Probe) -> None:
        """Nothing."""

    def probe_ended(self, run: ProbeRun) -> None:
        """Nothing."""

    def observed(self, observation: Observation) -> None:
        """Nothing."""

    def time_left(self, seconds: float) -> None:
        """Nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to clear away."""


class PlainWatch(SilentWatch):
    """One line per event of note: a probe begins or ends, a device is found, one that was silent speaks."""

    def __init__(self, stream: TextIO, guess: Guess = guess_nothing) -> None:
        self._stream = stream
        self._progress = Progress(guess=guess)

    def __enter__(self) -> Self:
        self._say(HINT)
        return self

    def probe_started(self, probe: Probe) -> None:
        """Say what is being asked now."""
        self._say(f"Started: {self._progress.start(probe)}.")

    def probe_ended(self, run: ProbeRun) -> None:
        """Say how it ended."""
        phase = self._progress.end(run)
        self._say(f"{(phase.ended or 'done').capitalize()}: {phase.says}, {count_replies(phase.replies)}.")

    def observed(self, observation: Observation) -> None:
        """Say each address once, and each time that it speaks after a silence."""
        new = self._progress.observe(observation)
        if new:
            self._say(f"Found {new}.")
        waking = self._progress.hear_waking(observation)
        if waking:
            self._say(f"Just now: {waking.says}.")

    def _say(self, line: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self._stream.write(encodable(line, encoding) + "\n")
        self._stream.flush()


class LiveWatch(SilentWatch):
    """Phases, the newest devices and the time left, redrawn a few times a second and gone when the sweep ends."""

    def __init__(self, console: Console, progress: Progress | None = None) -> None:
        from rich.live import Live

        self._console = console
        self._progress = progress or Progress()
        self._lock = threading.Lock()  # Rich redraws from a thread of its own
        self._live = Live(
            console=console,
            get_renderable=self.draw,
            refresh_per_second=REDRAWS_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def probe_started(self, probe: Probe) -> None:
        """Show what is being asked now."""
        with self._lock:
            self._progress.start(probe)

    def probe_ended(self, run: ProbeRun) -> None:
        """Show how it ended."""
        with self._lock:
            self._progress.end(run)

    def observed(self, observation: Observation) -> None:
        """Show each address as it is found, and who speaks after a silence."""
        with self._lock:
            self._progress.observe(observation)
            self._progress.hear_waking(observation)

    def time_left(self, seconds: float) -> None:
        """Show how long it may still take."""
        with self._lock:
            self._progress.set_time_left(seconds)

    def draw(self) -> Text:
        """The picture of this moment, at most as tall as the terminal."""
        from rich.text import Text

        with self._lock:
            lines = self._lines()
        fitted = [encodable(line, self._console.encoding) for line in lines]
        overflow: OverflowMethod = "ellipsis" if can_show("…", self._console.encoding) else "crop"
        return Text("\n".join(fitted), no_wrap=True, overflow=overflow)

    def _lines(self) -> list[str]:
        room = max(2, self._console.size.height - _LINES_AROUND)
        phases = sorted(self._progress.phases.values(), key=lambda phase: phase.ended is not None)
        asked = [_say_phase(phase) for phase in phases[: max(1, room // 2)]]
        asked += [_say_line(self._progress.say_when(one), one.says) for one in self._newest_wakings(room - len(asked))]
        newest = list(self._progress.devices.items())[-(room - len(asked)) :] if room > len(asked) else []
        found = [f"  {address:<17}{name}".rstrip() for address, name in reversed(newest)]
        return [f"Looking: {self._progress.summary()}", *asked, *found, HINT]

    def _newest_wakings(self, room: int) -> list[Waking]:
        return list(self._progress.wakings)[: -min(_WAKINGS, max(0, room - 1)) - 1 : -1]


def _say_phase(phase: Phase) -> str:
    if phase.ended is None:
        return _say_line("now", phase.says)
    return _say_line(phase.ended, f"{phase.says}, {count_replies(phase.replies)}")


def _say_line(label: str, text: str) -> str:
    return f"  {label:<14}{text}"
