"""For maintainers: turns the IEEE registers into src/iotsweep/data/mac-vendors.tsv.gz. Reads files, never the network.

    python tools/build_vendors.py 2026-06-08 oui.csv mam.csv oui36.csv iab.csv

The CSV files are those of standards-oui.ieee.org (MA-L, MA-M, MA-S, IAB); the date is that of their download.
The same input gives the same table, byte for byte, whatever the order of the files.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

TABLE = Path(__file__).parent.parent / "src/iotsweep/data/mac-vendors.tsv.gz"
DIGITS = {"MA-L": 6, "MA-M": 7, "MA-S": 9, "IAB": 9}  # hexadecimal digits of a prefix, per register
NO_NAME = "Private"  # the holder pays to stay unnamed: keeps its place so that no shorter prefix speaks for it
SPLIT = "IEEE Registration Authority"  # the block is divided among holders of longer prefixes


def read_register(path: Path) -> Iterator[tuple[str, str]]:
    """The (prefix, name) rows of one IEEE CSV file. Raises ValueError naming the file and the line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            if row[:3] == ["Registry", "Assignment", "Organization Name"]:
                continue
            if len(row) < 3 or not re.fullmatch(f"[0-9A-F]{{{DIGITS.get(row[0], 0)}}}", row[1].upper()):
                raise ValueError(f"{path}, row {number}: not a row of MA-L, MA-M, MA-S or IAB: {row[:3]}")
            yield row[1].upper(), " ".join(row[2].split())


def make_table(rows: Iterable[tuple[str, str]], day: str) -> bytes:
    """One sorted `prefix TAB name` line per prefix, under one line that says what this is and of which day."""
    names: dict[str, set[str]] = {}
    for prefix, name in rows:
        if name != SPLIT:
            names.setdefault(prefix, set()).add("" if name == NO_NAME else name)
    lines = [f"# MAC vendors of the IEEE registers MA-L, MA-M, MA-S and IAB\t{day}"]
    lines += [f"{prefix}\t{' / '.join(sorted(names[prefix] - {''}))}" for prefix in sorted(names)]
    return ("\n".join(lines) + "\n").encode()


def main(day: str, *paths: str) -> None:
    """Write the table and say what it holds."""
    date.fromisoformat(day)
    table = make_table((row for path in paths for row in read_register(Path(path))), day)
    TABLE.write_bytes(gzip.compress(table, 9, mtime=0))
    count = table.count(b"\n") - 1
    sys.stdout.write(f"{count} prefixes, {TABLE.stat().st_size} bytes, sha256 {hashlib.sha256(table).hexdigest()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
