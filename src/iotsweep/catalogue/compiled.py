"""A catalogue as one piece of JSON, with the work of reading and indexing it already done, and back."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from iotsweep.catalogue.catalogue import Capability, Catalogue, Kind
from iotsweep.catalogue.errors import Problem
from iotsweep.model import Account, Clue, Confidence, Fingerprint

LAYOUT = 2  # raise it when anything below changes
_LEVELS = {level.value: level for level in Confidence}
Roots = tuple[Path, Path | None]  # the catalogue's folder and that of the user's own fingerprints
_MOST_FINGERPRINTS = 100_000


class CompiledError(ValueError):
    """This is no compiled catalogue of ours."""


def encode(catalogue: Catalogue, roots: Roots) -> bytes:
    """The catalogue with its index, without examples, as JSON. Paths are kept relative to their root."""
    lengths = [len(str(root)) + 1 for root in roots if root]
    starts = {False: lengths[0], True: lengths[-1]}
    tree = {
        "fingerprints": [_row(one, one.path[starts[one.id in catalogue.overlay] :]) for one in catalogue.fingerprints],
        "kinds": [[kind.id, kind.name, kind.can, kind.ports] for kind in catalogue.kinds.values()],
        "capabilities": [[one.id, one.tier, one.capture, one.say] for one in catalogue.capabilities.values()],
        "makers": catalogue.makers,
        "module_makers": catalogue.module_makers,
        "holders": catalogue.holders,
        "version": catalogue.version,
        "sha256": catalogue.sha256,
        "overlay": sorted(catalogue.overlay),
        "skipped": [[one.path, one.line, one.what, one.remedy] for one in catalogue.skipped],
        "ports": catalogue.ports(),
        "index": catalogue.index.plan(),
    }
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes, roots: Roots) -> Catalogue:
    """The catalogue that `encode` was given, with its files in `roots`. Raises CompiledError for anything else."""
    try:
        with _no_collection():
            return _catalogue(json.loads(data), roots)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise CompiledError(f"no compiled catalogue ({type(error).__name__})") from None


def _catalogue(tree: Any, roots: Roots) -> Catalogue:  # noqa: ANN401  (read from JSON)
    from iotsweep.catalogue.index import check_plan

    if len(tree["fingerprints"]) > _MOST_FINGERPRINTS:
        raise CompiledError("too many fingerprints")
    own = frozenset(tree["overlay"])
    places = [f"{root}{os.sep}" for root in roots if root]
    starts = {False: places[0], True: places[-1]}
    fingerprints = tuple([_fingerprint(row, starts[row[0][0] in own]) for row in tree["fingerprints"]])
    check_plan(tree["index"], sum(len(clues) for one in fingerprints for _, clues in one.clues))
    return Catalogue(
        fingerprints=fingerprints,
        kinds={row[0]: Kind(row[0], row[1], tuple(row[2]), row[3] and tuple(row[3])) for row in tree["kinds"]},
        capabilities={row[0]: Capability(*row) for row in tree["capabilities"]},
        version=tree["version"],
        sha256=tree["sha256"],
        makers={name: tuple(others) for name, others in tree["makers"].items()},
        module_makers=tuple(tree["module_makers"]),
        holders={name: tuple(others) for name, others in tree["holders"].items()},
        overlay=own,
        skipped=tuple(Problem(*row) for row in tree["skipped"]),
        asked=tuple(tree["ports"]),
        plan=tree["index"],
    )


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


@contextmanager
def _no_collection() -> Iterator[None]:
    """Thousands of values that all stay: looking for garbage among them would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
