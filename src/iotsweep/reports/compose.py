"""Report, catalogue and guidance to one page of sentences: what both the terminal and the plain form print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from iotsweep.model import Confidence, ConsentRole, DeviceRole, Finding, Level, NotChecked, Profile, Report, Scope
from iotsweep.reports.page import Card, Group, Page, Row, Section
from iotsweep.reports.palette import ORDER
from iotsweep.reports.selection import EVERYTHING, Selection
from iotsweep.reports.sending import write_sent, write_sent_rows
from iotsweep.reports.shown import shown
from iotsweep.reports.texts import CatalogueTexts, GuidanceTexts
from iotsweep.reports.words import Place, write_card
from iotsweep.wire.wifi import find_hotspots

TITLE = "Devices on this network"

_NOTES = {
    Level.CHECK_FIRST: "Talk about these first.",
    Level.FIND_IT: "We could not name these. They stay on the list until someone finds them.",
    Level.CHECK_NEXT: "Talk about these next.",
    Level.LOWER: "These kinds of device can do less, or they are known. They are on the list all the same.",
}
_ALL_DONE = "Everything that this profile does was done. What no network check can find is listed below."
_PROFILES = {
    Profile.QUIET: "only listening (quiet)",
    Profile.STANDARD: "asking every device (standard)",
    Profile.THOROUGH: "asking every device more (thorough)",
}
_THEY = {True: "It is", False: "They are"}
_AGREED = {
    ConsentRole.OWNER: "the owner agreed",
    ConsentRole.TENANT: "a tenant agreed",
    ConsentRole.OCCUPANT: "an occupant agreed",
    ConsentRole.ACCOUNT_HOLDER: "the account holder agreed",
}


def compose(
    report: Report, catalogue: CatalogueTexts, guidance: GuidanceTexts, selection: Selection = EVERYTHING
) -> Page:
    """The report in reading order: the same report, catalogue, guidance and selection give the same page."""
    others = [finding for finding in report.findings if finding.device.role is not DeviceRole.LAPTOP]
    own = [finding for finding in report.findings if finding.device.role is DeviceRole.LAPTOP]
    ordered = sorted(others, key=lambda finding: ORDER.index(finding.concern.level))  # stable: keeps judge's order
    return Page(
        title=TITLE,
        heading=(*_say_left_out(report), *_write_heading(report, ordered), *_say_selection(selection, ordered)),
        partial=_say_partial(report),
        groups=_write_groups(ordered, selection, report, catalogue, guidance),
        total=len(ordered),
        before=(
            Section("Before anything is touched", "Take care, for every device", guidance.common_do_not),
            Section("Questions for every device", "You could ask, for every device", guidance.common_questions),
        ),
        laptop=_write_laptop(own, report),
        not_checked=Section(
            "What was not checked, and why", "Not checked", tuple(_say_not_checked(report)) or (_ALL_DONE,)
        ),
        sent=write_sent(report.runs),
        sent_rows=write_sent_rows(report.runs),
        after=(
            Section("What no network check can find", "Blind spot", guidance.blind_spots, numbered=True),
            Section("What this record is", "Limit", (*guidance.limits, _say_tool(report), *_say_overlay(report))),
        ),
    )


def _say_left_out(report: Report) -> tuple[Row, ...]:
    return (Row("Copy", (report.left_out,)),) if report.left_out else ()


def _say_selection(selection: Selection, ordered: list[Finding]) -> tuple[Row, ...]:
    part = selection.say(ordered)
    return (Row("Shown", (part,)),) if part else ()


def _write_groups(
    ordered: list[Finding],
    selection: Selection,
    report: Report,
    catalogue: CatalogueTexts,
    guidance: GuidanceTexts,
) -> tuple[Group, ...]:
    numbers = {finding.device.id: number for number, finding in enumerate(ordered, 1)}
    told: dict[str | None, int] = {}
    cards: dict[Level, list[Card]] = {level: [] for level in ORDER}
    for number, finding in selection.choose(ordered):
        level = finding.concern.level
        brief = level is Level.LOWER
        place = Place(number, numbers, guidance, brief, told.get(finding.kind))
        if not brief:
            told.setdefault(finding.kind, number)
        cards[level].append(write_card(place, finding, report, catalogue))
    return tuple(Group(level, _NOTES[level], tuple(cards[level])) for level in ORDER if cards[level])


def _write_heading(report: Report, others: list[Finding]) -> tuple[Row, ...]:
    scope = report.scope
    agreed = f"; {_AGREED[scope.consent.role]}" if scope.consent else ""
    return (
        Row("Network", (f"{scope.network} through {shown(scope.interface, 40)}{agreed}.", *_say_hotspot(scope))),
        Row("When", (_say_when(report),)),
        Row("Found", _say_found(others, besides_us=bool(scope.address))),
    )


def _say_when(report: Report) -> str:
    """When it was, for how long, and how. A capture was recorded by somebody, in no profile of ours."""
    captured = [run for run in report.runs if run.probe == "capture"]
    if captured and not any(run.started for run in captured):
        return "No frame was recorded, so no time is known."
    how = "read from what was recorded then" if captured else _PROFILES[report.scope.profile]
    return f"{_say_time(report.started)}, for {_say_seconds(report.started, report.ended)}, {how}."


def _say_hotspot(scope: Scope) -> Iterable[str]:
    """That this is hardly the home's network, on top, because it changes how all of the rest is read."""
    for what in find_hotspots(scope.gateway, scope.network, only_cameras=True).values():
        yield f"It can be the own Wi-Fi of {what}, and then not the home's network."
        return


