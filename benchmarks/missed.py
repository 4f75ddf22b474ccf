"""The estimate of missed devices against simulated homes. `python -m benchmarks.missed [--homes 1000] [--seed 1]`"""

from __future__ import annotations

import argparse

from benchmarks.measure import machine, table
from tests.estimating import share_inside


def main() -> None:
    """Measure, and print a Markdown table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.missed", description=__doc__)
    options.add_argument("--homes", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    inside, end = share_inside(chosen.homes, chosen.seed)
    print(f"{machine()}\n")
    print(table(("homes", "truth inside the 95 % interval", "mean upper end"), [(chosen.homes, f"{inside:.1%}", end)]))


if __name__ == "__main__":
    main()
