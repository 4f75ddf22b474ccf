"""ARP sweep: who has which address, asked in passes that ask only those who were silent so far."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from iotsweep.model import Profile
from iotsweep.network.door import Frames, LinkError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.arp import decode_arp, encode_request
from iotsweep.wire.error import WireError

# A phone or camera in power save hears a broadcast only at the access point's next beacon, 100 to 300 ms later
# (IEEE 802.11 DTIM), and broadcasts are never repeated on the air: so several passes, and a gap as long as that.
FEWEST_PASSES = 5
MOST_PASSES = 24
GAP = 0.22  # seconds from the start of one pass to the next
LOSSY_GAP = 0.16  # the same once the home has shown that answers get lost: then questions find more than waiting
LAST_WINDOW = 0.08  # seconds after the last pass
QUIET_PASSES = 3  # passes in a row that brought nobody new before the sweep may end
FEW_MISSED = 0.003  # devices: the expected number still missing at which asking again is not worth it

_CHUNK, _CHUNK_PAUSE = 64, 0.005  # 64 broadcasts take a slow access point about 5 ms on the air
_STEP = 1 / 1.618033988749895  # the golden ratio spreads neighbouring addresses far apart in time
_DOUBT = 0.5  # lost questions assumed beyond those seen, so that a few lucky answers do not end the sweep
_MOST_MACS = 8  # per address: two are a finding, hundreds are a flood


@dataclass
class _Sweep:
    """Who answered so far, and in which pass each was first heard."""

    context: Context
    frames: Frames
    macs: dict[str, set[str]] = field(default_factory=dict)
    news: list[int] = field(default_factory=list)  # first answers per pass

    def hear(self, frame: bytes) -> None:
        """Keep what one frame says about its sender."""
        try:
            arp = decode_arp(frame)
        except WireError:
            return
        scope = self.context.scope
        if not arp.speaks_for_itself or arp.mac == scope.mac or not self._is_host(arp.ip):
            return
        known = self.macs.setdefault(arp.ip, set())
        if arp.mac in known or len(known) >= _MOST_MACS:
            return
        if not known:
            self.news[-1] += 1
        known.add(arp.mac)
        self.context.hosts.add(arp.ip, arp.mac)
        self.context.observe({"mac.address": arp.mac}, ip=arp.ip, mac=arp.mac, raw=frame)

    def _is_host(self, ip: str) -> bool:
        return ip != self.context.scope.address and IPv4Address(ip) in IPv4Network(self.context.scope.network)

    def missed(self) -> float:
        """How many are probably still missing: with a share p answering per pass, (1 - p)^passes of all."""
        found = sum(self.news)
        if not found:
            return 0.0
        # Each device was asked until it answered: answers / questions is the share that a pass reaches.
        questions = sum(count * (number + 1) for number, count in enumerate(self.news)) + _DOUBT
        lost = (1 - found / questions) ** len(self.news)
        return found * lost / (1 - lost)

    def is_done(self) -> bool:
        """True when another pass would probably bring nobody."""
        passes = len(self.news)
        return passes >= FEWEST_PASSES and not any(self.news[-QUIET_PASSES:]) and self.missed() < FEW_MISSED


class ArpProbe:
    """Asks every address of the network who has it, at the link layer."""

    name = "arp"
    says = "asking every address who is there"
    stage = Stage.FIND
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("mac.address",)
    sends = f"ARP requests, {FEWEST_PASSES} to {MOST_PASSES} times to each address that has not answered."
    side_effects = "A network monitor can see that one laptop asks for every address; devices show nothing."
    needs_administrator = True
    on_request = False

    async def run(self, context: Context) -> None:
        """Sweep until nobody new comes. Raises ProbeSkipped without the right to use the link layer."""
        if not context.scope.mac:
            raise ProbeSkipped("The system hides this laptop's MAC address, so no ARP request can be made.")
        try:
            async with context.door.frames() as frames:
                await _sweep(_Sweep(context, frames))
        except LinkError as error:
            raise ProbeSkipped(f"ARP was left out: {error}.") from error


async def _sweep(sweep: _Sweep) -> None:
    context, loop = sweep.context, asyncio.get_running_loop()
    targets = tuple(spread(context.scope.network, context.scope.address))
    due = loop.time()
    for number in range(MOST_PASSES):
        sweep.news.append(0)
        await _ask(sweep, [ip for ip in targets if ip not in sweep.macs])
        due += GAP if number < FEWEST_PASSES else LOSSY_GAP
        await _listen(sweep, max(due, loop.time() + GAP / 4))
        if len(sweep.macs) == len(targets) or sweep.is_done() or context.remaining() < GAP:
            break
    await _listen(sweep, loop.time() + min(LAST_WINDOW, context.remaining()))
    _state_limits(sweep)


async def _ask(sweep: _Sweep, silent: list[str]) -> None:
    scope, loop = sweep.context.scope, asyncio.get_running_loop()
    for first in range(0, len(silent), _CHUNK):
        chunk = silent[first : first + _CHUNK]
        refused = sum(not sweep.frames.send(encode_request(scope.mac, scope.address, ip)) for ip in chunk)
        if refused:
            sweep.context.limit("Some ARP requests could not be sent; their addresses were asked again.")
        await _listen(sweep, loop.time() + _CHUNK_PAUSE)


async def _listen(sweep: _Sweep, until: float) -> None:
    """Keep what comes in until the loop's clock says `until`."""
    loop = asyncio.get_running_loop()
    while (left := until - loop.time()) > 0:
        frame = await sweep.frames.receive(left)
        if frame is not None:
            sweep.hear(frame)


def _state_limits(sweep: _Sweep) -> None:
    missed = math.ceil(sweep.missed() - 0.5)
    if missed >= 1:
        sweep.context.limit(f"Answers got lost: probably about {missed} more devices are here that ARP did not reach.")
    if sweep.frames.dropped:
        sweep.context.limit(f"{sweep.frames.dropped} ARP answers came too fast to be read.")


def spread(network: str, own: str) -> Iterator[str]:
    """Every host address but our own, in an order that keeps neighbours apart and is the same every time."""
    hosts = [str(ip) for ip in IPv4Network(network).hosts() if str(ip) != own]
    order = sorted(range(len(hosts)), key=lambda index: (index * _STEP) % 1)
    return (hosts[index] for index in order)


PROBE = ArpProbe()
