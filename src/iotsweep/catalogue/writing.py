"""Writes a drafted fingerprint as the file that a person reviews, and proves that it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from iotsweep.catalogue.build import build_fingerprint
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.drafting import Draft, clue_of, example_of
from iotsweep.catalogue.errors import CatalogueError, Problem
from iotsweep.catalogue.matching import fit
from iotsweep.catalogue.seen import Vendors
from iotsweep.catalogue.shape import FingerprintShape, read_shape
from iotsweep.catalogue.yaml_text import read_yaml
from iotsweep.model import Confidence, Fingerprint, Match, Observation

_PLACEHOLDER = "a similar product that must not match (replace this with a real one)"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the drafted file does when it is used."""

    confidence: Confidence
    also: tuple[str, ...]  # fingerprints whose examples it would match as well
    devices: tuple[str, ...]  # other devices of the same scan that it would match
    problems: tuple[Problem, ...] = ()


def write_draft(draft: Draft, day: str) -> str:
    """The file. `day` is when the device was seen (YYYY-MM-DD)."""
    return "\n".join(_lines(draft, day)) + "\n"


def _lines(draft: Draft, day: str) -> Iterator[str]:
    yield "# Drafted from one device by `iotsweep catalogue learn`. Compare it with what you know of the product."
    yield f"id: {draft.id}"
    yield f"name: {_quoted(draft.name)}"
    yield f"kind: {draft.kind}" + ("  # decide" if "kind" in draft.guessed else "")
    yield f"maker: {_quoted(draft.maker)}"
    yield f"can: [{', '.join(draft.can)}]" + ("  # decide" if "can" in draft.guessed else "")
    yield "status: draft"
    yield f"reviewed: {day}"
    yield f"references: [{_quoted(f'Seen on one device on {day}, personal values masked; add the product page')}]"
    yield "clues:"
    for level in (Confidence.LIKELY, Confidence.POSSIBLE):
        if draft.clues.get(level):
            yield f"  {level}:"
            for facts in draft.clues[level]:
                yield from _entry(clue_of(facts), "    ")
    yield "examples:"
    for level in (Confidence.LIKELY, Confidence.POSSIBLE):
        for number, facts in enumerate(draft.clues.get(level, ()), 1):
            yield f"  - name: what it said, {level} {number}"
            yield "    saw:"
            yield from _entry(example_of(facts), "      ")
            yield f"    expect: {{confidence: {level}}}"
    yield from _near_miss(draft)


def _near_miss(draft: Draft) -> Iterator[str]:
    name = "another device of the same scan" if draft.near else _PLACEHOLDER
    first = next(facts for here in draft.clues.values() for facts in here)
    replies = [example_of(facts) for facts in draft.near] or [{key: "something else" for key, _ in first[:1]}]
    yield f"  - name: {name}"
    yield "    saw:"
    for reply in replies:
        yield from _entry({key: "open" if key.startswith("tcp.") else text for key, text in reply.items()}, "      ")
    yield "    expect: none"


def _entry(facts: Mapping[str, str], indent: str) -> Iterator[str]:
    for number, (key, value) in enumerate(facts.items()):
        yield f"{indent}{'- ' if number == 0 else '  '}{key}: {_quoted(value)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def prove(
    text: str,
    observations: Sequence[Observation],
    others: Iterable[tuple[str, Sequence[Observation]]],
    catalogue: Catalogue,
    vendors: Vendors,
) -> Proof:
    """Read the file as any other and try it on the device, on the scan's other devices and on the known examples."""
    fingerprint, problems = _read(text)
    if fingerprint is None:
        return Proof(Confidence.NONE, (), (), tuple(problems))
    alone = Catalogue((fingerprint,), catalogue.kinds, catalogue.capabilities, "", "")

    def matches(seen: Sequence[Observation]) -> tuple[Match, ...]:
        return fit(list(enumerate(seen)), alone, vendors)

    own = matches(observations)
    also = [
        one.id
        for one in catalogue.fingerprints
        if any(example.confidence is not Confidence.NONE and matches(example.saw) for example in one.examples)
    ]
    devices = [label for label, seen in others if matches(seen)]
    problems += _examples_that_fail(fingerprint, matches)
    return Proof(own[0].confidence if own else Confidence.NONE, tuple(also), tuple(devices), tuple(problems))


def _read(text: str) -> tuple[Fingerprint | None, list[Problem]]:
    try:
        document = read_yaml(text.encode(), "the draft")
    except CatalogueError as error:
        return None, list(error.problems)
    shape, problems = read_shape(FingerprintShape, document)
    if shape is None:
        return None, problems
    return build_fingerprint(shape, document)


def _examples_that_fail(fingerprint: Fingerprint, matches: object) -> list[Problem]:
    problems = []
    for example in fingerprint.examples:
        found = matches(example.saw)  # type: ignore[operator]
        got = found[0].confidence if found else Confidence.NONE
        if got is not example.confidence:
            what = f"example `{example.name}`: expected `{example.confidence}`, got `{got}`"
            problems.append(Problem("the draft", example.line, what, "Narrow the clue, or choose another example"))
    return problems
