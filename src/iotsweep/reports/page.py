"""What a report says, before anybody lays it out: the terminal and the plain form print this same page."""

from __future__ import annotations

from dataclasses import dataclass, field

from iotsweep.model import Level
from iotsweep.reports.shown import shown


@dataclass(frozen=True, slots=True)
class Row:
    """Something said about a device: what it is about, and its sentences. `listed` ones stand one below the other."""

    label: str
    sentences: tuple[str, ...]
    listed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentences", tuple(shown(sentence) for sentence in self.sentences))


@dataclass(frozen=True, slots=True)
class Card:
    """One device. `number` counts from 1 in the order of the report; `level` is None for this laptop itself."""

    number: int
    level: Level | None
    title: str
    where: str  # its address, or why it has none
    provisional: bool
    rows: tuple[Row, ...]
    brief: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", shown(self.title, 160))
        object.__setattr__(self, "where", shown(self.where, 80))


@dataclass(frozen=True, slots=True)
class Group:
    """The devices of one level, in order, with one sentence on what the level means."""

    level: Level
    note: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and sentences below it. `label` starts each of them in the plain form; `numbered` counts them."""

    title: str
    label: str
    sentences: tuple[str, ...]
    numbered: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentences", tuple(shown(sentence) for sentence in self.sentences))


@dataclass(frozen=True, slots=True)
class SentRow:
    """What one probe sent and how many replies it had. Sizes are text, in bytes or kB."""

    probe: str
    packets: int
    size: str
    places: int
    replies: int


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report, in reading order. `partial` says why the check stopped early."""

    title: str
    heading: tuple[Row, ...]
    partial: str | None
    groups: tuple[Group, ...]
    before: tuple[Section, ...]
    laptop: Card | None
    not_checked: Section
    sent: Section
    sent_rows: tuple[SentRow, ...]
    after: tuple[Section, ...] = field(default=())
    total: int = 0  # devices in the whole report; fewer cards when only a part is shown

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every device but this laptop, in order."""
        return tuple(card for group in self.groups for card in group.cards)
