"""Spreads the work on many fingerprints over the processors, where the system can copy a process as it stands."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source

Look = Callable[[Sequence[Source]], set[Problem]]

_FEWEST = 400  # fingerprints: for fewer, starting a process takes longer than it saves
_MOST = 4  # processes

_work: tuple[Look, Sequence[Source], int] | None = None  # what a copied process is to do


def spread(look: Look, sources: Sequence[Source]) -> set[Problem]:
    """Everything that `look` finds in `sources`, each of which it sees once, wherever that is."""
    processes = min(_MOST, _processors())
    if len(sources) < _FEWEST or processes < 2 or threading.active_count() > 1:  # a copy has no other threads
        return look(sources)
    with multiprocessing.get_context("fork").Pool(processes, _begin, (look, sources, processes)) as pool:
        found = pool.map(_look_at_share, range(processes), 1)
        pool.close()
        pool.join()
    return set().union(*found)


def _processors() -> int:
    # Only on Linux does a plain copy of a process work with every library (CPython issue 77906 for macOS).
    return len(os.sched_getaffinity(0)) if sys.platform.startswith("linux") else 1


def _begin(look: Look, sources: Sequence[Source], processes: int) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked for the check is told, once, by the first process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work = look, sources, processes


def _look_at_share(number: int) -> set[Problem]:
    assert _work is not None
    look, sources, processes = _work
    return look(sources[number::processes])
