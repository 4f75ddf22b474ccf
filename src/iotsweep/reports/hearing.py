"""When a device was heard, for a check that only listens: that it spoke when the doorbell was pressed is worth much."""

from __future__ import annotations

from datetime import datetime

from iotsweep.model import Device, Observation, Profile, Report

_LISTENING = "listen"
_FROM_TABLE = frozenset({"mac.address", "ip.v6"})  # what the laptop's own system knows without hearing it now
_MOST = 6  # moments that are printed


def say_heard(device: Device, report: Report) -> tuple[str, ...]:
    """When it was first heard, and when again after a silence; () unless the check listened and asked nothing."""
    listened = any(run.probe == _LISTENING and not run.skipped for run in report.runs)
    if report.scope.profile is not Profile.QUIET or not listened:
        return ()
    seen = [report.observations[index] for index in device.seen if 0 <= index < len(report.observations)]
    heard = sorted(one.time for one in seen if not _is_from_table(one))
    if not heard:
        return ("We did not hear it. This laptop knew its address from before.",)
    again = [time for time in _again(seen) if time != heard[0]]
    return (f"We first heard it at {_say_time(heard[0])} UTC.", *_say_again(again))


def _is_from_table(one: Observation) -> bool:
    from_system = one.probe == "neighbours" or (one.probe == _LISTENING and not one.sha256)
    return from_system and {key for key, _ in one.facts} <= _FROM_TABLE


def _again(seen: list[Observation]) -> list[str]:
    return sorted({one.time for one in seen if one.first("heard.silence")})


def _say_again(times: list[str]) -> tuple[str, ...]:
    if not times:
        return ()
    said = list(dict.fromkeys(_say_time(time) for time in times[-_MOST:]))
    some = " and ".join((", ".join(said[:-1]), said[-1])) if len(said) > 1 else said[0]
    more = f" and {len(times) - _MOST} times before" if len(times) > _MOST else ""
    return (f"It spoke again after a silence at {some} UTC{more}.",)


def _say_time(time: str) -> str:
    try:
        return f"{datetime.fromisoformat(time):%H:%M:%S}"
    except ValueError:
        return time[:40]
