"""Live progress: what is shown while a sweep runs, in a terminal and as lines."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from iotsweep.model import Observation, ProbeRun, Profile
from iotsweep.probes import Probe, Stage
from iotsweep.probes.context import Context
from iotsweep.reports.live import LiveWatch, PlainWatch, SilentWatch, choose_watch, should_be_plain
from iotsweep.reports.progress import HINT, Progress

_CLEARED = "\x1b[1A\x1b[2K"  # one line up, and empty it
TIME = "2026-11-22T10:04:13.000000Z"


class FakeProbe:
    """A probe that is only talked about."""

    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields: tuple[str, ...] = ("mac.address",)
    sends = "nothing"
    side_effects = "none"
    needs_administrator = False
    on_request = False

    def __init__(self, name: str = "arp", says: str = "asking which addresses answer") -> None:
        self.name = name
        self.says = says

    async def run(self, context: Context) -> None:
        """Nothing."""


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


class FakeClock:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """The time now."""
        return self.now


def saw(ip: str | None, *facts: tuple[str, str], mac: str | None = None) -> Observation:
    """An observation of one address."""
    return Observation("arp", TIME, mac, ip, facts)


def test_lines_say_each_device_once_and_each_probe_twice() -> None:
    stream = io.StringIO()
    probe: Probe = FakeProbe()
    with PlainWatch(stream) as watch:
        watch.probe_started(probe)
        for _ in range(3):
            watch.observed(saw("192.168.1.23"))
        watch.observed(saw(None, mac="02:00:00:00:00:01"))
        watch.observed(saw(None))
        watch.time_left(3)
        watch.probe_ended(ProbeRun("arp", saw=3))
        watch.probe_ended(ProbeRun("nmap", skipped="not asked for"))
        watch.probe_ended(ProbeRun("wsd", failed="no route"))

    assert stream.getvalue().splitlines() == [
        HINT,
        "Started: asking which addresses answer.",
        "Found 192.168.1.23.",
        "Found 02:00:00:00:00:01.",
        "Done: asking which addresses answer, 3 replies.",
        "Skipped: nmap, 0 replies.",
        "Stopped early: wsd, 0 replies.",
    ]


def test_lines_reach_a_stream_that_only_knows_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with PlainWatch(stream) as watch:
        watch.probe_started(FakeProbe(says="höre zu"))
    stream.seek(0)

    assert "Started: h?re zu." in stream.read()


def test_the_picture_shows_phases_devices_time_left_and_how_to_stop() -> None:
    clock = FakeClock()
    console = Console(file=Terminal(), width=80, height=24, force_terminal=True)
    watch = LiveWatch(console, Progress(clock))
    watch.probe_started(FakeProbe())
    watch.probe_started(FakeProbe("mdns", "asking for printers, speakers and TVs"))
    watch.observed(saw("192.168.1.23", ("mac.vendor", "TP-Link")))
    watch.observed(saw("192.168.1.24"))
    watch.observed(saw("192.168.1.24", ("upnp.friendly_name", "Den \x1b[31m")))
    watch.probe_ended(ProbeRun("arp", saw=2))
    watch.time_left(8)
    clock.now = 2.0

    assert watch.draw().plain.splitlines() == [
        "Looking: 2 devices so far, 3 replies, up to 6 s left",
        "  now           asking for printers, speakers and TVs",
        "  done          asking which addresses answer, 2 replies",
        '  192.168.1.24     "Den [31m"',
        "  192.168.1.23     TP-Link",
        HINT,
    ]


@pytest.mark.parametrize("height", [5, 10, 24])
def test_the_picture_never_grows_taller_than_the_terminal(height: int) -> None:
    watch = LiveWatch(Console(file=Terminal(), width=80, height=height, force_terminal=True))
    for number in range(20):
        watch.probe_started(FakeProbe(f"probe-{number}"))
    for last in range(250):
        watch.observed(saw(f"192.168.1.{last}"))

    assert len(watch.draw().plain.splitlines()) < height


def test_the_picture_is_gone_when_the_sweep_ends() -> None:
    stream = Terminal()
    console = Console(file=stream, width=80, height=24, force_terminal=True)
    with LiveWatch(console) as watch:
        watch.observed(saw("192.168.1.23"))

    assert "192.168.1.23" in stream.getvalue()
    assert stream.getvalue().endswith(_CLEARED)


def test_an_exception_inside_still_clears_the_picture() -> None:
    stream = Terminal()
    console = Console(file=stream, width=80, height=24, force_terminal=True)
    with pytest.raises(KeyboardInterrupt), LiveWatch(console):
        raise KeyboardInterrupt

    assert stream.getvalue().endswith(_CLEARED)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "almost done"), (6.2, "up to 6 s left"), (119.4, "up to 119 s left"), (900, "up to 15 min left")],
)
def test_the_time_left_is_said_in_words(seconds: float, words: str) -> None:
    progress = Progress(FakeClock())
    progress.set_time_left(seconds)

    assert progress.time_left() == words


def test_a_probe_that_ends_without_having_started_is_shown_by_its_name() -> None:
    assert Progress().end(ProbeRun("system", saw=1)).says == "system"


@pytest.mark.parametrize(
    ("option", "stream", "plain"), [(False, Terminal(), False), (True, Terminal(), True), (False, io.StringIO(), True)]
)
def test_no_terminal_or_the_option_makes_it_plain(option: bool, stream: io.StringIO, plain: bool) -> None:
    assert should_be_plain(option, stream) is plain


def test_no_color_alone_does_not_make_it_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert not should_be_plain(False, Terminal())


@pytest.mark.parametrize(("term", "kind"), [("xterm", LiveWatch), ("dumb", PlainWatch)])
def test_a_terminal_that_cannot_redraw_gets_lines(term: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)

    assert isinstance(choose_watch(False, Terminal()), kind)
    assert isinstance(choose_watch(True, Terminal()), PlainWatch)


def test_the_silent_watch_takes_everything_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with SilentWatch() as watch:
        watch.probe_started(FakeProbe())
        watch.observed(saw("192.168.1.23"))
        watch.time_left(1)
        watch.probe_ended(ProbeRun("arp"))

    assert capsys.readouterr() == ("", "")


def test_the_plain_side_never_loads_rich() -> None:
    import subprocess
    import sys

    code = (
        "import io, sys; from iotsweep.reports.live import choose_watch; from iotsweep.reports import plain;"
        "choose_watch(False, io.StringIO()); print('rich' in sys.modules)"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"


BELL = "192.168.1.23"


def woke(seconds: str = "125", ip: str = BELL) -> Observation:
    """A known device that speaks after a silence."""
    return saw(ip, ("heard.silence", seconds), ("mac.address", "02:00:00:00:00:09"))


def test_a_line_says_that_a_known_device_spoke_after_a_silence_and_what_it_could_be() -> None:
    stream = io.StringIO()
    with PlainWatch(stream, lambda seen: "could be: Ring doorbell" if seen else "") as watch:
        watch.observed(saw(BELL, ("dhcp.hostname", "front-door")))
        watch.observed(woke())
        watch.observed(woke("25", "192.168.1.24"))
    assert stream.getvalue().splitlines()[1:] == [
        "Found 192.168.1.23.",
        'Just now: 192.168.1.23 spoke after 2 minutes of silence ("front-door", could be: Ring doorbell).',
        "Found 192.168.1.24.",
        "Just now: 192.168.1.24 spoke after 25 seconds of silence (could be: Ring doorbell).",
    ]


def test_a_message_without_an_ip_address_is_of_the_device_whose_hardware_address_it_has() -> None:
    stream = io.StringIO()
    with PlainWatch(stream) as watch:
        watch.observed(saw(BELL, mac="02:00:00:00:00:09"))
        watch.observed(saw(None, ("dhcp.hostname", "front-door"), mac="02:00:00:00:00:09"))
        watch.observed(saw(None, ("heard.silence", "60"), mac="02:00:00:00:00:09"))
    assert stream.getvalue().splitlines()[1:] == [
        "Found 192.168.1.23.",
        'Just now: 192.168.1.23 spoke after 60 seconds of silence ("front-door").',
    ]


def test_the_picture_shows_the_newest_wakings_above_the_devices_and_how_long_ago_they_were() -> None:
    clock = FakeClock()
    console = Console(file=Terminal(), width=80, height=24, force_terminal=True)
    watch = LiveWatch(console, Progress(clock))
    watch.probe_started(FakeProbe("listen", "listening to what devices say unasked"))
    for last in (21, 22, 23, 24):
        watch.observed(saw(f"192.168.1.{last}"))
    for last in (21, 22, 23, 24):
        clock.now += 30
        watch.observed(woke(ip=f"192.168.1.{last}"))
    clock.now += 4
    lines = watch.draw().plain.splitlines()
    assert lines[2:5] == [
        "  just now      192.168.1.24 spoke after 2 minutes of silence",
        "  34 s ago      192.168.1.23 spoke after 2 minutes of silence",
        "  64 s ago      192.168.1.22 spoke after 2 minutes of silence",
    ]
    assert lines[5].split() == ["192.168.1.24"]
    clock.now += 300
    assert "5 min ago" in watch.draw().plain


def test_a_device_that_only_the_system_knew_and_that_speaks_soon_is_heard_for_the_first_time() -> None:
    waking = Progress(FakeClock()).hear_waking(woke("3"))
    assert waking
    assert waking.says == "192.168.1.23 was heard for the first time"


def test_what_a_silence_says_is_a_number_or_nothing() -> None:
    progress = Progress(FakeClock())
    for odd in ("", "-5", "1e9", "\x1b[31m", "9" * 40):
        waking = progress.hear_waking(saw(BELL, ("heard.silence", odd)))
        assert waking is None or "\x1b" not in waking.says


@pytest.mark.parametrize("height", [5, 6, 10])
def test_wakings_never_make_the_picture_taller_than_the_terminal(height: int) -> None:
    watch = LiveWatch(Console(file=Terminal(), width=80, height=height, force_terminal=True))
    for number in range(20):
        watch.probe_started(FakeProbe(f"probe-{number}"))
    for last in range(250):
        watch.observed(woke(ip=f"192.168.1.{last}"))

    assert len(watch.draw().plain.splitlines()) < height
