"""Runs one command and says what it cost. As a program, inside a namespace: `python -m benchmarks.measure COMMAND...`.

The cost is that of the command alone, from wait4(2): its own processor time and its largest resident set.
"""

from __future__ import annotations

import compileall
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.lab.home import Home

_MARK = "\n--cost--"
STOPPED = -1


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost, and what it said."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float  # MB, the most that was resident
    code: int
    output: str


def measure(home: Home, argv: list[str], *, timeout: float = 120) -> Cost:
    """Run `argv` on the laptop of a home. Its standard error is left out.

    What does not end within `timeout` seconds is stopped: that time, no other numbers, and STOPPED as its code.
    """
    done = home.run([sys.executable, "-m", "benchmarks.measure", *argv], timeout=timeout)
    output, mark, cost = done.stdout.rpartition(_MARK)
    if not mark:
        sys.stderr.write(f"{argv[0]} was stopped after {timeout} s\n")
        return Cost(timeout, math.nan, math.nan, STOPPED, done.stdout)
    return Cost(**json.loads(cost), output=output)


def main(argv: list[str]) -> None:
    """Run `argv`, pass its output on, and end with its cost."""
    started = time.perf_counter()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    # ru_maxrss is in KiB on Linux: getrusage(2)
    cost = {"wall": wall, "cpu": cpu, "memory": used.ru_maxrss * 1024 / 1e6, "code": process.returncode}
    sys.stdout.write(_MARK + json.dumps(cost))


def install(home: Home, dry_run: list[str]) -> None:
    """Bring a source folder to what an installed program has: bytecode, and the catalogue compiled. Not measured."""
    compileall.compile_dir(str(Path(__file__).parents[1] / "src"), quiet=2)
    home.run(dry_run)


def machine() -> str:
    """Where this was measured, in one line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown processor",
    )
    release, python = os.uname().release, sys.version.split()[0]
    return f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} x {model}, Linux {release}, Python {python}"


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.2f}"
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
