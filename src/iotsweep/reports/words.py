"""The sentences about one device, shared by the terminal and the plain form so that there is no second wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iotsweep.model import Claim, Confidence, DeviceRole, Finding, Match, Report
from iotsweep.reports.facts import say_because, say_seen
from iotsweep.reports.hearing import say_heard
from iotsweep.reports.page import Card, Row
from iotsweep.reports.shown import quoted, shown
from iotsweep.reports.silence import say_silence
from iotsweep.reports.texts import CatalogueTexts, GuidanceTexts
from iotsweep.reports.told import find_names, say_told

FACTS_SHOWN = 5  # enough to judge by; the saved record holds all
NOT_IDENTIFIED = "Not identified"

_SURE = {
    Confidence.CONFIRMED: "Confirmed.",
    Confidence.LIKELY: "Likely.",
    Confidence.POSSIBLE: "Possible. It could be something else.",
    Confidence.NONE: "Nothing that we saw says what it is.",
}
_TITLE = {Confidence.CONFIRMED: "{}", Confidence.LIKELY: "{} (likely)", Confidence.POSSIBLE: "Could be: {}"}
_TITLE_ENDS = {
    DeviceRole.ROUTER: ", this network's router",
    DeviceRole.NEARBY: ", by a Wi-Fi name near here, not on this network",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device stands in the report: its number, everybody's numbers by id, and how much is said about it."""

    number: int
    numbers: Mapping[str, int]
    guidance: GuidanceTexts
    brief: bool = False
    same_as: int | None = None  # the device whose guidance, printed before, is that of this one's kind


def kind_name(kind: str | None, catalogue: CatalogueTexts) -> str:
    """What people call a kind; an id that the catalogue does not know is shown as it is."""
    if kind is None:
        return NOT_IDENTIFIED
    known = catalogue.kinds.get(kind)
    return known.name if known else kind


def say_title(finding: Finding, catalogue: CatalogueTexts) -> str:
    """What a device most likely is, in one phrase, with how sure when that is less than confirmed."""
    what = _name(finding, catalogue)
    if finding.confidence is not Confidence.NONE and what != NOT_IDENTIFIED:
        what = _TITLE[finding.confidence].format(what)
    return what + _TITLE_ENDS.get(finding.device.role, "")


def say_where(finding: Finding) -> str:
    """The first address of a device, or why it has none."""
    device = finding.device
    if device.ipv4 or device.ipv6:
        return (device.ipv4 or device.ipv6)[0]
    if device.role is DeviceRole.NEARBY:
        return "near here"
    return "behind a bridge" if device.role is DeviceRole.BRIDGED else "no address seen"


def say_can(claims: tuple[Claim, ...], catalogue: CatalogueTexts) -> tuple[Row, ...]:
    """What this kind of thing can do; what is only possible is said apart."""
    sure = [claim for claim in claims if claim.confidence.rank >= Confidence.LIKELY.rank]
    unsure = [claim for claim in claims if claim.confidence is Confidence.POSSIBLE]
    return (
        Row("What it can do", _capabilities(sure, catalogue), listed=True),
        Row("What it might do", _capabilities(unsure, catalogue), listed=True),
    )


def write_card(place: Place, finding: Finding, report: Report, catalogue: CatalogueTexts) -> Card:
    """All that is said about one device; a brief card leaves out what to talk about."""
    facts = 1 if place.brief else FACTS_SHOWN
    rows = (
        Row("Where", _where(finding)),
        Row("Role", _part(finding, place.numbers)),
        Row("Its name", _names(finding, find_names(finding, report))),
        *say_can(finding.can, catalogue),
        Row("Why here", () if place.brief else tuple(reason.sentence for reason in finding.concern.reasons)),
        Row("How sure", _sure(finding, report, facts, brief=place.brief)),
        Row("It showed", _seen(finding, report, facts)),
        Row("Seen by", _methods(finding, report)),
        Row("Heard", say_heard(finding.device, report)),
        Row("It also told", () if place.brief else say_told(finding, report, place.numbers), listed=True),
        Row("Could also be", _alternatives(finding, catalogue, 1 if place.brief else 3), listed=True),
        *(() if place.brief else write_talk(finding, place)),
    )
    return Card(
        place.number,
        finding.concern.level,
        say_title(finding, catalogue),
        say_where(finding),
        finding.concern.provisional,
        tuple(row for row in rows if row.sentences),
        place.brief,
    )


def write_talk(finding: Finding, place: Place) -> tuple[Row, ...]:
    """What to ask, look for, offer and leave alone; said once per kind, and later pointed to."""
    texts = place.guidance.for_kind(finding.kind)
    if place.same_as is not None:
        same = f"What to ask, what to look for and what not to do: as for device {place.same_as}."
        return (Row("Look for", _account(finding), listed=True), Row("See also", (same,)))
    return (
        Row("You could ask", texts.questions, listed=True),
        Row("Look for", (*_account(finding), *texts.checks), listed=True),
        Row("Options", texts.next, listed=True),
        Row("Take care", texts.do_not, listed=True),
    )


