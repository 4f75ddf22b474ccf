"""The system's own table of neighbours: who this laptop has talked to, and whom the system can be made to ask."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from iotsweep.model import Profile, Scope
from iotsweep.network.link import has_link_rights
from iotsweep.probes import Stage
from iotsweep.probes._command import read_command
from iotsweep.probes.arp import spread
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.ndp import decode_ndp
from iotsweep.wire.neighbours import Neighbour, decode_arp_a, decode_ip_neigh, decode_proc_arp

# Kernels ask three times, a second apart, for an address that a datagram is meant for (RFC 4861 section 10 gives
# the same numbers), and hold only so many neighbours: Linux 1,024 by default (gc_thresh3), Windows 256 for each
# interface (netsh interface ipv4 show global). So a quarter of that at a time: three batches wait, one place is free.
BATCH_SECONDS = 1.1  # until the next batch: by then at most three batches wait in the system's table
_LIMIT = Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
_LIMITS = {"win32": 256}
_USUAL_LIMIT = 1024
_LARGEST_BATCH, _SMALLEST_BATCH = 256, 8
ANSWER_SECONDS = 3.2
MOST_ROUNDS = 3
_LATE = 0.9  # an answer after this many seconds came to a repeated question: the home is sleepy or lossy
_READ_EVERY = 0.2
_DISCARD = 9  # RFC 863: a port made for datagrams that nobody wants

_run = functools.partial(read_command, seconds=3, most=1 << 20)
_SHOW = ("-6", "neigh", "show", "dev", "INTERFACE")
_IPV6: dict[str, tuple[tuple[str, ...], ...]] = {
    "linux": tuple((place, *_SHOW) for place in ("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip")),
    "darwin": (("/usr/sbin/ndp", "-an"),),
    "win32": ((r"C:\Windows\System32\netsh.exe", "interface", "ipv6", "show", "neighbors", "interface=INTERFACE"),),
}
_ARP = {"darwin": "/usr/sbin/arp", "win32": r"C:\Windows\System32\arp.exe"}
_PROC = Path("/proc/net/arp")


class NeighboursProbe:
    """Reads the neighbour table; without administrator rights it also makes the system fill it."""

    name = "neighbours"
    says = "reading who this laptop already knows"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = ("mac.address", "ip.v6")
    sends = (
        "Nothing with administrator rights or in the quiet profile; otherwise one empty datagram to UDP port 9 of each "
        f"address, at most {MOST_ROUNDS} times, so that the system itself asks who has it."
    )
    side_effects = "Without administrator rights a network monitor can see that one laptop asks for every address."
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Read the table, and fill it where ARP cannot be sent otherwise."""
        seen: set[tuple[str, str]] = set()
        await _read(context, seen)
        await _read_ipv6(context)
        if context.scope.profile is Profile.QUIET or has_link_rights():
            return
        await _poke(context, seen)
        if not seen:
            context.limit("The system's neighbour table stayed empty: without administrator rights few devices show.")


async def _poke(context: Context, seen: set[tuple[str, str]]) -> None:
    """Make the system ask for every address, again for the silent while answers come late."""
    targets = tuple(spread(context.scope.network, context.scope.address))
    for _ in range(MOST_ROUNDS):
        known = {ip for ip, _ in seen}
        late = await _poke_once(context, [ip for ip in targets if ip not in known], seen)
        if not late or context.remaining() < ANSWER_SECONDS:
            return


async def _poke_once(context: Context, silent: list[str], seen: set[tuple[str, str]]) -> bool:
    """One datagram to each; True when somebody answered late."""
    late = False
    batch = choose_batch()
    async with context.door.datagrams() as datagrams:
        for first in range(0, len(silent), batch):
            for ip in silent[first : first + batch]:
                datagrams.send(b"", ip, _DISCARD)
            late |= await _watch(context, seen, BATCH_SECONDS)
        late |= await _watch(context, seen, ANSWER_SECONDS - BATCH_SECONDS)
    return late


def choose_batch() -> int:
    """How many addresses the system may be made to ask for at once, so that its table never fills."""
    limit = _LIMITS.get(sys.platform, _USUAL_LIMIT)
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, ValueError):  # a namespace does not show it
            limit = int(_LIMIT.read_text(encoding="ascii"))
    return max(_SMALLEST_BATCH, min(_LARGEST_BATCH, limit // 4))


async def _watch(context: Context, seen: set[tuple[str, str]], seconds: float) -> bool:
    """Read the table for a while; True when somebody new came late."""
    loop = asyncio.get_running_loop()
    start, late = loop.time(), False
    while loop.time() < start + seconds and context.remaining():
        await asyncio.sleep(_READ_EVERY)
        late |= await _read(context, seen) and loop.time() - start > _LATE
    return late


async def _read(context: Context, seen: set[tuple[str, str]]) -> bool:
    """Observe every new entry of the scope; True when there was one."""
    before = len(seen)
    for entry in belonging(await read_table(), context.scope):
        if (entry.ip, entry.mac) not in seen:
            seen.add((entry.ip, entry.mac))
            context.hosts.add(entry.ip, entry.mac)
            context.observe({"mac.address": entry.mac}, ip=entry.ip, mac=entry.mac)
    return len(seen) > before


def belonging(entries: Iterable[Neighbour], scope: Scope) -> tuple[Neighbour, ...]:
    """The entries of the scope's own interface and network, without this laptop."""
    network = IPv4Network(scope.network)
    return tuple(
        entry
        for entry in entries
        if entry.interface in {scope.interface, scope.address}
        and IPv4Address(entry.ip) in network
        and entry.ip != scope.address
        and entry.mac != scope.mac
    )


async def read_table() -> tuple[Neighbour, ...]:
    """The system's IPv4 neighbours. Raises ProbeSkipped where the system does not tell."""
    if sys.platform.startswith("linux"):
        try:
            return decode_proc_arp(_PROC.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise ProbeSkipped(f"The system does not show its neighbour table ({error}).") from error
    command = _ARP.get(sys.platform)
    if command is None:
        raise ProbeSkipped("How this system shows its neighbour table is not known.")
    return decode_arp_a(await _run(command, "-a", *(["-n"] if sys.platform == "darwin" else [])))


async def _read_ipv6(context: Context) -> None:
    """IPv6 addresses that the system knows, tied to their MAC address; nothing is sent."""
    for entry in await read_ipv6_table(context.scope):
        context.observe({"ip.v6": entry.ip, "mac.address": entry.mac}, mac=entry.mac)


async def read_ipv6_table(scope: Scope) -> tuple[Neighbour, ...]:
    """The system's IPv6 neighbours on the scope's interface, without this laptop; none where it does not tell."""
    found = decode_ip_neigh if sys.platform.startswith("linux") else decode_ndp
    text = await _run_first(_IPV6.get(sys.platform, ()), scope.interface)
    return tuple(entry for entry in found(text, scope.interface) if entry.mac != scope.mac)


async def _run_first(commands: tuple[tuple[str, ...], ...], interface: str) -> str:
    """What the first command that is there prints about an interface."""
    command = next((command for command in commands if Path(command[0]).exists()), None)
    return await _run(*(part.replace("INTERFACE", interface) for part in command)) if command else ""


PROBE = NeighboursProbe()
