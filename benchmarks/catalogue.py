"""The catalogue's speed as it grows: load, match, check. `python -m benchmarks.catalogue [--times 10] [--devices 250]`

Devices are the catalogue's own examples among replies that mean nothing, 20 observations each. The larger catalogue
holds every fingerprint again with other letters, as products that nobody has made yet.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.match import make_devices
from benchmarks.measure import machine, table
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.checking import check_paths
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import fit
from iotsweep.catalogue.patterns import is_regex
from iotsweep.catalogue.vocabulary import yielded_with
from iotsweep.model import Clue, Fingerprint, Observation
from iotsweep.probes import all_probes
from iotsweep.vendors import load_vendors

RUNS = 5
OBSERVATIONS = 20
_KEPT = frozenset({"open", "yes", "no"})
_LOAD = (
    "import time\n"
    "from iotsweep.catalogue.loading import load_catalogue\n"
    "began = time.process_time()\n"
    "catalogue = load_catalogue()\n"
    "catalogue.index\n"
    "print(time.process_time() - began)\n"
)

Device = list[tuple[int, Observation]]


def main() -> None:
    """Measure, and print a Markdown table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.catalogue", description=__doc__)
    options.add_argument("--times", type=int, default=10, help="how many times larger the larger catalogue is")
    options.add_argument("--devices", type=int, default=250)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    catalogue = load_catalogue(examples=True)
    larger = grow(catalogue, chosen.times)
    devices = make_full_devices(catalogue, chosen.devices, chosen.seed)
    now, then = _alternately([lambda: _match(devices, catalogue), lambda: _match(devices, larger)])
    from_yaml, from_cache = _load_times()
    checked = _timed(_check)
    count = len(catalogue.fingerprints)
    print(f"{count} fingerprints; {chosen.devices} devices, {OBSERVATIONS} observations each; median of {RUNS} runs;")
    print(f"processor time; {machine()}\n")
    rows: list[tuple[object, ...]] = [
        ("load from YAML, with index", f"{from_yaml:.2f} s", "1.5 s"),
        ("load from cache, with index", f"{from_cache * 1e3:.0f} ms", "60 ms"),
        (f"match {chosen.devices} devices", f"{now:.3f} s", "0.5 s"),
        (f"the same, {len(larger.fingerprints)} fingerprints", f"{then:.3f} s, {then / now:.2f} times", "1.5 times"),
        ("check everything", f"{checked:.2f} s", "5 s"),
        ("memory of the index", f"{_index_memory(catalogue):.1f} MB", ""),
    ]
    print(table(("what", "how much", "at most"), rows))


def make_full_devices(catalogue: Catalogue, count: int, seed: int) -> list[Device]:
    """Devices with exactly as many observations as a talkative one has."""
    extra = make_devices(catalogue, count * OBSERVATIONS, seed + 1)
    noise = [one for device in extra for _, one in device]
    devices = []
    for number, device in enumerate(make_devices(catalogue, count, seed)):
        start = number * OBSERVATIONS
        seen = [*(one for _, one in device), *noise[start : start + OBSERVATIONS]][:OBSERVATIONS]
        devices.append(list(enumerate(seen)))
    return devices


def grow(catalogue: Catalogue, times: int) -> Catalogue:
    """The catalogue and `times` - 1 copies of it that ask for other texts."""
    copies = [
        _copy(one, number) for number in range(1, times) for one in catalogue.fingerprints if not _only_ports(one)
    ]
    return Catalogue((*catalogue.fingerprints, *copies), catalogue.kinds, catalogue.capabilities, "", "")


def _only_ports(one: Fingerprint) -> bool:
    return any(all(set(values) <= _KEPT for _, values in clue.facts) for _, clues in one.clues for clue in clues)


def _copy(one: Fingerprint, number: int) -> Fingerprint:
    clues = tuple((level, tuple(_other_clue(clue, number) for clue in here)) for level, here in one.clues)
    return replace(one, id=f"{one.id}-{number}", clues=clues, examples=())


def _other_clue(clue: Clue, number: int) -> Clue:
    return Clue(tuple((key, tuple(_other(value, number) for value in values)) for key, values in clue.facts))


def _other(value: str, number: int) -> str:
    """The same form with other letters. A regular expression keeps its own and asks for more."""
    if value in _KEPT:
        return value
    if is_regex(value):
        return f"/(?:{value[1:-1]}) {_word(value, number)}/"
    return "".join(_turn(char, number) for char in value) + ("" if value.endswith("*") else f" {number}")


def _turn(char: str, number: int) -> str:
    if char.isdecimal():
        return str((int(char) + number) % 10)
    if char.isascii() and char.isalpha():
        base = ord("a") if char.islower() else ord("A")
        return chr(base + (ord(char) - base + number) % 26)
    return char


def _word(value: str, number: int) -> str:
    chance = random.Random(f"{value}{number}")
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8))


def _match(devices: list[Device], catalogue: Catalogue) -> None:
    """As a scan does it: nothing remembered from the run before."""
    fresh = replace(catalogue)
    fresh.__dict__["index"] = catalogue.index
    catalogue.index.forget()
    vendors = load_vendors()
    for device in devices:
        fit(device, fresh, vendors)


def _check() -> None:
    yields = yielded_with(frozenset(key for probe in all_probes() for key in probe.yields))
    check_paths([], load_vendors(), yields)


def _timed(work: Callable[[], object]) -> float:
    return _alternately([work], runs=1)[0]


def _alternately(works: list[Callable[[], object]], runs: int = RUNS) -> list[float]:
    """The median cost of each, run in turn so that a busy moment hits all of them."""
    for work in works if runs > 1 else []:
        work()
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(spent, works, strict=True):
            began = _processor_time()
            work()
            times.append(_processor_time() - began)
    return [statistics.median(times) for times in spent]


def _processor_time() -> float:
    """Seconds of this process and of those that it started and waited for: the check works on several processors."""
    return sum(os.times()[:4])


def _load_times() -> tuple[float, float]:
    """From YAML and from the cache, each in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        path = os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")])
        cached = {**os.environ, "XDG_CACHE_HOME": folder, "PYTHONPATH": path}
        off = {**cached, "IOTSWEEP_NO_CACHE": "1"}
        cold = statistics.median(_load(off) for _ in range(3))
        _load(cached)
        return cold, statistics.median(_load(cached) for _ in range(RUNS))


def _load(environment: dict[str, str]) -> float:
    done = subprocess.run([sys.executable, "-c", _LOAD], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _index_memory(catalogue: Catalogue) -> float:
    tracemalloc.start()
    fresh = replace(catalogue)
    index = fresh.index
    size = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    assert index.plan()
    return size


if __name__ == "__main__":
    main()
