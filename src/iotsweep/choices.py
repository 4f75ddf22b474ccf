"""The fixed words of the model, in the order in which a sweep needs them. Those with an order say so in `rank`.

Apart from `model.py`, so that the command line can offer them without building every type.
"""

from __future__ import annotations

from enum import StrEnum


class Profile(StrEnum):
    """How much is sent: `quiet` listens, `standard` asks, `thorough` asks more."""

    QUIET = "quiet"
    STANDARD = "standard"
    THOROUGH = "thorough"


class ConsentRole(StrEnum):
    """Who agreed to the check, in relation to the network."""

    OWNER = "owner"
    TENANT = "tenant"
    OCCUPANT = "occupant"
    ACCOUNT_HOLDER = "account-holder"


class RouterRunBy(StrEnum):
    """Who can read the router's log: decides whether the router itself is asked for names (docs/safety.md)."""

    OURSELVES = "ourselves"
    OTHER = "other"
    UNKNOWN = "unknown"


class DeviceRole(StrEnum):
    """What part a device plays in the sweep itself."""

    DEVICE = "device"
    LAPTOP = "this-laptop"
    ROUTER = "router"
    PROXY = "proxy"  # answers ARP for addresses that are not its own
    NEARBY = "nearby"  # a Wi-Fi name near here: not on this network at all
    BRIDGED = "bridged"  # announced by a bridge, not reachable itself


class Confidence(StrEnum):
    """How sure: an ordered word, never an invented number."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"

    @property
    def rank(self) -> int:
        """3 for confirmed down to 0 for none."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(reversed(Confidence))}


class Level(StrEnum):
    """Concern, in the order in which a report shows it. No level means that there is nothing to look at."""

    CHECK_FIRST = "check-first"
    FIND_IT = "find-it"
    CHECK_NEXT = "check-next"
    LOWER = "lower-concern"
