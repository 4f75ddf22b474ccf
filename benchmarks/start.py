"""Start-up: what `iotsweep --help` costs and what it imports. `python -m benchmarks.start [--runs 15]`"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import machine, table

_SOURCE = Path(__file__).parents[1] / "src"
_HEAVY = ("scapy", "zeroconf", "pydantic", "rich", "aiohttp", "nmap", "mac_vendor_lookup", "yaml", "re2", "asyncio")
COMMANDS = (
    ("-c", "pass"),
    ("-m", "iotsweep", "--version"),
    ("-m", "iotsweep", "--help"),
    ("-m", "iotsweep", "scan", "--help"),
)


def main() -> None:
    """Measure, and print a Markdown table with the medians."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    options.add_argument("--runs", type=int, default=15)
    runs = options.parse_args().runs
    rows: list[tuple[object, ...]] = []
    # Byte code is kept as after an installation, in a folder of our own: the first run of each command fills it.
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPATH": str(_SOURCE), "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in COMMANDS:
            _cpu(command, environment)
            cpu = statistics.median(_cpu(command, environment) for _ in range(runs))
            modules = _modules(command, environment)
            heavy = ", ".join(name for name in _HEAVY if name in modules) or "none"
            rows.append(("python " + " ".join(command), f"{cpu:.3f}", len(modules), heavy))
    print(f"{runs} runs each, medians; {machine()}\n")
    print(table(("command", "cpu s", "modules", "heavy ones among them"), rows))


def _cpu(command: tuple[str, ...], environment: dict[str, str]) -> float:
    process = subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def _modules(command: tuple[str, ...], environment: dict[str, str]) -> set[str]:
    """Every module that the command imports, from Python's own account of import times."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], env=environment, capture_output=True, text=True, check=True
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


if __name__ == "__main__":
    main()
