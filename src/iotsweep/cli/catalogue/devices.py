"""The devices in a saved report, or those of JSON lines: what `show --against` and `learn` look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iotsweep.cli.fail import fail

if TYPE_CHECKING:
    from iotsweep.model import Finding, Observation, Report


@dataclass(frozen=True, slots=True)
class Target:
    """One device: how to call it, by what it can be asked for, and what it said."""

    label: str
    names: frozenset[str]
    seen: tuple[tuple[int, Observation], ...]
    finding: Finding | None = None


def find_devices(path: Path, wanted: str | None) -> list[Target]:
    """The devices of a file, or the one that goes by `wanted`: an address, a name or an id. Leaves if there is none."""
    found = read_devices(path)
    if wanted is None:
        return found
    chosen = [one for one in found if wanted.casefold() in one.names]
    if not chosen:
        known = ", ".join(one.label for one in found[:20])
        fail(f"{path} has no device {wanted!r}: choose one of {known}" if known else f"{path} has no devices")
    return chosen


def read_devices(path: Path) -> list[Target]:
    """Every device of a saved report; or, where the file is none, of JSON lines as `catalogue match` reads them."""
    from iotsweep.catalogue.answers import LineError, read_line
    from iotsweep.evidence.store import LARGEST, EvidenceError, parse

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        fail(f"{path} cannot be read ({error.strerror}): check the name")
    if b'"observations"' in data.partition(b"\n")[0]:
        try:
            lines = [read_line(line) for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
        except LineError as error:
            fail(f"{path}: {error}")
        return [
            Target(f"line {name}", frozenset({str(name).casefold()}), tuple(enumerate(seen))) for name, seen in lines
        ]
    try:
        return _of_report(parse(data, str(path)))
    except EvidenceError as error:
        fail(error)


def _of_report(report: Report) -> list[Target]:
    found = []
    for finding in report.findings:
        device = finding.device
        names = {device.id, *device.macs, *device.ipv4, *device.ipv6, *device.names}
        label = ", ".join([*device.ipv4[:1], *device.macs[:1]]) or device.id
        seen = tuple((index, report.observations[index]) for index in device.seen)
        found.append(Target(label, frozenset(name.casefold() for name in names), seen, finding))
    return found
