"""Discovery alone where answers get lost or come late: who is found, how fast, against peers in the same run.

`python -m benchmarks.loss [--hosts 42] [--prefix 24] [--loss 0.6] [--delay 0.3] [--runs 20] [--seed 1]`
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from benchmarks.many import crowd_home
from benchmarks.measure import Cost, machine, measure, table
from tests.lab.home import Home
from tests.lab.node import LAPTOP_ADDRESS
from tests.lab.watcher import watching

HEAD = ("program", "wall s", "worst s", "cpu s", "found, median", "found, worst", "runs with all", "packets", "peak MB")
_ADDRESS = re.compile(r"(?:^|for )(\d+\.\d+\.\d+\.\d+)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """One program in one home."""

    cost: Cost
    found: int
    sent: int


def main() -> None:
    """Measure, and print a Markdown table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.loss", description=__doc__)
    options.add_argument("--hosts", type=int, default=42)
    options.add_argument("--prefix", type=int, default=24, help="length of the network's prefix, 20 to 24")
    options.add_argument("--loss", type=float, default=0.6, help="how likely each reply is lost")
    options.add_argument("--delay", type=float, default=0.3, help="how late each reply may be, in seconds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--peer-runs", type=int, default=5, help="how often each peer runs, 0 for not at all")
    chosen = options.parse_args()
    network = str(IPv4Network(f"{LAPTOP_ADDRESS}/{chosen.prefix}", strict=False))
    rows = []
    for name, command in _programs(network).items():
        runs = chosen.runs if name.startswith("iotsweep") else min(chosen.runs, chosen.peer_runs)
        if runs:
            rows.append(_row(name, [_run(command, chosen, number) for number in range(runs)], chosen.hosts))
    print(
        f"{chosen.hosts} hosts on a /{chosen.prefix}, loss {chosen.loss:.0%}, up to {chosen.delay} s late, "
        f"{chosen.runs} runs ({chosen.peer_runs} of each peer) from seed {chosen.seed}; {machine()}\n"
    )
    print(table(HEAD, rows))


def _programs(network: str) -> dict[str, tuple[str, ...]]:
    return {
        "iotsweep, discovery": (sys.executable, "-m", "benchmarks.discover", "eth0"),
        "arp-scan": ("arp-scan", "-q", "-x", "--interface=eth0", network),
        "arp-scan -r5": ("arp-scan", "-q", "-x", "--retry=5", "--interface=eth0", network),
        "nmap -sn -n -T5": ("nmap", "-sn", "-n", "-T5", network),
    }


def _run(command: tuple[str, ...], chosen: argparse.Namespace, number: int) -> Run:
    settings = f"--hosts {chosen.hosts} --prefix {chosen.prefix} --loss {chosen.loss} --delay {chosen.delay}"
    with crowd_home(f"{settings} --seed {chosen.seed + number}") as built, tempfile.TemporaryDirectory() as folder:
        _widen(built, chosen.prefix)
        with watching(built, Path(folder) / "wire") as watch:
            cost = measure(built, list(command))
        found = {match[1] for match in _ADDRESS.finditer(cost.output)} - {LAPTOP_ADDRESS}
        return Run(cost, len(found), len(watch.sent))


def _widen(built: Home, prefix: int) -> None:
    """Give the laptop's network the wanted size."""
    if prefix != 24:
        built.run(["ip", "addr", "flush", "dev", "eth0", "scope", "global"])
        built.run(["ip", "addr", "add", f"{LAPTOP_ADDRESS}/{prefix}", "dev", "eth0"])


def _row(name: str, runs: list[Run], hosts: int) -> tuple[object, ...]:
    walls, found = [run.cost.wall for run in runs], [run.found for run in runs]
    return (
        name,
        statistics.median(walls),
        max(walls),
        statistics.median(run.cost.cpu for run in runs),
        round(statistics.median(found)),
        min(found),
        f"{sum(count >= hosts for count in found)} of {len(runs)}",
        round(statistics.median(run.sent for run in runs)),
        max(run.cost.memory for run in runs),
    )


if __name__ == "__main__":
    main()
