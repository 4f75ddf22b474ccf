"""Ways of learning about the home, one file each. A file dropped into this folder is found by `all_probes`."""

from __future__ import annotations

import importlib
import pkgutil
from enum import StrEnum
from functools import cache
from typing import Protocol, runtime_checkable

from iotsweep.model import Profile
from iotsweep.probes.context import Context


class Stage(StrEnum):
    """When a probe can work: `find` needs nothing, `ask` needs devices that others found, `deep` comes last."""

    FIND = "find"
    ASK = "ask"
    DEEP = "deep"


@runtime_checkable
class Probe(Protocol):
    """One way of learning: what it is, what it may send, what it can learn, and how."""

    name: str  # one word or kebab-case, as in the report's runs
    says: str  # one plain phrase for the progress line: "asking for printers, speakers and TVs"
    stage: Stage
    profiles: frozenset[Profile]
    yields: tuple[str, ...]  # keys of the vocabulary; `mdns.txt.*` and `tcp.*` stand for families
    sends: str  # everything that it may send, one sentence, printed by a dry run
    side_effects: str  # what a device or a person may notice, one sentence
    needs_administrator: bool
    on_request: bool  # True: only when asked for (nmap)

    async def run(self, context: Context) -> None:
        """Learn; hand every reply to `context.observe`. Raise ProbeSkipped when it cannot work here."""


@cache
def all_probes() -> tuple[Probe, ...]:
    """Every module-level `PROBE` of this folder, by stage and then by name."""
    found: list[Probe] = []
    for info in pkgutil.iter_modules(__path__):
        probe = getattr(importlib.import_module(f"{__name__}.{info.name}"), "PROBE", None)
        if isinstance(probe, Probe):
            found.append(probe)
    return tuple(sorted(found, key=lambda probe: (list(Stage).index(probe.stage), probe.name)))
