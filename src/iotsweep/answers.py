"""What a person said about a device: kept apart from what was observed, and never a substitute for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Expectedness(StrEnum):
    """Whether the survivor knows the device and who holds its account, from best known to unknown."""

    CHECKED = "known-and-checked"  # theirs, and the list of people with access was looked at
    KNOWN = "known-not-checked"  # theirs, the list not looked at yet
    NOT_ASKED = "not-asked"
    OTHER = "set-up-by-another-person"  # or another person holds the account, or they are unsure
    UNKNOWN = "not-known"  # the survivor does not know the device

    @property
    def rank(self) -> int:
        """0 for known and checked up to 4 for not known."""
        return list(Expectedness).index(self)

    @property
    def code(self) -> str:
        """The column of the concern table, as reason codes write it: K0, K1, NA, K2, N."""
        return ("K0", "K1", "NA", "K2", "N")[self.rank]


class Placement(StrEnum):
    """Where the device stands."""

    PRIVATE = "private-room"  # a bedroom, a bathroom, a child's room
    LIVING = "living-area"
    ENTRANCE = "entrance"
    OUTSIDE = "outside"
    UNKNOWN = "not-known"


class Exposure(StrEnum):
    """The weaknesses that weigh on concern. All others belong to the security index alone."""

    OPEN_STREAM = "open_stream"
    OPEN_ADMIN = "open_admin"
    INTERNET_MAPPED = "internet_mapped"
    OPEN_REMOTE_SHELL = "open_remote_shell"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one device beyond the network: from talking, looking, and checks made on purpose."""

    expectedness: Expectedness = Expectedness.NOT_ASKED
    placement: Placement = Placement.UNKNOWN
    exposures: tuple[Exposure, ...] = ()
    incident: bool = False  # the survivor links something that happened to this device
