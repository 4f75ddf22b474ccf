"""What a device can do, how sure that is and why: from the catalogue, and from evidence that needs no maker's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from iotsweep.catalogue.matching import put_best_first, rivals
from iotsweep.guidance.generic import GenericEvidence, load_generic_evidence
from iotsweep.model import Because, Claim, Confidence, Device, Fingerprint, Match, Observation

__all__ = ["Words", "claim", "is_firm"]

MOST_REASONS = 6  # per claim: enough to check it by


class KindFacts(Protocol):
    """What is needed of a catalogue's kind."""

    @property
    def can(self) -> tuple[str, ...]:
        """What this kind can do when nothing more is known."""


class CapabilityFacts(Protocol):
    """What is needed of a catalogue's capability."""

    @property
    def tier(self) -> str:
        """T4 (sees, hears, locates, opens) to T0."""

    @property
    def capture(self) -> bool:
        """Whether a private room makes it weigh more."""


class Words(Protocol):
    """What is needed of `iotsweep.catalogue.catalogue.Catalogue`."""

    @property
    def kinds(self) -> Mapping[str, KindFacts]:
        """Kinds by id."""

    @property
    def capabilities(self) -> Mapping[str, CapabilityFacts]:
        """Capabilities by id."""

    @property
    def makers(self) -> Mapping[str, tuple[str, ...]]:
        """The spelling of each maker's name to use, and others."""

    def makes_only_parts(self, holder: str) -> bool:
        """Whether the holder of an address block makes parts for other makers' products."""

    def fingerprint(self, identity: str) -> Fingerprint | None:
        """The fingerprint with this id."""


def is_firm(confidence: Confidence) -> bool:
    """Moderate or better in the words of the concern rule."""
    return confidence.rank >= Confidence.LIKELY.rank


def claim(
    device: Device, matches: Sequence[Match], observations: Sequence[Observation], catalogue: Words
) -> tuple[Claim, ...]:
    """Every capability once, with the best reason there is for it; the weightiest and surest first."""
    surest: dict[str, Claim] = {}
    evidence = load_generic_evidence()
    for found in (*_from_matches(matches, catalogue), *_from_evidence(device, observations, evidence)):
        known = surest.get(found.capability)
        if known is None or found.confidence.rank > known.confidence.rank:
            surest[found.capability] = found
    if len(surest) > 1:
        surest.pop("none_known", None)

    def order(one: Claim) -> tuple[str, int, str]:
        capability = catalogue.capabilities.get(one.capability)
        return (_reverse(capability.tier if capability else "T0"), -one.confidence.rank, one.capability)

    return tuple(sorted(surest.values(), key=order))


def _reverse(tier: str) -> str:
    return str(9 - int(tier[1:]))


def _from_matches(matches: Sequence[Match], catalogue: Words) -> Iterable[Claim]:
    """The best match claims as firmly as it fits; where equals contradict it, only what they all claim stays firm.

    Other explanations claim at `possible`, but one of the same kind bears out what the best one claims. When the
    device said itself what it is (confirmed), weaker explanations are listed but claim nothing.
    """
    if not matches:
        return
    top, *others = put_best_first(matches)
    disputed = rivals(matches)
    shared = set(_can(top, catalogue)).intersection(*(_can(rival, catalogue) for rival in disputed))
    for capability in _can(top, catalogue):
        firm = capability in shared or not disputed
        yield _claim(capability, top, top.confidence if firm else Confidence.POSSIBLE)
    for other in others:
        if top.confidence is Confidence.CONFIRMED and other.confidence is not Confidence.CONFIRMED:
            continue
        agrees = set(_can(top, catalogue)) if other.kind == top.kind and not disputed else set()
        for capability in _can(other, catalogue):
            yield _claim(capability, other, other.confidence if capability in agrees else Confidence.POSSIBLE)


def _can(match: Match, catalogue: Words) -> tuple[str, ...]:
    if match.can:
        return match.can
    kind = catalogue.kinds.get(match.kind)
    return kind.can if kind else ()


def _claim(capability: str, match: Match, confidence: Confidence) -> Claim:
    return Claim(capability, confidence, match.because[:MOST_REASONS])


def _from_evidence(
    device: Device, observations: Sequence[Observation], table: Sequence[GenericEvidence]
) -> Iterable[Claim]:
    facts = [
        Because(index, key, value)
        for index in device.seen
        if 0 <= index < len(observations)
        for key, value in observations[index].facts
    ]
    for row in table:
        because = row.explain(facts)
        for capability, confidence in row.can if because else ():
            yield Claim(capability, confidence, because[:MOST_REASONS])
