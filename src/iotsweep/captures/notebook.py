"""Where everything that a capture tells is written down: cleaned, each thing once, and never without a bound."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from iotsweep.captures.memory import Recent
from iotsweep.clean import clean
from iotsweep.model import Observation
from iotsweep.wire.frames import Link, time_of

PROBE = "capture"
MOST_OBSERVATIONS = 60_000  # of all devices; about 40 MB
MOST_OF_ONE = 2_000  # of one device
MOST_NAMES = 400  # that one device asked for

Facts = Mapping[str, str | Sequence[str]]

_SERVER_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*\.)+[a-z0-9-]{2,63}")
# Questions about addresses and about the home itself are asked by everything and name nobody.
_NOT_A_NAME = (".arpa", ".local", ".localdomain", ".lan", ".home", ".internal", ".invalid", ".test")


class Notebook:
    """Takes in what the decoders found. `limits` says what was left out."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.limits: dict[str, None] = {}
        self._told: set[int] = set()
        self._names_told = Recent()
        self._of_one: Counter[str] = Counter()
        self._names: Counter[str] = Counter()

    def note(
        self, facts: Facts, ticks: int, link: Link, *, mac: bytes = b"", ip: str | None = None, raw: bytes = b""
    ) -> None:
        """The facts of one message: values cleaned, empty ones dropped, the raw message kept as its sha256."""
        pairs = tuple(sorted(_read_pairs(facts)))
        owner = mac.hex(":") if mac else None
        key = hash((owner, ip, pairs))
        if not pairs or key in self._told or not self._has_room(owner or ip or ""):
            return
        self._told.add(key)
        digest = hashlib.sha256(raw).hexdigest() if raw else ""
        self.observations.append(Observation(PROBE, time_of(ticks, link), owner, ip, pairs, digest))

    def note_name(self, key: str, name: str, ticks: int, link: Link, mac: bytes, ip: str | None) -> None:
        """A server that a device asked for by name: each name once, without those of the home itself."""
        if self._names_told.has((mac or ip, key, name)):
            return
        name = clean(name.lower().rstrip("."), 253)
        if not _SERVER_NAME.fullmatch(name) or name.endswith(_NOT_A_NAME):
            return
        owner = mac.hex(":") if mac else ip or ""
        told = hash((owner, key, name))
        if told in self._told:
            return
        if self._names[owner] >= MOST_NAMES:
            self.limits[f"{owner} asked for more than {MOST_NAMES} names; the others were left out"] = None
            return
        self._told.add(told)
        self._names[owner] += 1
        self.note({key: name}, ticks, link, mac=mac, ip=ip)

    def _has_room(self, owner: str) -> bool:
        if len(self.observations) >= MOST_OBSERVATIONS:
            self.limits[f"after {MOST_OBSERVATIONS:,} different messages, further ones were left out"] = None
            return False
        if self._of_one[owner] >= MOST_OF_ONE:
            self.limits[f"{owner} sent more than {MOST_OF_ONE:,} different messages; the others were left out"] = None
            return False
        self._of_one[owner] += 1
        return True


def _read_pairs(facts: Facts) -> set[tuple[str, str]]:
    return {
        (key.lower(), text)
        for key, value in facts.items()
        for text in map(clean, [value] if isinstance(value, str) else value)
        if text
    }
