"""What is wrong in a catalogue file, where, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iotsweep.clean import clean

_LONGEST = 2000  # characters; a list of all kinds has to fit


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `what` and `remedy` are sentences without a full stop; line 0 is the whole file."""

    path: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return clean(f"{place}: {self.what}. {self.remedy}.", _LONGEST)


class CatalogueError(Exception):
    """The catalogue cannot be used as it is; `problems` names every file, line and remedy."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class NewerFormatError(CatalogueError):
    """A file that only a newer program understands."""
