"""The home of hidden cameras: who finds and names how many of its devices, side by side in the same run.

`python -m benchmarks.hidden [--quick]`
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import machine, table
from benchmarks.peers import TELLS, told
from iotsweep.model import Scope
from iotsweep.practice.demo import run
from iotsweep.practice.home import Home
from iotsweep.practice.loading import find_home, load_home

HEAD = ("program", "wall s", "devices found", "kinds right", "cameras and recorders found", "of them named")
# The daemon needs a bus and a place of its own for its socket; nothing outside this namespace hears of it.
_AVAHI = (
    "mount -t tmpfs tmpfs /run && mkdir -p /run/dbus && dbus-daemon --system --fork --print-pid > /run/bus.pid && "
    "avahi-daemon --no-drop-root --no-chroot --no-rlimits -D && sleep 2 && avahi-browse --all --resolve --parsable "
    "--terminate; status=$?; avahi-daemon -k; kill $(cat /run/bus.pid); exit $status"
)
_WATCHED = frozenset({"camera", "recorder"})


@dataclass(frozen=True, slots=True)
class Said:
    """What one program said of each address: a kind, or "" for a device that it saw and did not name."""

    seconds: float
    kinds: Mapping[str, str]
    problem: str = ""


def main() -> None:
    """Run every program in a fresh home, and print a Markdown table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.hidden", description=__doc__)
    options.add_argument("--quick", action="store_true", help="leave out nmap -sV")
    chosen = options.parse_args()
    home = load_home(find_home("hidden-cameras"))
    peers = {
        "arp-scan": ["arp-scan", "--interface={interface}", "--localnet"],
        "avahi-browse": ["unshare", "--mount", "sh", "-c", _AVAHI],
    }
    if not chosen.quick:
        peers["nmap -sV"] = ["nmap", "-sV", "-T4", home.network]
    programs: dict[str, Callable[[Scope], Said]] = {"iotsweep scan": _iotsweep}
    programs |= {name: _peer(home, command) for name, command in peers.items()}
    rows = [(name, *_row(home, run(home, program))) for name, program in programs.items()]
    silent = sum(not (d.http or d.rtsp or d.greetings or d.upnp) for d in home.devices)
    print(f"{len(home.devices)} devices, {silent} of them without any open TCP port; {machine()}\n")
    print(table(HEAD, rows))


def _row(home: Home, said: Said) -> tuple[object, ...]:
    if said.problem:
        return (said.seconds, said.problem, "", "", "")
    kinds = {device.address: device.truth.kind for device in home.devices}
    known = [address for address, kind in kinds.items() if kind]
    watched = [address for address in known if kinds[address] in _WATCHED]
    found = [address for address in watched if address in said.kinds]
    return (
        said.seconds,
        f"{len(kinds.keys() & said.kinds.keys())}/{len(kinds)}",
        f"{sum(said.kinds.get(address) == kinds[address] for address in known)}/{len(known)}",
        f"{len(found)}/{len(watched)}",
        f"{sum(said.kinds[address] in _WATCHED for address in found)}/{len(watched)}",
    )


def _iotsweep(scope: Scope) -> Said:
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "visit.json"
        command = [sys.executable, "-m", "iotsweep", "scan", "--interface", scope.interface, "--no-input", "--plain"]
        seconds, _, errors = _time([*command, "--consent", "owner", "--save", str(saved)])
        if not saved.exists():
            return Said(seconds, {}, errors.strip()[-120:])
        findings = json.loads(saved.read_text())["findings"]
    return Said(seconds, {address: f["kind"] or "" for f in findings for address in f["device"]["ipv4"]})


def _peer(home: Home, command: list[str]) -> Callable[[Scope], Said]:
    """A peer is taken to name a kind when what it printed about a device holds a word that tells it."""
    truth = {device.address: device.truth.kind for device in home.devices}

    def ask(scope: Scope) -> Said:
        seconds, output, errors = _time([word.format(interface=scope.interface) for word in command])
        if errors and not output:
            return Said(seconds, {}, f"not usable here ({errors.strip().splitlines()[-1][:80]})")
        words = {ip: text for ip, text in (_told_by_avahi(output) | told(output)).items() if ip in truth}
        return Said(seconds, {ip: _kind(truth[ip], text) for ip, text in words.items()})

    return ask


def _told_by_avahi(output: str) -> dict[str, str]:
    fields = [line.lower().split(";") for line in output.splitlines() if line.startswith("=;")]
    return {row[7]: " ".join(row) for row in fields if len(row) > 8}


def _kind(right: str | None, words: str) -> str:
    return right if right and re.search(TELLS.get(right, rf"\b{right}"), words) else ""


def _time(command: list[str]) -> tuple[float, str, str]:
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": "src"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=600)
    return time.monotonic() - started, done.stdout, done.stderr


if __name__ == "__main__":
    main()
