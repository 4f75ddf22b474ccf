"""A home of real software: time, devices found, kinds right, packets sent, against peers in the same run.

`python -m benchmarks.home [--home family] [--runs 3] [--quick]`
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Cost, install, machine, measure, table
from benchmarks.peers import ARP_SCAN, NMAP_FAST, NMAP_SERVICES, Peer, score_peer
from tests.lab.conduct import most_connections, never_touched, outside_scope
from tests.lab.home import Home, home
from tests.lab.node import NETWORK
from tests.lab.scans import SCAN, Scanned, score
from tests.lab.services import failing_services
from tests.lab.watcher import Watch, watching

HEAD = (
    "program",
    "wall s",
    "cpu s",
    "found",
    "kinds right",
    "wrong, sure",
    "packets sent",
    "peak MB",
    "services silent after",
)
Row = tuple[object, ...]


def main() -> None:
    """Measure, and print a Markdown table with the medians."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.home", description=__doc__)
    options.add_argument("--home", default="family", help="a home of tests/lab/homes.py")
    options.add_argument("--runs", type=int, default=3, help="how often each program runs; medians are printed")
    options.add_argument("--quick", action="store_true", help="leave out nmap -sV")
    chosen = options.parse_args()
    peers = [ARP_SCAN, NMAP_FAST, *([] if chosen.quick else [NMAP_SERVICES])]
    rows = [_median(chosen.home, chosen.runs, "iotsweep scan", _run_iotsweep)]
    rows += [_median(chosen.home, chosen.runs, peer.name, _peer_runner(peer)) for peer in peers]
    print(f"{chosen.home} home, {chosen.runs} runs each in a fresh home, medians; {machine()}\n")
    print(table(HEAD, rows))


def _median(name: str, runs: int, program: str, run: Callable[[Home, Path], tuple[Cost, Watch, Row]]) -> Row:
    """Each run in a home of its own: what one program broke must not count for the next."""
    numbers: list[tuple[float, float, float, int]] = []
    for _ in range(runs):
        with home(name) as built, tempfile.TemporaryDirectory() as folder:
            cost, watch, said = run(built, Path(folder))
            silent = failing_services(built)
        numbers.append((cost.wall, cost.cpu, cost.memory, len(watch.sent)))
        _warn(program, watch)
    wall, cpu, memory, sent = (statistics.median(column) for column in zip(*numbers, strict=True))
    return (program, wall, cpu, *said, round(sent), memory, ", ".join(silent) or "none")


def _warn(program: str, watch: Watch) -> None:
    most = max(most_connections(watch.packets).values(), default=0)
    breaches = len(outside_scope(watch.packets, NETWORK)), len(never_touched(watch.packets))
    sys.stderr.write(
        f"{program}: {breaches[0]} packets outside the scope, {breaches[1]} to forbidden ports, "
        f"at most {most} connections open at one device\n"
    )


def _run_iotsweep(built: Home, folder: Path) -> tuple[Cost, Watch, Row]:
    saved = folder / "visit.json"
    command = [sys.executable, *SCAN, "--plain", "--consent", "owner", "--save", str(saved)]
    install(built, [sys.executable, *SCAN, "--dry-run"])
    with watching(built, folder / "wire") as watch:
        cost = measure(built, command)
    report = json.loads(saved.read_text())
    result = score(built.layout, Scanned(cost.wall, cost.code, cost.output, report, watch))
    sys.stderr.write(f"not named: {', '.join(result.unnamed) or 'none'}\n")
    wrong = ", ".join(result.wrong) or "0"
    return cost, watch, (f"{result.found}/{result.devices}", f"{result.right}/{result.devices}", wrong)


def _peer_runner(peer: Peer) -> Callable[[Home, Path], tuple[Cost, Watch, Row]]:
    def run(built: Home, folder: Path) -> tuple[Cost, Watch, Row]:
        with watching(built, folder / "wire") as watch:
            cost = measure(built, list(peer.command))
        found, right = score_peer(built.layout, cost.output)
        devices = len(built.layout.nodes)
        return cost, watch, (f"{found}/{devices}", f"{right}/{devices}", "does not say")

    return run


if __name__ == "__main__":
    main()
