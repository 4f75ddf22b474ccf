"""Evidence that shows what a device can do, whoever made it: an RTSP service can show video."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from iotsweep.guidance.yaml_text import Node, read_bundled
from iotsweep.model import Because, Confidence, Observation


@dataclass(frozen=True, slots=True)
class Sign:
    """Facts that stand together in one reply. In keys and values `*` stands for anything."""

    facts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    def find(self, reply: Sequence[Because]) -> tuple[Because, ...]:
        """The facts of one reply that make this sign; none unless all are there."""
        found: list[Because] = []
        for key, value in self.facts:
            here = [fact for fact in reply if key.fullmatch(fact.key) and value.fullmatch(fact.value)]
            if not here:
                return ()
            found.append(here[0])
        return tuple(found)


@dataclass(frozen=True, slots=True)
class GenericEvidence:
    """Signs, any of which shows capabilities, unless another sign of the same device explains them otherwise."""

    id: str
    signs: tuple[Sign, ...]
    unless: tuple[Sign, ...]
    can: tuple[tuple[str, Confidence], ...]
    exposure: str | None
    sentence: str

    def explain(self, facts: Iterable[Because]) -> tuple[Because, ...]:
        """The facts that show it; empty when nothing does."""
        replies: dict[int | None, list[Because]] = {}
        for fact in facts:
            replies.setdefault(fact.observation, []).append(fact)
        if any(sign.find(reply) for reply in replies.values() for sign in self.unless):
            return ()
        found = [because for reply in replies.values() for sign in self.signs for because in sign.find(reply)]
        return tuple(dict.fromkeys(found))


@cache
def load_generic_evidence() -> tuple[GenericEvidence, ...]:
    """The bundled table. Raises GuidanceError with file and line."""
    rows = read_bundled("generic_evidence.yaml").fields()
    return tuple(_read(identity, node) for identity, node in rows.items())


def find_exposures(observations: Iterable[Observation]) -> tuple[str, ...]:
    """The serious weaknesses that were seen (ids of `iotsweep.answers.Exposure`), sorted."""
    facts = [Because(i, key, value) for i, seen in enumerate(observations) for key, value in seen.facts]
    return tuple(sorted({row.exposure for row in load_generic_evidence() if row.exposure and row.explain(facts)}))


def _read(identity: str, node: Node) -> GenericEvidence:
    fields = node.exactly(frozenset({"any", "say"}), frozenset({"unless", "can", "exposure"}))
    can: list[tuple[str, Confidence]] = []
    for capability, confidence in fields["can"].fields().items() if "can" in fields else ():
        try:
            can.append((capability, Confidence(confidence.text())))
        except ValueError:
            raise confidence.fail("how sure is 'likely' or 'possible'; choose one") from None
    return GenericEvidence(
        id=identity,
        signs=tuple(_sign(sign) for sign in fields["any"].items()),
        unless=tuple(_sign(sign) for sign in fields["unless"].items()) if "unless" in fields else (),
        can=tuple(can),
        exposure=fields["exposure"].text() if "exposure" in fields else None,
        sentence=fields["say"].text(),
    )


def _sign(node: Node) -> Sign:
    return Sign(tuple((_pattern(key), _pattern(value.text())) for key, value in node.fields().items()))


def _pattern(text: str) -> re.Pattern[str]:
    """Whole and case-blind; at most three wildcards, so that no text can make it slow."""
    parts = re.split(r"\*+", text)
    if len(parts) > 4:
        raise ValueError(f"{text!r} has more than three wildcards")
    return re.compile(".*".join(map(re.escape, parts)), re.IGNORECASE | re.DOTALL)
