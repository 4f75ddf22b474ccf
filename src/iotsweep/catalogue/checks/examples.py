"""Rules for examples: they are the tests."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.catalogue.checks.case import Case, Rule, problem
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.loading import Source
from iotsweep.catalogue.matching import rivals
from iotsweep.catalogue.seen import counts_as
from iotsweep.model import Confidence, Example, Match


def every_level_has_an_example(source: Source, _: Case) -> Iterator[Problem]:
    """Each level of confidence that has clues has an example that reaches it."""
    shown = {example.confidence for example in source.fingerprint.examples}
    for confidence, _clues in source.fingerprint.clues:
        if confidence not in shown:
            what = f"no example expects `{confidence}`"
            yield problem(source, ("clues", confidence.value), what, "Add one that shows what such a device said")


def there_are_clues(source: Source, _: Case) -> Iterator[Problem]:
    """A fingerprint without clues never matches."""
    if not source.fingerprint.clues:
        yield problem(source, ("clues",), "there is no clue", "Add at least one under confirmed, likely or possible")


def there_is_a_near_miss(source: Source, _: Case) -> Iterator[Problem]:
    """Something similar that must not match, and that a clue could have mistaken."""
    misses = [example for example in source.fingerprint.examples if example.confidence is Confidence.NONE]
    if not misses:
        yield problem(source, ("examples",), "there is no near miss", "Add an example with `expect: none`")
        return
    used = {key for _, clues in source.fingerprint.clues for clue in clues for key, _ in clue.facts}
    if used and not any(
        {key, counts_as(key)} & used for example in misses for reply in example.saw for key, _ in reply.facts
    ):
        what = "the near miss holds none of the keys that the clues ask for"
        yield problem(source, misses[0].line, what, "Choose a similar device that nearly fits")


def examples_behave(source: Source, case: Case) -> Iterator[Problem]:
    """Each example gets the confidence and the fields that it expects."""
    for example in source.fingerprint.examples:
        matches = case.fit(example)
        match = next((match for match in matches if match.fingerprint == source.fingerprint.id), None)
        wrong = _difference(example, match)
        if wrong:
            yield problem(source, example.line, f"example `{example.name}`: {wrong}", _remedy(example, match))
        elif match and (rival := _rival(match, matches)):
            what = f"example `{example.name}`: `{rival.fingerprint}` ({rival.kind}) is as sure of it"
            yield problem(source, example.line, what, "Make one of the two more particular, or less sure")


def _difference(example: Example, match: Match | None) -> str:
    found = match.confidence if match else Confidence.NONE
    if found is not example.confidence:
        return f"expected `{example.confidence}`, got `{found}`"
    for name, text in example.fields:
        got = _field(match, name)
        if got != text:
            return f"expected {name} `{text}`, got " + (f"`{got}`" if got else "nothing")
    return ""


def _field(match: Match | None, name: str) -> str | None:
    if match is None:
        return None
    value: str | None = getattr(match, {"name": "label"}.get(name, name))
    return value


def _remedy(example: Example, match: Match | None) -> str:
    if match and example.confidence is Confidence.NONE:
        because = ", ".join(f"{reason.key} = {reason.value}" for reason in match.because)
        return f"Narrow the clue that holds by {because}"
    if match is None:
        return "Compare each fact with the clue: facts of one protocol have to stand in the same entry of `saw`"
    return "Correct the clue or the example"


def _rival(match: Match, matches: tuple[Match, ...]) -> Match | None:
    """A product family of another kind that takes the answer away or contests it, when this one was sure."""
    if match.generic or match.confidence.rank < Confidence.LIKELY.rank:
        return None
    families = [one for one in matches if not one.generic]
    if families[0].kind != match.kind:
        return families[0]
    return next(iter(rivals(families)), None)


RULES: tuple[Rule, ...] = (there_are_clues, every_level_has_an_example, there_is_a_near_miss, examples_behave)
