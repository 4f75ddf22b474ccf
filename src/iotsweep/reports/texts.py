"""What a report needs from the catalogue and from the guidance: their words, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class KindText(Protocol):
    """A kind of device, as people call it."""

    @property
    def name(self) -> str:
        """The kind's display name as a heading: "Video doorbell"."""


class CapabilityText(Protocol):
    """Something that a kind of device can do."""

    @property
    def say(self) -> str:
        """The sentence without its subject: "can show live or recorded video to people who have access"."""


class CatalogueTexts(Protocol):
    """The part of a catalogue that a report reads."""

    @property
    def kinds(self) -> Mapping[str, KindText]:
        """Kinds by id."""

    @property
    def capabilities(self) -> Mapping[str, CapabilityText]:
        """Capabilities by id."""


class KindGuidance(Protocol):
    """Guidance for one kind of device, whole sentences."""

    @property
    def name(self) -> str:
        """The kind's display name."""

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask about this kind, beyond the common questions."""

    @property
    def checks(self) -> tuple[str, ...]:
        """What to look for in its app or on the thing itself."""

    @property
    def next(self) -> tuple[str, ...]:
        """What the person could do next, as options."""

    @property
    def do_not(self) -> tuple[str, ...]:
        """What not to do with this kind, beyond the common do-nots."""


class GuidanceTexts(Protocol):
    """The part of the guidance that a report reads."""

    def for_kind(self, kind: str | None) -> KindGuidance:
        """Guidance for a kind id; None (or an unknown id) gives that for a device that was not identified."""

    @property
    def common_questions(self) -> tuple[str, ...]:
        """What to ask about every device."""

    @property
    def common_do_not(self) -> tuple[str, ...]:
        """What not to do with any device."""

    @property
    def blind_spots(self) -> tuple[str, ...]:
        """What no network check can find: eight sentences, printed every time."""

    @property
    def limits(self) -> tuple[str, ...]:
        """What this record is and is not, printed every time."""