def _name(finding: Finding, catalogue: CatalogueTexts) -> str:
    kind = kind_name(finding.kind, catalogue)
    what = shown(finding.name or kind, 80)
    name = what[:1].upper() + what[1:]
    if finding.name and finding.maker and finding.maker.lower() not in name.lower():
        name += f" by {shown(finding.maker, 40)}"
    if finding.kind and finding.device.role is not DeviceRole.ROUTER and not _says_kind(what, kind):
        name += f", {_inside(shown(kind, 40))}"
    if finding.model and finding.model.lower() not in name.lower():
        name += f", model {quoted(finding.model, 32)}"
    return name


def _inside(phrase: str) -> str:
    # A kind's name starts with a capital; inside a sentence only an abbreviation such as TV keeps it.
    return phrase if phrase[1:2].isupper() else phrase[:1].lower() + phrase[1:]


def _says_kind(name: str, kind: str) -> bool:
    said = set(name.lower().replace("-", " ").split())
    return any(word in said for word in kind.lower().replace("-", " ").split() if word not in {"or", "smart", "and"})


def _where(finding: Finding) -> tuple[str, ...]:
    device = finding.device
    if device.role is DeviceRole.NEARBY:
        return ("A Wi-Fi name near here, not on this network. How far away it is cannot be told from the name.",)
    addresses = ", ".join((*device.ipv4[:4], *device.ipv6[:2])) or "No address seen"
    more = len(device.ipv4[4:]) + len(device.ipv6[2:])
    hardware = ", ".join(device.macs[:3]) or "hardware address not seen"
    vendor = f", network part by {device.vendor.rstrip('.')}" if device.vendor else ""
    return (f"{addresses}{f' and {more} more' if more else ''}, {hardware}{vendor}.",)


def _methods(finding: Finding, report: Report) -> tuple[str, ...]:
    """Which probes saw it, as "What was sent" names them, and in which pass of ARP questions it answered first."""
    kept = [report.observations[index] for index in finding.device.seen]
    passes = [int(told) for one in kept for told in one.values("arp.pass") if told.isascii() and told.isdecimal()]
    names = dict.fromkeys(one.probe for one in sorted(kept, key=lambda one: one.time))
    said = [f"arp (pass {min(passes)})" if name == "arp" and passes else shown(name, 40) for name in names]
    return (f"{', '.join(said)}.",) if said else ()


def _part(finding: Finding, numbers: Mapping[str, int]) -> tuple[str, ...]:
    device = finding.device
    if device.role is DeviceRole.ROUTER:
        return ("It is the router of this network.",)
    if device.answers_for:
        some = ", ".join(device.answers_for[:3])
        etc = ", ..." if len(device.answers_for) > 3 else ""
        return (
            f"One device answers for {len(device.answers_for)} addresses ({some}{etc}).",
            "It can be a Wi-Fi repeater or a router. We could not see what is behind it.",
        )
    if device.role is DeviceRole.BRIDGED:
        number = numbers.get(device.bridge or "")
        who = f"device {number}" if number else "another device"
        return (f"We know of it from {who}, which announces it. It did not answer itself.",)
    return ()


def _names(finding: Finding, told: tuple[str, ...]) -> tuple[str, ...]:
    names = list(dict.fromkeys(quoted(name) for name in told if shown(name)))
    more = len(names) - 3
    etc = f" and {more} more" if more > 0 else ""
    if finding.device.role is DeviceRole.NEARBY:
        return ()
    return (f"It calls itself {', '.join(names[:3])}{etc}.",) if names else ()


def _sure(finding: Finding, report: Report, facts: int, *, brief: bool) -> tuple[str, ...]:
    silence = () if brief else say_silence(finding, report)
    return (_SURE[finding.confidence], *say_because(finding.because, facts), *silence)


def _seen(finding: Finding, report: Report, limit: int) -> tuple[str, ...]:
    if finding.because:
        return ()
    kept = (report.observations[index] for index in finding.device.seen if 0 <= index < len(report.observations))
    return say_seen(kept, limit)


def _alternatives(finding: Finding, catalogue: CatalogueTexts, limit: int) -> tuple[str, ...]:
    return tuple(_alternative(match, catalogue) for match in finding.alternatives[:limit])


def _alternative(match: Match, catalogue: CatalogueTexts) -> str:
    kind = kind_name(match.kind, catalogue)
    name = shown(match.name, 80)
    more = f", {_inside(kind)}" if name.endswith(")") else f" ({_inside(kind)})"
    what = name if kind.lower() in name.lower() else name + more
    facts = " ".join(say_because(match.because[:1], 1))
    return f"{what}, {match.confidence.value}. {facts}".strip()


def _capabilities(claims: list[Claim], catalogue: CatalogueTexts) -> tuple[str, ...]:
    known = ((claim.capability, catalogue.capabilities.get(claim.capability)) for claim in claims)
    says = dict.fromkeys(text.say if text else f"can do {capability}" for capability, text in known)
    return tuple(f"{say[:1].upper()}{say[1:].rstrip('.')}." for say in says)


def _account(finding: Finding) -> tuple[str, ...]:
    account = finding.account
    if account is None:
        return ()
    people = f"In the app {account.app}, look for {account.people}." if account.people else f"Its app is {account.app}."
    alerts = f"What it can tell people: {account.alerts.rstrip('.')}." if account.alerts else ""
    return (people, alerts) if alerts else (people,)
