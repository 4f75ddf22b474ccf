"""What to say to people: plain sentences as data, one id each, so that they can be reviewed and translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from iotsweep.guidance.yaml_text import GuidanceError, Node, read_bundled

__all__ = ["Guidance", "GuidanceError", "KindGuidance", "load_guidance"]

BLIND_SPOTS = 8


@dataclass(frozen=True, slots=True)
class KindGuidance:
    """What there is to say about one kind of thing. Options are never orders."""

    kind: str | None  # None: not identified
    name: str
    can: str
    questions: tuple[str, ...]
    checks: tuple[str, ...]
    next: tuple[str, ...]
    do_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """Every text that is printed for people, by its place or its id."""

    kinds: Mapping[str, KindGuidance]
    not_identified: KindGuidance
    common_questions: tuple[str, ...]
    common_do_not: tuple[str, ...]
    do_nothing: str  # an option that always stands
    blind_spots: tuple[str, ...]
    accounts: str
    limits: tuple[str, ...]
    sentences: Mapping[str, str]
    reasons: Mapping[str, str]

    def for_kind(self, kind: str | None) -> KindGuidance:
        """Guidance for a kind; None and unknown kinds give that for a device that was not identified."""
        return self.kinds.get(kind or "", self.not_identified)

    def sentence(self, identity: str, **values: str) -> str:
        """The sentence with this id, its places filled. Raises KeyError for an id that does not exist."""
        return self.sentences[identity].format(**values)

    def explain(self, code: str) -> str:
        """The plain sentence of a reason code: `T4-NA`, `MOD-PRIVATE-ROOM`, `MOD-EXPOSED:open_stream`."""
        if code in self.reasons:
            return self.reasons[code]
        base, _, details = code.partition(":")
        if details:
            said = [self.reasons.get(f"{base}:{detail}", detail.replace("_", " ")) for detail in details.split(",")]
            return self.reasons[base].format(what=" and ".join(said))
        row, _, column = code.partition("-")
        return f"{self.reasons[row]} {self.reasons[column]}"


@cache
def load_guidance() -> Guidance:
    """The bundled texts. Raises GuidanceError with file and line when one is missing or misspelt."""
    common = read_bundled("common.yaml").exactly(
        frozenset({"questions", "do_not", "do_nothing", "blind_spots", "accounts", "limits", "sentences"})
    )
    if len(common["blind_spots"].texts()) != BLIND_SPOTS:
        raise common["blind_spots"].fail(f"there are {BLIND_SPOTS} blind spots; list them all")
    kinds = {kind: _read_kind(kind, node) for kind, node in read_bundled("kinds.yaml").fields().items()}
    return Guidance(
        not_identified=kinds.pop("not-identified"),
        kinds=kinds,
        common_questions=common["questions"].texts(),
        common_do_not=common["do_not"].texts(),
        do_nothing=common["do_nothing"].text(),
        blind_spots=common["blind_spots"].texts(),
        accounts=common["accounts"].text(),
        limits=common["limits"].texts(),
        sentences={name: node.text() for name, node in common["sentences"].fields().items()},
        reasons={name: node.text() for name, node in read_bundled("reasons.yaml").fields().items()},
    )


def _read_kind(kind: str, node: Node) -> KindGuidance:
    fields = node.exactly(frozenset({"name", "can", "ask", "check", "next", "do_not"}))
    return KindGuidance(
        kind=None if kind == "not-identified" else kind,
        name=fields["name"].text(),
        can=fields["can"].text(),
        questions=fields["ask"].texts(),
        checks=fields["check"].texts(),
        next=fields["next"].texts(),
        do_not=fields["do_not"].texts(),
    )
