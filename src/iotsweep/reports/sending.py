"""What the check sent: in total as sentences, and per probe as rows."""

from __future__ import annotations

from collections.abc import Sequence

from iotsweep.model import ProbeRun
from iotsweep.reports.page import Section, SentRow
from iotsweep.reports.shown import shown

TITLE = "What was sent"


def write_sent(runs: Sequence[ProbeRun]) -> Section:
    """Everything sent, in total, and how it was counted."""
    packets = sum(run.sent.packets for run in runs)
    size = sum(run.sent.bytes for run in runs)
    places = {place.address for run in runs for place in run.sent.destinations}
    if not packets:
        return Section(TITLE, "Sent", ("This check sent nothing.",))
    counted = sorted({run.sent.counted for run in runs if run.sent.packets})
    how = " and ".join(counted)
    total = f"In total {packets} packets ({say_size(size)}) {say_places(len(places))}, counted {how}."
    return Section(TITLE, "Sent", (total, "We cannot know whether this check was noticed."))


def write_sent_rows(runs: Sequence[ProbeRun]) -> tuple[SentRow, ...]:
    """One row for each probe that sent or heard something, the one that sent most first."""
    busy = sorted((run for run in runs if run.sent.packets or run.saw), key=lambda run: (-run.sent.packets, run.probe))
    return tuple(
        SentRow(
            shown(run.probe, 24),
            run.sent.packets,
            say_size(run.sent.bytes),
            len({place.address for place in run.sent.destinations}),
            run.saw,
        )
        for run in busy
    )


def say_places(count: int) -> str:
    """To how many addresses something went."""
    return "to 1 address" if count == 1 else f"to {count} addresses"


def say_size(size: int) -> str:
    """A number of bytes as people read it: "912 bytes", "1.5 kB", "2.0 MB" (powers of ten)."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