def _say_found(findings: list[Finding], *, besides_us: bool) -> tuple[str, ...]:
    others = [finding for finding in findings if finding.device.role is not DeviceRole.NEARBY]
    near = len(findings) - len(others)
    named = sum(1 for finding in others if finding.confidence is not Confidence.NONE)
    bridged = sum(1 for finding in others if finding.device.role is DeviceRole.BRIDGED)
    besides = " besides this laptop" if besides_us else ""  # a capture may come from anywhere
    found = f"We found {_count(len(others), 'device')}{besides} and could name {named}."
    behind = (
        (f"{bridged} did not answer: another device spoke for {'it' if bridged == 1 else 'them'}.",) if bridged else ()
    )
    wifi = (
        (f"{_count(near, 'Wi-Fi name')} near here can be a camera's own. {_THEY[near == 1]} not on this network.",)
        if near
        else ()
    )
    return (found, *behind, *wifi, "Some kinds of device cannot be found this way.")


def _say_partial(report: Report) -> str | None:
    if report.partial is None:
        return None
    return shown(f"This check is not complete: {report.partial.rstrip('.')}.")


def _say_not_checked(report: Report) -> Iterable[str]:
    for missed in report.not_checked:
        yield _say_missed(missed)
    said = {missed.why for missed in report.not_checked}
    for run in report.runs:
        if run.skipped and run.skipped not in said:
            yield f"{run.probe}: not done. {run.skipped}"
        if run.failed and run.failed not in said:
            yield f"{run.probe}: stopped before its end. {run.failed}"
        yield from (f"{run.probe}: {limit}" for limit in run.limits if limit not in said)


def _say_missed(missed: NotChecked) -> str:
    why = missed.why.rstrip()
    return f"{missed.what.rstrip('.:')}: {why}{'' if why.endswith(('.', '?', '!')) else '.'}"


def _write_laptop(own: list[Finding], report: Report) -> Card | None:
    if not own:
        return None
    device = own[0].device
    where = f"{', '.join(device.ipv4) or report.scope.address}, {', '.join(device.macs) or 'hardware address hidden'}."
    made = "It made this check. It is on the network, so whoever runs the router can see it there."
    return Card(0, None, "This laptop", report.scope.address, False, (Row("Where", (where,)), Row("Role", (made,))))


def _say_tool(report: Report) -> str:
    tool = report.tool
    return (
        f"Made by iotsweep {tool.version} with catalogue {tool.catalogue_version} "
        f"({tool.catalogue_fingerprints} product families) and the hardware address list of {tool.vendors_date}."
    )


def _say_overlay(report: Report) -> Iterable[str]:
    own = report.tool.overlay
    if own:
        names = shown(", ".join(own), 200)
        yield f"The user's own fingerprints were used and win over bundled ones ({len(own)}): {names}."


def _say_time(time: str) -> str:
    moment = _read_time(time)
    return moment.strftime("%Y-%m-%d at %H:%M UTC") if moment else shown(time, 40)


def _say_seconds(started: str, ended: str) -> str:
    start, end = _read_time(started), _read_time(ended)
    if start is None or end is None:
        return "a time that the record does not give"
    seconds = max(0, round((end - start).total_seconds()))
    return _count(seconds, "second") if seconds < 120 else _count(round(seconds / 60), "minute")


def _read_time(time: str) -> datetime | None:
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
