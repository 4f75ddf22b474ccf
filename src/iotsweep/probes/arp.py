"""ARP sweep: who has which address, asked in passes that ask only those who were silent so far."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.estimate import expect_missing
from iotsweep.model import Profile
from iotsweep.network.door import Frames, LinkError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.arp import decode_arp, encode_request
from iotsweep.wire.error import WireError

# A phone or camera in power save hears a broadcast only at the access point's next beacon, 100 to 300 ms later
# (IEEE 802.11 DTIM), and broadcasts are never repeated on the air: so several passes, and an end as long as that.
FEWEST_PASSES = 3
FEWEST_WHEN_ALONE = 5  # where nobody answers at all, it may be the wire that is bad
MOST_PASSES = 20
GAP = 0.14  # seconds from the start of one pass to the next: on a lossy wire asking again finds more than waiting
QUIET_PASSES = 2  # passes in a row that brought nobody new before the sweep may end
FEW_MISSED = 0.01  # devices: the expected number still missing at which asking again is not worth it
LATE_LOOK = 0.8  # seconds after the last pass: one more, when others are still waited for and it costs no time
FIRST_WINDOW = 1.0  # seconds that the first pass waits at most while answers still come in
QUIET = 0.05  # seconds without an answer that end the first pass
LAST_WINDOW = (0.05, 0.35)  # seconds after the last pass, as long as the slowest answer took

_OVERLOOKED_PASSES = 6  # so often is asked whom others saw and who stays silent here: some never answer ARP
_CHUNK, _CHUNK_PAUSE = 64, 0.005  # 64 broadcasts take a slow access point about 5 ms on the air
_STEP = 1 / 1.618033988749895  # the golden ratio spreads neighbouring addresses far apart in time
_MOST_MACS = 8  # per address: two are a finding, hundreds are a flood


@dataclass
class _Sweep:
    """Who answered so far, and in which pass each was first heard."""

    context: Context
    frames: Frames
    questions: dict[str, bytes]  # address -> the frame that asks for it
    macs: dict[str, set[str]] = field(default_factory=dict)
    news: list[int] = field(default_factory=list)  # first answers per pass
    asked: float = 0.0  # loop time at which the latest pass began
    slowest: float = 0.0  # seconds that an answer took, from its pass on
    latest: float = 0.0  # loop time of the latest answer

    def hear(self, frame: bytes) -> None:
        """Keep what one frame says about its sender."""
        try:
            arp = decode_arp(frame)
        except WireError:
            return
        if not arp.speaks_for_itself or arp.mac == self.context.scope.mac or arp.ip not in self.questions:
            return
        known = self.macs.setdefault(arp.ip, set())
        if arp.mac in known or len(known) >= _MOST_MACS:
            return
        self._time(first=not known)
        known.add(arp.mac)
        self.context.hosts.add(arp.ip, arp.mac)
        facts = {"mac.address": arp.mac, "arp.pass": str(len(self.news))}
        self.context.observe(facts, ip=arp.ip, mac=arp.mac, raw=frame)

    def _time(self, *, first: bool) -> None:
        self.latest = asyncio.get_running_loop().time()
        if first:
            self.news[-1] += 1
            self.slowest = max(self.slowest, self.latest - self.asked)

    def silent(self) -> list[str]:
        """Whom the next pass asks."""
        return [ip for ip in self.questions if ip not in self.macs]

    def is_done(self) -> bool:
        """True when another pass would probably bring nobody."""
        passes = len(self.news)
        if len(self.macs) == len(self.questions) or passes >= MOST_PASSES:
            return True
        if passes < (FEWEST_PASSES if self.macs else FEWEST_WHEN_ALONE) or any(self.news[-QUIET_PASSES:]):
            return False
        return expect_missing(self.news) < FEW_MISSED and (passes >= _OVERLOOKED_PASSES or not self._overlooked())

    def _overlooked(self) -> bool:
        """Whether somebody whom other probes saw stays silent here."""
        return any(ip in self.questions and ip not in self.macs for ip in self.context.hosts.known())


class ArpProbe:
    """Asks every address of the network who has it, at the link layer."""

    name = "arp"
    says = "asking every address who is there"
    stage = Stage.FIND
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("mac.address", "arp.pass")
    sends = f"ARP requests, {FEWEST_PASSES} to {MOST_PASSES} times to each address that has not answered."
    side_effects = "A network monitor can see that one laptop asks for every address; devices show nothing."
    needs_administrator = True
    on_request = False

    async def run(self, context: Context) -> None:
        """Sweep until nobody new comes. Raises ProbeSkipped without the right to use the link layer."""
        scope = context.scope
        if not scope.mac:
            raise ProbeSkipped("The system hides this laptop's MAC address, so no ARP request can be made.")
        questions = {ip: encode_request(scope.mac, scope.address, ip) for ip in spread(scope.network, scope.address)}
        try:
            async with context.door.frames() as frames:
                await _sweep(_Sweep(context, frames, questions))
        except LinkError as error:
            raise ProbeSkipped(f"ARP was left out: {error}.") from error


async def _sweep(sweep: _Sweep) -> None:
    await _ask_until_done(sweep)
    if len(sweep.news) < MOST_PASSES and await _wait_for_others(sweep):
        await _ask_pass(sweep)
        await _ask_until_done(sweep)
    await _listen_to_the_last(sweep)
    _state_limits(sweep)


async def _ask_until_done(sweep: _Sweep) -> None:
    while not sweep.is_done() and sweep.context.remaining() >= GAP:
        await _ask_pass(sweep)


async def _ask_pass(sweep: _Sweep) -> None:
    """One question to everybody who was silent so far, and a while to hear the answers."""
    loop = asyncio.get_running_loop()
    sweep.news.append(0)
    sweep.asked = loop.time()
    due = sweep.asked + GAP
    await _ask(sweep)
    now = loop.time()
    await _listen(sweep, max(due, now + GAP / 4))
    if len(sweep.news) == 1:
        while loop.time() < now + FIRST_WINDOW and loop.time() - sweep.latest < QUIET:
            await _listen(sweep, loop.time() + QUIET / 2)


async def _ask(sweep: _Sweep) -> None:
    silent, loop = sweep.silent(), asyncio.get_running_loop()
    for first in range(0, len(silent), _CHUNK):
        chunk = silent[first : first + _CHUNK]
        refused = sum(not sweep.frames.send(sweep.questions[ip]) for ip in chunk)
        if refused:
            sweep.context.limit("Some ARP requests could not be sent; their addresses were asked again.")
        await _listen(sweep, loop.time() + _CHUNK_PAUSE)


async def _wait_for_others(sweep: _Sweep) -> bool:
    """Listen on while other finding probes do; True when there was time enough for another look."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LATE_LOOK
    while sweep.context.others_look() and sweep.context.remaining() > GAP and len(sweep.macs) < len(sweep.questions):
        if loop.time() >= until:
            return True
        await _listen(sweep, loop.time() + GAP / 2)
    return False


