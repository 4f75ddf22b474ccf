"""What a confidence is worth: how often each is right. `python -m benchmarks.truth LINES.jsonl [--wrong]`

Each line is {"id", "observations": [{key: value or [values]}], "expect": {"kind", "maker"}}, with "negative": true when
it is not what it seems; such lines, and those with a kind of null, are not judged. Kinds that a single line cannot tell
apart count as the same (SAME). The lines are not part of the project.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.measure import table
from iotsweep.catalogue.answers import read_line
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import best, fill, fit, put_best_first
from iotsweep.catalogue.telling import name_maker
from iotsweep.model import Confidence, Match
from iotsweep.vendors import load_vendors

WANTED = {Confidence.CONFIRMED: 0.99, Confidence.LIKELY: 0.93, Confidence.POSSIBLE: 0.60}
SAME = (
    *({"speaker", "audio", "display"}, {"tv", "display", "audio"}, {"camera", "recorder", "intercom", "board"}),
    *({"doorbell", "camera", "intercom"}, {"baby-monitor", "camera"}, {"hub", "router"}, {"garage", "cover"}),
    *({"sensor", "energy", "health", "thermostat"}, {"plug", "light", "energy"}, {"computer", "board"}),
    *({"appliance", "vacuum", "thermostat"}, {"toy", "speaker", "audio"}, {"phone", "intercom"}, {"computer", "nas"}),
)
_SAYS_NOTHING = frozenset({"home", "smart", "general"})
_OTHER_NAMES = {"tv-streamer": "tv", "streamer": "tv"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one line, and what it is."""

    line: str
    kind: str | None
    maker: str | None
    confidence: Confidence
    fingerprint: str | None
    right_kind: str | None
    right_maker: str | None

    @property
    def is_right(self) -> bool:
        """Whether the kind is the right one or one that cannot be told from it."""
        return is_same_kind(self.kind, self.right_kind)

    @property
    def names_the_maker(self) -> bool:
        """Whether the maker is the right one, however it is spelt."""
        return is_same_maker(self.maker, self.right_maker)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    options.add_argument("lines", type=Path)
    options.add_argument("--wrong", action="store_true", help="list every wrong answer")
    chosen = options.parse_args()
    answers = ask(chosen.lines)
    known = [one for one in answers if one.right_kind]
    print(f"{len(answers)} lines, {len(known)} of them tell a kind\n")
    print(table(("confidence", "said", "kind right", "share", "wanted"), by_confidence(answers)), "\n")
    print(table(("kind", "lines", "named", "kind right", "maker right"), by_kind(known)))
    for one in answers if chosen.wrong else ():
        if one.kind is not None and one.right_kind and not one.is_right:
            said = f"{one.kind} by {one.fingerprint} ({one.confidence})"
            print(f"{one.line}: {said}, is {one.right_kind} of {one.right_maker}")


def ask(path: Path, *, unseen: bool = False) -> list[Answer]:
    """What the catalogue says of every line; `unseen`: as if it knew nothing of that line's own maker."""
    catalogue, vendors = load_catalogue(), load_vendors()
    answers = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        identity, observations = read_line(line)
        labels: dict[str, Any] = json.loads(line)
        expect = labels.get("expect") or {}
        if labels.get("negative"):
            continue
        own = [name for name in (expect.get("maker"), labels.get("brand_key")) if name and unseen]
        fitting = fit(list(enumerate(observations)), catalogue, vendors)
        matches = put_best_first([match for match in fitting if not is_written_for(match, own)])
        others = {name: more for name, more in catalogue.makers.items() if not any(is_same_maker(name, o) for o in own)}
        match = best(matches)
        right: str | None = expect.get("kind")
        answers.append(
            Answer(
                line=str(identity),
                kind=match.kind if match else None,
                maker=fill("maker", matches) or name_maker(observations, replace(catalogue, makers=others), vendors),
                confidence=match.confidence if match else Confidence.NONE,
                fingerprint=match.fingerprint if match else None,
                right_kind=_OTHER_NAMES.get(right, right) if right else None,
                right_maker=expect.get("maker"),
            )
        )
    return answers


def by_confidence(answers: list[Answer]) -> list[tuple[object, ...]]:
    """How often each confidence was said, where it can be judged, and was right."""
    rows: list[tuple[object, ...]] = []
    for level, wanted in WANTED.items():
        judged = [one for one in answers if one.confidence is level and one.right_kind]
        right = sum(one.is_right for one in judged)
        rows.append((level.value, len(judged), right, _share(right, len(judged)), f"{wanted:.0%}"))
    rows.append(("not identified", sum(one.kind is None for one in answers), "", "", ""))
    return rows


def by_kind(known: list[Answer]) -> list[tuple[object, ...]]:
    """Per kind, and over all: how many lines, how many got a name, how many the right one."""
    kinds = Counter(one.right_kind for one in known)
    rows: list[tuple[object, ...]] = []
    for kind, _count in [*kinds.most_common(), ("all", 0)]:
        here = [one for one in known if kind in ("all", one.right_kind)]
        makers = [one for one in here if one.right_maker]
        rows.append(
            (
                kind,
                len(here),
                sum(one.kind is not None for one in here),
                _share(sum(one.is_right for one in here), len(here)),
                _share(sum(one.names_the_maker for one in makers), len(makers)),
            )
        )
    return rows


def is_same_kind(said: str | None, right: str | None) -> bool:
    """Whether the two kinds are the same, or such that one announcement cannot tell them apart."""
    return said is not None and (said == right or any({said, right} <= same for same in SAME))


def is_written_for(match: Match, makers: Collection[str]) -> bool:
    """Whether a match comes from what was written for one of these makers; generic ones were written for nobody."""
    names = (match.maker, match.name)
    return not match.generic and any(is_same_maker(name, maker) for maker in makers for name in names)


def is_same_maker(said: str | None, right: str | None) -> bool:
    """Whether the two names are of one maker: one holds the other, or both begin with the same word that tells it."""
    one, other = _bare(said), _bare(right)
    if not one or not other:
        return False
    first, second = (re.split(r"[^a-z0-9]+", (name or "").casefold())[0] for name in (said, right))
    return one in other or other in one or (first == second and len(first) > 3 and first not in _SAYS_NOTHING)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _bare(maker: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (maker or "").casefold())


if __name__ == "__main__":
    main()
