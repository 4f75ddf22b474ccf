"""Reports for tests: one made by hand, and a strategy that makes any."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, get_type_hints

from hypothesis import strategies as st

from iotsweep import model
from iotsweep.evidence.store import SCHEMA
from iotsweep.model import (
    Account,
    Because,
    Claim,
    Concern,
    Confidence,
    Device,
    DeviceRole,
    Finding,
    Level,
    Match,
    NotChecked,
    Observation,
    ProbeRun,
    Reason,
    Report,
)
from tests.fakes import SCOPE, TOOL

TIME = "2026-11-22T10:00:00.000000Z"


def sample() -> Report:
    """A small report that fills every type once."""
    because = (Because(0, "http.title", "Caméra “Küche” 😀"), Because(None, "mac.vendor", "Maker"))
    match = Match("x-cam", "X camera", "camera", "X", Confidence.LIKELY, because, ("video",), model="C200")
    device = Device("device-1", DeviceRole.DEVICE, ("3c:00:00:00:00:03",), ("192.168.7.3",), (), ("Cam",), "X", (0,))
    concern = Concern(Level.CHECK_FIRST, True, "T4", (Reason("T4-NA", "It can show video."),))
    finding = Finding(
        device,
        "camera",
        "X camera",
        "X",
        "C200",
        Confidence.LIKELY,
        because,
        (replace(match, kind="doorbell"),),
        (Claim("video", Confidence.LIKELY, because),),
        concern,
        "x-cam",
        Account("X app", "Me > Sharing"),
    )
    observation = Observation("http", TIME, None, "192.168.7.3", (("http.title", "Caméra “Küche” 😀"),), "0" * 64)
    return Report(
        SCHEMA,
        TOOL,
        SCOPE,
        TIME,
        TIME,
        None,
        (ProbeRun("http", TIME, TIME, saw=1), ProbeRun("nmap", skipped="Not asked for.")),
        (observation,),
        (finding,),
        (NotChecked("nmap", "Not asked for."),),
        ("Devices that are switched off.",),
    )


def _text() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _value(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    if isinstance(hint, type) and hint.__module__ == model.__name__ and hasattr(hint, "__dataclass_fields__"):
        return st.deferred(lambda: make(hint))
    if hint is str:
        return _text()
    if getattr(hint, "__origin__", None) is tuple:
        inner = hint.__args__
        if len(inner) == 2 and inner[1] is Ellipsis:
            return st.lists(_value(inner[0]), max_size=2).map(tuple)
        return st.tuples(*map(_value, inner))
    if hasattr(hint, "__args__"):
        return st.one_of(*map(_value, hint.__args__))
    return st.from_type(hint)


def make(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a type of the model."""
    hints = get_type_hints(kind, vars(model))
    return st.builds(kind, **{field.name: _value(hints[field.name]) for field in fields(kind)})


def _point_inside(report: Report) -> Report:
    """The same report, whose findings name only observations that it holds."""

    def mend(because: tuple[Because, ...]) -> tuple[Because, ...]:
        last = len(report.observations)
        return tuple(replace(b, observation=None if not last else abs(b.observation or 0) % last) for b in because)

    findings = tuple(
        replace(
            finding,
            device=replace(finding.device, seen=tuple(range(len(report.observations)))),
            because=mend(finding.because),
            can=tuple(replace(claim, because=mend(claim.because)) for claim in finding.can),
            alternatives=tuple(replace(match, because=mend(match.because)) for match in finding.alternatives),
        )
        for finding in report.findings
    )
    return replace(report, schema=SCHEMA, findings=findings)


REPORTS: st.SearchStrategy[Report] = make(Report).map(_point_inside)
