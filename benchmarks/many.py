"""Many hosts on a /24, replies lost and late: found, time, packets and memory, against peers in the same run.

`python -m benchmarks.many [--hosts 250] [--loss 0.0] [--delay 0.0] [--seed 1] [--runs 3]`
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Cost, install, machine, measure, table
from benchmarks.peers import ARP_SCAN, NMAP_FAST_NUMERIC, told
from tests.lab.home import Home
from tests.lab.node import LAPTOP_ADDRESS, Daemon, Layout, Node
from tests.lab.scans import SCAN
from tests.lab.watcher import watching


def make_layout(settings: str) -> Layout:
    """A home of one cable, at whose other end a crowd answers as `settings` say."""
    daemon = Daemon(start=f"{sys.executable} -m benchmarks.crowd {settings}")
    return Layout("crowd", (Node("crowd", "02:00:00:00:00:01", 251, (daemon,), addressed=False),))


def main() -> None:
    """Measure, and print a Markdown table with the medians."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.many", description=__doc__)
    options.add_argument("--hosts", type=int, default=250)
    options.add_argument("--loss", type=float, default=0.0, help="how likely each reply is lost")
    options.add_argument("--delay", type=float, default=0.0, help="how late each reply may be, in seconds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    settings = f"--hosts {chosen.hosts} --loss {chosen.loss} --delay {chosen.delay}"
    programs: list[tuple[str, Callable[[Home, Path], tuple[Cost, int]]]] = [("iotsweep scan", _run_iotsweep)]
    programs += [(peer.name, _peer_runner(peer.command)) for peer in (ARP_SCAN, NMAP_FAST_NUMERIC)]
    rows = [_median(name, run, settings, chosen.seed, chosen.runs) for name, run in programs]
    print(
        f"{chosen.hosts} hosts, loss {chosen.loss:.0%}, up to {chosen.delay} s late, "
        f"{chosen.runs} runs from seed {chosen.seed}, medians; {machine()}\n"
    )
    print(table(("program", "wall s", "cpu s", "found, worst run", "packets sent", "peak MB"), rows))


def _median(
    name: str, run: Callable[[Home, Path], tuple[Cost, int]], settings: str, seed: int, runs: int
) -> tuple[object, ...]:
    numbers = []
    for number in range(runs):
        with crowd_home(f"{settings} --seed {seed + number}") as built, tempfile.TemporaryDirectory() as folder:
            install(built, [sys.executable, *SCAN, "--dry-run"])
            with watching(built, Path(folder) / "wire") as watch:
                cost, found = run(built, Path(folder))
            numbers.append((cost.wall, cost.cpu, cost.memory, len(watch.sent), found))
    wall, cpu, memory, sent, _ = (statistics.median(column) for column in zip(*numbers, strict=True))
    return name, wall, cpu, min(number[4] for number in numbers), round(sent), memory


@contextlib.contextmanager
def crowd_home(settings: str) -> Iterator[Home]:
    """A running home whose crowd answers; `settings` are those of benchmarks.crowd."""
    with Home(f"benchmarks.many:make_layout:{settings}") as built:
        deadline = time.monotonic() + 20
        while built.run(["ping", "-c1", "-W1", "192.168.178.1"]).returncode and time.monotonic() < deadline:
            pass
        built.run(["ip", "neigh", "flush", "dev", "eth0"])
        yield built


def _run_iotsweep(built: Home, folder: Path) -> tuple[Cost, int]:
    saved = folder / "visit.json"
    cost = measure(built, [sys.executable, *SCAN, "--plain", "--consent", "owner", "--save", str(saved)])
    findings = json.loads(saved.read_text())["findings"]
    return cost, len({ip for finding in findings for ip in finding["device"]["ipv4"]} - {LAPTOP_ADDRESS})


def _peer_runner(command: tuple[str, ...]) -> Callable[[Home, Path], tuple[Cost, int]]:
    def run(built: Home, _: Path) -> tuple[Cost, int]:
        cost = measure(built, list(command))
        return cost, len(told(cost.output).keys() - {LAPTOP_ADDRESS})

    return run


if __name__ == "__main__":
    main()
