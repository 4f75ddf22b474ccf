"""Makes a Fingerprint from a file of the right shape; refuses keys and values that could never match."""

from __future__ import annotations

from typing import Any

from iotsweep.catalogue import vocabulary
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.normal import mac_digits
from iotsweep.catalogue.patterns import PatternError, check_regex, compiled, is_regex, read_pattern
from iotsweep.catalogue.shape import FingerprintShape
from iotsweep.catalogue.yaml_text import Document, Place
from iotsweep.clean import LONGEST, clean
from iotsweep.model import Account, Clue, Confidence, Example, Fingerprint, Observation


def build_fingerprint(shape: FingerprintShape, document: Document) -> tuple[Fingerprint, list[Problem]]:
    """The fingerprint, and what is wrong with its keys and values."""
    generic = shape.get("generic") == "true"
    problems = _refuse_values(shape, document, generic=generic)
    account = shape.get("account")
    fingerprint = Fingerprint(
        id=shape["id"],
        name=shape["name"],
        kind=shape["kind"],
        maker=shape.get("maker", ""),
        can=tuple(shape["can"]),
        status=shape["status"],
        reviewed=shape["reviewed"],
        references=tuple(shape["references"]),
        clues=_clues(shape, document),
        examples=tuple(
            _example(example, document.line(("examples", number))) for number, example in enumerate(shape["examples"])
        ),
        account=Account(account["app"], account.get("people", ""), account.get("alerts", "")) if account else None,
        path=document.path,
        generic=generic,
    )
    return fingerprint, problems


def can_be_compared(fingerprint: Fingerprint) -> bool:
    """False when a clue holds a regular expression that cannot be used."""
    try:
        for _, clues in fingerprint.clues:
            for key, values in (fact for clue in clues for fact in clue.facts):
                for pattern in (read_pattern(key, value) for value in values):
                    if pattern.form == "regex":
                        compiled(pattern.text)
    except ValueError:
        return False
    return True


def _clues(shape: FingerprintShape, document: Document) -> tuple[tuple[Confidence, tuple[Clue, ...]], ...]:
    levels: dict[str, Any] = dict(shape["clues"])
    return tuple(
        (
            confidence,
            tuple(
                Clue(_facts(clue), document.line(("clues", confidence.value, number)))
                for number, clue in enumerate(levels[confidence.value])
            ),
        )
        for confidence in Confidence
        if confidence.value in levels
    )


def _facts(clue: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((key, tuple(values)) for key, values in clue.items())


def _example(example: Any, line: int) -> Example:  # noqa: ANN401  (checked by shape.py)
    expect = dict(example["expect"])
    confidence = Confidence(expect.pop("confidence"))
    saw = tuple(as_observation(facts) for facts in example["saw"])
    return Example(example["name"], saw, confidence, tuple(sorted(expect.items())), line)


def as_observation(facts: dict[str, list[str]], probe: str = "example") -> Observation:
    """An observation from `{key: [values]}`, cleaned as a probe's would be."""
    pairs = {(key.lower(), text) for key, values in facts.items() for text in map(_cleaned, values) if text}
    return Observation(probe, "", None, None, tuple(sorted(pairs)))


def _cleaned(text: str) -> str:
    """As `clean`, at once for what needs no cleaning: nearly every text of an example."""
    plain = text.isascii() and text.isprintable() and "  " not in text and text == text.strip() and len(text) <= LONGEST
    return text if plain else clean(text)


def _refuse_values(shape: FingerprintShape, document: Document, *, generic: bool) -> list[Problem]:
    problems: list[Problem] = []
    levels: dict[str, Any] = dict(shape["clues"])
    for level, clues in levels.items():
        for number, clue in enumerate(clues):
            place = ("clues", level, number)
            problems += _refuse_keys(clue, place, document)
            problems += _refuse_patterns(clue, place, document, generic=generic)
    for number, example in enumerate(shape["examples"]):
        for reply, facts in enumerate(example["saw"]):
            problems += _refuse_keys(facts, ("examples", number, "saw", reply), document)
    return problems


def _refuse_keys(facts: dict[str, list[str]], place: Place, document: Document) -> list[Problem]:
    return [
        Problem(document.path, document.line((*place, key)), f"nothing yields `{key}`", vocabulary.suggest(key))
        for key in facts
        if vocabulary.find_key(key) is None
    ]


def _refuse_patterns(clue: dict[str, list[str]], place: Place, document: Document, *, generic: bool) -> list[Problem]:
    problems = []
    for key, values in clue.items():
        for value in values:
            try:
                _check_value(key, value, generic=generic)
            except PatternError as error:
                line = document.line((*place, key))
                problems.append(Problem(document.path, line, f"`{key}`: {error}", error.remedy))
    return problems


def _check_value(key: str, value: str, *, generic: bool) -> None:
    if is_regex(value):
        check_regex(value, may_name_maker=generic)
    if key == "mac.prefix" and len(mac_digits(value).rstrip("*")) not in (6, 7, 9):
        raise PatternError(
            f"`{value}` is no address block of the IEEE", "Write its 6, 7 or 9 hexadecimal digits, as in B85F98"
        )
    if key.startswith(("tcp.", "udp.")) and value != "open":
        raise PatternError(f"a port is never `{value}`", "Write `open`")
