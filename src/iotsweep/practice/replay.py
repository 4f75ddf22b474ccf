"""Recorded homes: what the probes saw in a practice home, kept as JSON, and fed through the same judgement again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from iotsweep.model import NotChecked, Observation, ProbeRun, Report, Sent
from iotsweep.practice.demo import scope_of

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.practice.home import Home

PRACTICE = "practice-home"  # the run by which a report says that it is none of a real home
_FOLDER = Path(str(files("iotsweep.practice"))) / "recorded"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class RecordingError(Exception):
    """A recording that is missing or cannot be read; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation with its time in seconds since the start of the recording."""

    at: float
    probe: str
    mac: str | None
    ip: str | None
    facts: tuple[tuple[str, str], ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one real scan of a practice home saw. What it sent is left out: a replay sends nothing."""

    home: str
    version: str  # of iotsweep
    started: str
    seconds: float
    observations: tuple[Seen, ...]
    runs: tuple[ProbeRun, ...]


def record(report: Report, home: Home) -> Recording:
    """The recording of a scan of `home`."""
    start = _parse(report.started)
    seen = tuple(
        Seen(round((_parse(o.time) - start).total_seconds(), 6), o.probe, o.mac, o.ip, o.facts, o.sha256)
        for o in report.observations
    )
    seconds = round((_parse(report.ended) - start).total_seconds(), 6)
    runs = tuple(replace(run, sent=Sent()) for run in report.runs if run.probe != PRACTICE)
    return Recording(home.id, report.tool.version, report.started, seconds, seen, runs)


def write_recording(recording: Recording, path: Path) -> None:
    """Write a recording, one observation per line, so that a change can be read in a diff."""
    head = asdict(recording)
    seen = [json.dumps(item, ensure_ascii=True) for item in head.pop("observations")]
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(head, indent=1, ensure_ascii=True).removesuffix("\n}")
    path.write_text(text + ',\n "observations": [\n  ' + ",\n  ".join(seen) + "\n ]\n}\n", encoding="utf-8")


def recording_path(home: Home, folder: Path = _FOLDER) -> Path:
    """Where the recording of a home lies."""
    return folder / f"{home.id}.json"


def load_recording(home: Home, folder: Path = _FOLDER) -> Recording:
    """The recording that comes with a bundled home. Raises RecordingError."""
    path = recording_path(home, folder)
    try:
        return _adapter().validate_json(path.read_bytes())
    except FileNotFoundError as error:
        names = ", ".join(sorted(each.stem for each in folder.glob("*.json"))) or "none"
        raise RecordingError(f"there is no recording of {home.id!r} to replay; recorded homes: {names}") from error
    except (OSError, ValidationError) as error:
        raise RecordingError(f"{path}: cannot be used as a recording; install iotsweep again") from error


def replay(recording: Recording, home: Home, catalogue: Catalogue, why: str) -> Report:
    """The report of a recording, judged anew. `why` is a sentence: why this is no live scan."""
    from iotsweep.plan import make_plan
    from iotsweep.sweep import Moment, assess

    start = _parse(recording.started)
    observations = [
        Observation(s.probe, _later(start, s.at), s.mac, s.ip, s.facts, s.sha256) for s in recording.observations
    ]
    moment = Moment(recording.started, _later(start, recording.seconds))
    report = assess(observations, recording.runs, moment, make_plan(scope_of(home), catalogue))
    return mark(report, home, f"{why} Nothing was sent: this replays what was recorded on {recording.started[:10]}.")


def mark(report: Report, home: Home, how: str = "") -> Report:
    """Say in the report itself that it is about simulated devices, so that it is never taken for a real visit."""
    sentence = f"This is the practice home {home.id!r}: every device in it is simulated. {how}".rstrip()
    run = ProbeRun(PRACTICE, limits=(sentence,))
    return replace(report, runs=(*report.runs, run), not_checked=(NotChecked(PRACTICE, sentence), *report.not_checked))


@cache
def _adapter() -> TypeAdapter[Recording]:
    return TypeAdapter(Recording)


def _parse(time: str) -> datetime:
    return datetime.strptime(time, _TIME).replace(tzinfo=UTC)


def _later(start: datetime, seconds: float) -> str:
    return (start + timedelta(seconds=seconds)).strftime(_TIME)
