"""Small stand-ins that implement our own contracts, shared by tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from iotsweep.model import (
    Consent,
    ConsentRole,
    Observation,
    ProbeRun,
    Profile,
    RouterRunBy,
    Scope,
    Tool,
)
from iotsweep.probes import Probe, Stage
from iotsweep.probes.context import Context

SCOPE = Scope(
    network="192.168.7.0/24",
    interface="eth0",
    address="192.168.7.2",
    mac="02:00:00:00:00:02",
    gateway="192.168.7.1",
    consent=Consent(ConsentRole.OWNER, "2026-11-22T10:00:00.000000Z", "by option", RouterRunBy.OURSELVES),
)

TOOL = Tool("0", "3.11", "test", (), "2026.11.22", "0" * 64, 1, "2026-06-08", "1" * 64, False)


@dataclass
class FakeProbe:
    """A probe whose run is a function of its context."""

    runs: Callable[[Context], Awaitable[None]]
    name: str = "fake"
    says: str = "pretending"
    stage: Stage = Stage.FIND
    profiles: frozenset[Profile] = frozenset(Profile)
    yields: tuple[str, ...] = ("mac.address",)
    sends: str = "nothing"
    side_effects: str = "none"
    needs_administrator: bool = False
    on_request: bool = False

    async def run(self, context: Context) -> None:
        """Do what the test says."""
        await self.runs(context)


@dataclass
class FakeWatch:
    """Remembers what the pipeline told it."""

    started: list[str] = field(default_factory=list)
    ended: list[ProbeRun] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    on_seen: asyncio.Event | None = None

    def probe_started(self, probe: Probe) -> None:
        """Remember the probe's name."""
        self.started.append(probe.name)

    def probe_ended(self, run: ProbeRun) -> None:
        """Remember the run."""
        self.ended.append(run)

    def observed(self, observation: Observation) -> None:
        """Remember the observation, and tell a test that waits for the first one."""
        self.seen.append(observation)
        if self.on_seen:
            self.on_seen.set()

    def time_left(self, seconds: float) -> None:
        """Ignore the clock."""
