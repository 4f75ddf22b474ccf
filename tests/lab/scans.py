"""Real scans inside the lab: how the command is started, and everything that is known after it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.lab.conduct import unaccounted
from tests.lab.home import Home
from tests.lab.node import Layout, Node
from tests.lab.watcher import Watch, watching

SCAN = ("-m", "iotsweep", "scan", "--interface", "eth0", "--no-input")
SURE = ("confirmed", "likely")

# A shell that gives up every administrator right before the scan, as for an ordinary user.
ORDINARY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all")


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan, what it saved, and what the wire showed meanwhile."""

    seconds: float
    code: int
    output: str
    report: Mapping[str, Any]
    watch: Watch

    def finding(self, node: Node) -> Mapping[str, Any]:
        """What the report says about one device; raises StopIteration when it was not found."""
        return next(finding for finding in self.report["findings"] if node.mac in finding["device"]["macs"])

    def found(self, node: Node) -> bool:
        """Whether the report has this device."""
        return any(node.mac in finding["device"]["macs"] for finding in self.report["findings"])


def scan(home: Home, folder: Path, options: Sequence[str] = (), prefix: Sequence[str] = ()) -> Scanned:
    """One watched scan of a home from its laptop, evidence saved into `folder`."""
    saved = folder / "visit.json"
    command = [*prefix, sys.executable, *SCAN, "--consent", "owner", "--save", str(saved), *options]
    with watching(home, folder / "wire") as watch:
        started = time.monotonic()
        done = home.run(command, timeout=120)
        seconds = time.monotonic() - started
    output = done.stdout + done.stderr
    report = json.loads(saved.read_text()) if saved.exists() else {}
    return Scanned(seconds, done.returncode, output, report, watch)


@dataclass(frozen=True, slots=True)
class Score:
    """How many devices of a home were found and named."""

    devices: int
    found: int
    right: int
    wrong: tuple[str, ...]  # a wrong kind said with confidence
    unnamed: tuple[str, ...]


def score(layout: Layout, scanned: Scanned) -> Score:
    """Compare a report with the truth about the home."""
    found = [node for node in layout.nodes if scanned.found(node)]
    kinds = {node.name: scanned.finding(node)["kind"] for node in found}
    right = [node for node in found if node.kinds and kinds[node.name] in node.kinds]
    wrong = [
        f"{node.name}: {scanned.finding(node)['confidence']} {kinds[node.name]}"
        for node in found
        if kinds[node.name] and kinds[node.name] not in node.kinds and scanned.finding(node)["confidence"] in SURE
    ]
    unnamed = tuple(node.name for node in layout.nodes if node.kinds and node not in right)
    return Score(len(layout.nodes), len(found), len(right), tuple(wrong), unnamed)


def account_problems(scanned: Scanned) -> list[str]:
    """Where the saved account of what was sent differs from the wire."""
    ended = datetime.fromisoformat(scanned.report["ended"]).timestamp()
    # An answer that comes when the command has closed its sockets is refused by the kernel, after the account is made.
    during = [packet for packet in scanned.watch.packets if packet.protocol != "icmp" or packet.time <= ended]
    return unaccounted(tuple(during), scanned.report["runs"])
