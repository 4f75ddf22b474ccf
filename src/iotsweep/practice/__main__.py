"""`python -m iotsweep.practice [HOME...]`: scan the practice homes for real and record them anew, for replays."""

from __future__ import annotations

import asyncio
import sys

from iotsweep.model import Report, Scope
from iotsweep.practice.demo import run
from iotsweep.practice.loading import bundled_homes, find_home, load_home
from iotsweep.practice.replay import record, recording_path, write_recording


class _NobodyWatches:
    """A sweep.Watch that shows nothing."""

    def probe_started(self, probe: object) -> None: ...

    def probe_ended(self, run: object) -> None: ...

    def observed(self, observation: object) -> None: ...

    def time_left(self, seconds: float) -> None: ...


def scan(scope: Scope) -> Report:
    """The real scan, unwatched."""
    from iotsweep.catalogue.loading import load_catalogue
    from iotsweep.plan import make_plan
    from iotsweep.sweep import sweep

    async def to_its_end() -> Report:
        return await sweep(make_plan(scope, load_catalogue()), _NobodyWatches(), asyncio.Event())

    return asyncio.run(to_its_end())


def main(names: list[str]) -> None:
    """Record every named home, or all of them."""
    for name in names or bundled_homes():
        home = load_home(find_home(name))
        recording = record(run(home, scan), home)
        path = recording_path(home)
        write_recording(recording, path)
        sys.stdout.write(f"{path}: {len(recording.observations)} observations in {recording.seconds:.1f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
