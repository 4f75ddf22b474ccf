"""Capture files become observations, through the same decoders as the answers of a live sweep. Nothing is sent.

`read_captures` is all that others need. What belongs to whom is decided in docs/decisions/0013-captures.md.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from iotsweep.captures.belonging import tell_who_is_there
from iotsweep.captures.files import CaptureError, Source
from iotsweep.captures.lan import MOST_DEVICES, Lan
from iotsweep.captures.nmap_file import is_nmap, read_nmap
from iotsweep.captures.notebook import PROBE, Notebook
from iotsweep.captures.scope import infer_scope
from iotsweep.captures.sieve import SHORTEST, Sieve
from iotsweep.model import Observation, ProbeRun, Scope
from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import ETHERNET
from iotsweep.wire.frames import Frame, Link, Reading, time_of
from iotsweep.wire.pcap import is_pcap, read_pcap
from iotsweep.wire.pcapng import is_pcapng, read_pcapng

__all__ = ["CaptureError", "Heard", "read_captures"]

_EPOCH = time_of(0, Link(ETHERNET))
_KINDS = "iotsweep reads pcap and pcapng captures, also packed with gzip, and what nmap wrote with -oX"


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that the files tell. `partial`: why they were not read to their end, None when they were."""

    scope: Scope
    observations: tuple[Observation, ...]
    runs: tuple[ProbeRun, ...]
    started: str
    ended: str
    partial: str | None


@dataclass(slots=True)
class _Tally:
    """What was read of one file. `cut`: why it was not read to its end; `lost` when more than one frame is missing."""

    name: str
    frames: int = 0
    unreadable: int = 0
    first: str | None = None
    last: str | None = None
    cut: str = ""
    sha256: str = ""

    def limits(self) -> tuple[str, ...]:
        """What a reader of the report has to know of this file, one sentence each."""
        proof = f"sha256 {self.sha256}" if self.sha256 else "not hashed, because it was not read to its end"
        said = [
            f"all that is known comes from {self.name} ({proof}; {self.frames:,} frames); what it does not show was "
            "not seen, and nobody was asked"
        ]
        if self.cut:
            said.append(f"{self.name}: {self.cut}")
        if self.unreadable:
            said.append(f"{self.unreadable:,} frames of {self.name} could not be read")
        return tuple(said)


def read_captures(paths: Sequence[Path], stop: Callable[[], bool] = lambda: False) -> Heard:
    """Read every file, as one home. `stop` is asked now and then whether to end early. Raises CaptureError."""
    sieve = Sieve(Notebook(), Lan())
    notebook = sieve.notebook
    runs: list[ProbeRun] = []
    cuts: list[str] = []
    for path in paths:
        seen = len(notebook.observations)
        tally = _read_file(Source(path, stop), sieve)
        saw = len(notebook.observations) - seen
        runs.append(ProbeRun(PROBE, tally.first, tally.last, saw=saw, limits=tally.limits()))
        cuts += [f"{tally.name}: {tally.cut}"] if "not read" in tally.cut else []
    if stop():
        cuts.append("it was stopped by hand before its end; everything read until then is kept")
    sieve.finish()
    tell_who_is_there(sieve)
    runs[-1] = replace(runs[-1], limits=(*runs[-1].limits, *_say_limits(sieve)))
    times = sorted(time for time in chain.from_iterable((run.started, run.ended) for run in runs) if time)
    first, last = (times[0], times[-1]) if times else (_EPOCH, _EPOCH)
    scope = infer_scope(sieve.lan, _say_source(paths))
    return Heard(scope, tuple(notebook.observations), tuple(runs), first, last, "; ".join(cuts) or None)


def _read_file(source: Source, sieve: Sieve) -> _Tally:
    """One file, to its end if that is possible. Raises CaptureError for what is no capture at all."""
    tally, reading = _Tally(source.name), Reading()
    try:
        if is_pcap(source.start):
            _sift(read_pcap(source.pieces(), reading), sieve, tally)
        elif is_pcapng(source.start):
            _sift(read_pcapng(source.pieces(), reading), sieve, tally)
        elif is_nmap(source.start):
            tally.first, tally.last = read_nmap(source.pieces(), sieve.notebook, sieve.lan)
        else:
            raise CaptureError(f"{source.name} is no capture: {_KINDS}")
    except WireError as error:
        raise CaptureError(f"{source.name} cannot be read ({error}): {_KINDS}") from error
    finally:
        tally.sha256 = source.close()
    tally.cut = source.broken or ("" if source.is_stopped() else reading.cut)
    return tally


def _sift(frames: Iterator[Frame], sieve: Sieve, tally: _Tally) -> None:
    """Every frame through the sieve. A frame that cannot be read costs no other."""
    count = unreadable = ticks = 0
    current: Link | None = None
    take, find = sieve.taker(ETHERNET), sieve.find_known(ETHERNET)
    for data, start, end, ticks, link in frames:
        count += 1
        if link is not current:
            current = link
            take, find = sieve.taker(link.type), sieve.find_known(link.type)
            tally.first = tally.first or time_of(ticks, link)
        known = find(data[start : start + 14])
        if known is not None and end - start > SHORTEST and known.is_done(data, start):
            continue
        try:
            take(data, start, end, ticks, link)
        except (ValueError, LookupError, struct.error):
            unreadable += 1
    tally.frames, tally.unreadable = count, unreadable
    tally.last = time_of(ticks, current) if current else None


def _say_limits(sieve: Sieve) -> tuple[str, ...]:
    said = list(sieve.notebook.limits)
    if sieve.lan.full:
        said.append(f"there were more than {MOST_DEVICES:,} hardware addresses; later ones were left out")
    if sieve.unknown_links:
        kinds = ", ".join(map(str, sorted(sieve.unknown_links)[:8]))
        said.append(f"frames of link types that iotsweep does not know were passed over ({kinds})")
    if sieve.wireless:
        said.append("frames were heard over the air: devices of neighbours and of people passing by can be among them")
    return tuple(said)


def _say_source(paths: Sequence[Path]) -> str:
    names = ["standard input" if str(path) == "-" else path.name for path in paths]
    return f"the capture {names[0]}" if len(names) == 1 else f"{len(names)} captures, {names[0]} first"
