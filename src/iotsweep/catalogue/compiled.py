"""A catalogue as lines of JSON, with the work of reading and indexing it already done, and back.

The first line holds the tables; then comes one line per key of the index, then one per fingerprint. A line is read only
when something asks for it: a device wakes a few dozen fingerprints, however many there are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from iotsweep.catalogue.catalogue import Capability, Catalogue, Kind
from iotsweep.catalogue.errors import Problem
from iotsweep.catalogue.ready import Ready
from iotsweep.model import Account, Clue, Confidence, Fingerprint

LAYOUT = 3  # raise it when anything below changes
Roots = tuple[Path, Path | None]  # the catalogue's folder and that of the user's own fingerprints
_LEVELS = {level.value: level for level in Confidence}
_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class CompiledError(ValueError):
    """This is no compiled catalogue of ours."""


def encode(catalogue: Catalogue, roots: Roots) -> bytes:
    """The catalogue with its index, without examples. Paths are kept relative to their root."""
    lengths = [len(str(root)) + 1 for root in roots if root]
    starts = {False: lengths[0], True: lengths[-1]}
    plan = catalogue.index.plan()
    tables = {
        "kinds": [[kind.id, kind.name, kind.can, kind.ports] for kind in catalogue.kinds.values()],
        "capabilities": [[one.id, one.tier, one.capture, one.say] for one in catalogue.capabilities.values()],
        "makers": catalogue.makers,
        "module_makers": catalogue.module_makers,
        "thing_part_makers": catalogue.thing_part_makers,
        "holders": catalogue.holders,
        "version": catalogue.version,
        "sha256": catalogue.sha256,
        "overlay": sorted(catalogue.overlay),
        "skipped": [[one.path, one.line, one.what, one.remedy] for one in catalogue.skipped],
        "ports": catalogue.ports(),
        "ids": [one.id for one in catalogue.fingerprints],
        "counts": [sum(len(clues) for _, clues in one.clues) for one in catalogue.fingerprints],
        "keys": list(plan),
    }
    rows = [_row(one, one.path[starts[one.id in catalogue.overlay] :]) for one in catalogue.fingerprints]
    return b"\n".join(_line(tree) for tree in (tables, *plan.values(), *rows))


def _line(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes, roots: Roots) -> Catalogue:
    """The catalogue that `encode` was given, with its files in `roots`. Raises CompiledError for anything else."""
    lines = data.split(b"\n")
    try:
        return _catalogue(json.loads(lines[0]), lines, roots)
    except _ERRORS as error:
        raise CompiledError(f"no compiled catalogue ({type(error).__name__})") from None


def _catalogue(tables: Any, lines: list[bytes], roots: Roots) -> Catalogue:  # noqa: ANN401  (read from JSON)
    own = frozenset(tables["overlay"])
    places = [f"{root}{os.sep}" for root in roots if root]
    keys, ids, counts = tables["keys"], tables["ids"], tables["counts"]
    first = 1 + len(keys)
    if len(lines) != first + len(ids) or len(ids) != len(counts) or not all(type(n) is int and n >= 0 for n in counts):
        raise CompiledError("lines are missing")
    plan = _Plan(dict(zip(keys, lines[1:first], strict=True)))
    return Catalogue(
        fingerprints=Shelf(lines[first:], [places[-1] if one in own else places[0] for one in ids]),
        kinds={row[0]: Kind(row[0], row[1], tuple(row[2]), row[3] and tuple(row[3])) for row in tables["kinds"]},
        capabilities={row[0]: Capability(*row) for row in tables["capabilities"]},
        version=tables["version"],
        sha256=tables["sha256"],
        makers={name: tuple(others) for name, others in tables["makers"].items()},
        module_makers=tuple(tables["module_makers"]),
        thing_part_makers=tuple(tables["thing_part_makers"]),
        holders={name: tuple(others) for name, others in tables["holders"].items()},
        overlay=own,
        skipped=tuple(Problem(*row) for row in tables["skipped"]),
        ready=Ready(tuple(tables["ports"]), tuple(ids), tuple(counts), plan),
    )


class Shelf(Sequence[Fingerprint]):
    """Fingerprints, each made from its line when it is first asked for."""

    def __init__(self, lines: list[bytes], starts: list[str]) -> None:
        self._lines = lines
        self._starts = starts
        self._made: list[Fingerprint | None] = [None] * len(lines)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> Fingerprint: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Fingerprint, ...]: ...
    def __getitem__(self, at: int | slice) -> Fingerprint | tuple[Fingerprint, ...]:
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        made = self._made[at]
        if made is None:
            made = self._made[at] = _fingerprint(_read(self._lines[at]), self._starts[at])
        return made


class _Plan(Mapping[str, Mapping[str, Any]]):
    """The index's plan, each key made from its line when it is asked for."""

    def __init__(self, lines: dict[str, bytes]) -> None:
        self._lines = lines

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        row: Mapping[str, Any] = _read(self._lines[key])
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _read(line: bytes) -> Any:  # noqa: ANN401
    try:
        return json.loads(line)
    except _ERRORS as error:
        raise CompiledError(f"no line of a compiled catalogue ({type(error).__name__})") from None


def _row(one: Fingerprint, path: str) -> list[Any]:
    account = one.account and [one.account.app, one.account.people, one.account.alerts]
    texts = [one.id, one.name, one.kind, one.maker, one.status, one.reviewed, path]
    clues = [[level, [[clue.line, clue.facts] for clue in clues]] for level, clues in one.clues]
    return [texts, one.can, one.references, account, one.generic, clues]


def _fingerprint(row: Any, start: str) -> Fingerprint:  # noqa: ANN401
    (identity, name, kind, maker, status, reviewed, path), can, references, account, generic, clues = row
    return Fingerprint(
        identity,
        name,
        kind,
        maker,
        tuple(can),
        status,
        reviewed,
        tuple(references),
        tuple([(_LEVELS[level], tuple([_clue(*clue) for clue in here])) for level, here in clues]),
        (),
        Account(*account) if account else None,
        start + path,
        generic,
    )


def _clue(line: int, facts: Any) -> Clue:  # noqa: ANN401
    return Clue(tuple([(key, tuple(values)) for key, values in facts]), line)
