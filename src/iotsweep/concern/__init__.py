"""Matches and answers become findings: what a device most likely is, what it can do, and how much it matters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from iotsweep.answers import Answer, Exposure
from iotsweep.catalogue.matching import fill, put_best_first, rivals
from iotsweep.catalogue.telling import tell_maker
from iotsweep.concern.claims import Words, claim, is_firm
from iotsweep.concern.rule import TIERS, Case, Verdict, Weight, weigh
from iotsweep.guidance import load_guidance
from iotsweep.guidance.generic import find_exposures
from iotsweep.model import (
    Account,
    Claim,
    Concern,
    Confidence,
    Device,
    DeviceRole,
    Finding,
    Level,
    Match,
    Observation,
    Reason,
)

__all__ = ["judge", "order"]

_COLUMNS = ("N", "K2", "NA", "K1", "K0")  # worst known first


def judge(
    device: Device,
    matches: Sequence[Match],
    observations: Sequence[Observation],
    catalogue: Words,
    answer: Answer | None = None,
) -> Finding:
    """The finding for one device. `matches` come best first; `observations` are those of the whole report."""
    answer = _add_exposures(answer or Answer(), device, observations)
    claims = claim(device, matches, observations, catalogue)
    contested = rivals(matches)
    matches = put_best_first(matches)
    top = matches[0] if matches else None
    confidence = Confidence.POSSIBLE if contested else top.confidence if top else Confidence.NONE
    if device.role is DeviceRole.LAPTOP:
        return _finding_of_laptop(device)
    verdict = weigh(Case(is_firm(confidence), _weights(claims, catalogue), answer))
    return Finding(
        device=device,
        kind=top.kind if top else None,
        name=top.name if top else None,
        maker=fill("maker", matches) or _tell_maker(device, observations, catalogue),
        model=fill("model", matches),
        confidence=confidence,
        because=top.because if top else (),
        alternatives=tuple(matches[1:]),
        can=claims,
        concern=_concern(verdict, device, answer, (*_doubts(confidence, bool(contested), claims, catalogue),)),
        fingerprint=top.fingerprint if top else None,
        account=_account(top, catalogue),
    )


def order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By level, then tier, then how well it is known, then number of claims; this laptop last."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[bool, int, int, int, int, tuple[int, ...], str]:
    concern, device = finding.concern, finding.device
    column = concern.reasons[0].code.rpartition("-")[2] if concern.reasons else ""
    return (
        device.role is DeviceRole.LAPTOP,
        list(Level).index(concern.level),
        TIERS.index(concern.tier) if concern.tier else len(TIERS),
        _COLUMNS.index(column) if column in _COLUMNS else len(_COLUMNS),
        -len(finding.can),
        tuple(int(part) for part in device.ipv4[0].split(".")) if device.ipv4 else (256,),
        device.id,
    )


def _add_exposures(answer: Answer, device: Device, observations: Sequence[Observation]) -> Answer:
    seen = [observations[index] for index in device.seen if 0 <= index < len(observations)]
    exposures = {*answer.exposures, *(Exposure(name) for name in find_exposures(seen))}
    return replace(answer, exposures=tuple(sorted(exposures)))


def _weights(claims: Iterable[Claim], catalogue: Words) -> tuple[Weight, ...]:
    known = ((one, catalogue.capabilities.get(one.capability)) for one in claims)
    return tuple(Weight(can.tier, is_firm(one.confidence), can.capture) for one, can in known if can)


def _tell_maker(device: Device, observations: Sequence[Observation], catalogue: Words) -> str | None:
    """The maker that no match names: what the device says of itself, else whose address block it has."""
    seen = [observations[index] for index in device.seen if 0 <= index < len(observations)]
    return tell_maker(seen, catalogue, device.vendor)


def _account(top: Match | None, catalogue: Words) -> Account | None:
    found = catalogue.fingerprint(top.fingerprint) if top else None
    return found.account if found else None


def _doubts(confidence: Confidence, contested: bool, claims: Sequence[Claim], catalogue: Words) -> Iterator[str]:
    """Codes that change no level but belong to an honest answer."""
    if contested:
        yield "CONF-DISAGREE"
    elif confidence is Confidence.LIKELY:
        yield "CONF-LIKELY"
    elif confidence is Confidence.POSSIBLE:
        yield "CONF-POSSIBLE"
    weak = (one.capability for one in claims if not is_firm(one.confidence))
    if any((can := catalogue.capabilities.get(name)) and can.tier == "T4" for name in weak):
        yield "HINT-T4"


def _concern(verdict: Verdict, device: Device, answer: Answer, doubts: Sequence[str]) -> Concern:
    codes = (*verdict.codes, *doubts, *_circumstances(device))
    return Concern(
        level=verdict.level,
        provisional=answer.expectedness.code == "NA",
        tier=verdict.tier,
        reasons=tuple(Reason(code, load_guidance().explain(code)) for code in codes),
    )


def _circumstances(device: Device) -> Iterator[str]:
    if device.role is DeviceRole.PROXY:
        yield "ROLE-PROXY"
    elif device.role is DeviceRole.NEARBY:
        yield "ROLE-NEARBY"
    elif device.role is DeviceRole.BRIDGED:
        yield "ROLE-BRIDGED"
    elif device.bridge:
        yield "ROLE-BEHIND"
    if len(device.macs) > 1:
        yield "SEEN-TWO-MACS"


def _finding_of_laptop(device: Device) -> Finding:
    reason = Reason("ROLE-LAPTOP", load_guidance().explain("ROLE-LAPTOP"))
    return Finding(
        device=device,
        kind="computer",
        name=None,
        maker=None,
        model=None,
        confidence=Confidence.CONFIRMED,
        because=(),
        alternatives=(),
        can=(),
        concern=Concern(Level.LOWER, provisional=False, tier=None, reasons=(reason,)),
    )
