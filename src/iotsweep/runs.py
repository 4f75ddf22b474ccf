"""Several parts that one probe took in a check become one: listening first, asking, listening on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from iotsweep.model import Destination, ProbeRun, Sent


def join_runs(runs: Iterable[ProbeRun]) -> list[ProbeRun]:
    """One run for each probe, in the order in which they first come.

    A later part that was skipped because it could not work takes nothing from one that worked.
    """
    joined: dict[str, ProbeRun] = {}
    for run in runs:
        joined[run.probe] = _join(joined[run.probe], run) if run.probe in joined else run
    return list(joined.values())


def _join(one: ProbeRun, other: ProbeRun) -> ProbeRun:
    worked = not one.skipped or not other.skipped
    return replace(
        one,
        started=min(filter(None, (one.started, other.started)), default=None),
        ended=max(filter(None, (one.ended, other.ended)), default=None),
        sent=add_sent(one.sent, other.sent),
        saw=one.saw + other.saw,
        skipped=None if worked else one.skipped,
        failed=one.failed or other.failed,
        limits=tuple(dict.fromkeys((*one.limits, *other.limits))),
    )


def add_sent(one: Sent, other: Sent) -> Sent:
    """What both parts sent, place by place. Parts that were counted differently count at the socket."""
    if not other.packets or not one.packets:
        return one if one.packets else other
    places: dict[tuple[str, str, int | None], tuple[int, int]] = {}
    for each in (*one.destinations, *other.destinations):
        place = (each.address, each.protocol, each.port)
        packets, size = places.get(place, (0, 0))
        places[place] = (packets + each.packets, size + each.bytes)
    ordered = sorted(places.items(), key=lambda item: (item[0][1], item[0][0], item[0][2] or 0))
    destinations = tuple(Destination(*place, packets, size) for place, (packets, size) in ordered)
    counted = one.counted if one.counted == other.counted else "at the socket"
    return Sent(one.packets + other.packets, one.bytes + other.bytes, destinations, counted)
