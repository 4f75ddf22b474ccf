"""`catalogue match`: one JSON line of observations in, one JSON line with what the device is out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from iotsweep.catalogue.build import as_observation
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.matching import Vendors, best, fill, fit, put_best_first
from iotsweep.catalogue.telling import name_maker
from iotsweep.model import Observation

LONGEST_LINE = 4 << 20  # bytes
_MOST_REPLIES = 10_000


class LineError(ValueError):
    """A line that is no question; the message says what is wrong with it."""


def answer(line: str, catalogue: Catalogue, vendors: Vendors) -> str:
    """The answer to one line, as JSON. Raises LineError."""
    identity, observations = read_line(line)
    matches = put_best_first(fit(list(enumerate(observations)), catalogue, vendors))
    match = best(matches)
    said: dict[str, Any] = {
        "id": identity,
        "kind": match.kind if match else None,
        "maker": fill("maker", matches) or name_maker(observations, catalogue, vendors),
        "model": fill("model", matches),
        "confidence": match.confidence if match else "none",
        "because": [asdict(reason) for reason in match.because] if match else [],
        "fingerprint": match.fingerprint if match else None,
    }
    return json.dumps(said, ensure_ascii=False)


def read_line(line: str) -> tuple[str | int, tuple[Observation, ...]]:
    """The id and the observations of `{"id": ..., "observations": [{key: value or [values]}]}`. Raises LineError."""
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError(f"this is not JSON ({str(error)[:80]})") from None
    if not isinstance(question, Mapping):
        raise LineError('each line has to be an object with "id" and "observations"')
    identity, replies = question.get("id"), question.get("observations")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        raise LineError('"id" has to be text or a number')
    if not isinstance(replies, list) or len(replies) > _MOST_REPLIES:
        raise LineError(f'"observations" has to be a list of at most {_MOST_REPLIES} objects')
    return identity, tuple(_observation(reply) for reply in replies)


def _observation(reply: object) -> Observation:
    if not isinstance(reply, Mapping):
        raise LineError("each observation has to be an object of keys and values")
    return as_observation({str(key): [*_values(key, value)] for key, value in reply.items()}, probe="line")


def _values(key: object, value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in values):
        raise LineError(f'"{str(key)[:60]}" has to be text or a list of texts')
    return [str(one) for one in values]