async def _listen_to_the_last(sweep: _Sweep) -> None:
    """As long again as the slowest answer took, and longer while answers still come."""
    loop, (least, most) = asyncio.get_running_loop(), LAST_WINDOW
    for _ in range(3):
        found = len(sweep.macs)
        window = min(most, max(least, sweep.slowest), sweep.context.remaining())
        await _listen(sweep, loop.time() + window)
        if len(sweep.macs) == found:
            return


async def _listen(sweep: _Sweep, until: float) -> None:
    """Keep what comes in until the loop's clock says `until`."""
    loop = asyncio.get_running_loop()
    while (left := until - loop.time()) > 0:
        frame = await sweep.frames.receive(left)
        if frame is not None:
            sweep.hear(frame)


def _state_limits(sweep: _Sweep) -> None:
    if sweep.frames.dropped:
        sweep.context.limit(f"{sweep.frames.dropped} ARP answers came too fast to be read.")


def spread(network: str, own: str) -> Iterator[str]:
    """Every host address but our own, in an order that keeps neighbours apart and is the same every time."""
    hosts = [str(ip) for ip in IPv4Network(network).hosts() if ip != IPv4Address(own)]
    order = sorted(range(len(hosts)), key=lambda index: (index * _STEP) % 1)
    return (hosts[index] for index in order)


PROBE = ArpProbe()
