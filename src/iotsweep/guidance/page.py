"""One page about one kind of thing: what it can do, what to ask and look for, options, and what to leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill
from typing import Protocol

from iotsweep.guidance import Guidance

WIDTH = 78


class KindFacts(Protocol):
    """What is needed of a catalogue's kind."""

    @property
    def id(self) -> str:
        """The kind's id."""

    @property
    def can(self) -> tuple[str, ...]:
        """Capability ids."""


class CapabilityFacts(Protocol):
    """What is needed of a catalogue's capability."""

    @property
    def say(self) -> str:
        """The sentence without its subject."""


class Words(Protocol):
    """What is needed of a catalogue."""

    @property
    def capabilities(self) -> Mapping[str, CapabilityFacts]:
        """Capabilities by id."""


def page(kind: KindFacts, catalogue: Words, guidance: Guidance) -> str:
    """Everything there is to say about `kind`, in plain lines of at most 78 characters."""
    texts = guidance.for_kind(kind.id)
    say = [catalogue.capabilities[name].say for name in kind.can if name in catalogue.capabilities]
    can = [f"{words[:1].upper()}{words[1:]}." for words in say]
    sections = (
        ("What it can do", can),
        ("You could ask", (*texts.questions, *guidance.common_questions)),
        ("Look for", texts.checks),
        ("Options", (*texts.next, guidance.do_nothing)),
        ("Take care", (*texts.do_not, *guidance.common_do_not)),
        ("What a network check cannot show", (guidance.accounts,)),
    )
    lines = [texts.name[:1].upper() + texts.name[1:], fill(texts.can, WIDTH)]
    for title, sentences in sections:
        lines += _section(title, sentences)
    return "\n".join(lines)


def _section(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if not sentences:
        return
    yield ""
    yield title
    for sentence in sentences:
        yield fill(sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
