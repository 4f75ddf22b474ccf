"""What all doors of one sweep share: the guard, the ledger, whose port is whose, and the limits per device."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger

CONNECTIONS_PER_DEVICE = 2  # three would be gentle too; two leave room for one that closes slowly
CONNECTIONS_AT_ONCE = 256
_OTHER_FILES = 96  # the interpreter, the loop, datagram sockets, zeroconf, the link layer


@dataclass
class Shared:
    """What all doors of one sweep share."""

    guard: Guard
    ledger: Ledger
    local_ports: dict[tuple[str, int], str] = field(default_factory=dict)  # (protocol, local port) -> probe
    arp_asked: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # target -> probe -> due
    claimed: dict[str, str] = field(default_factory=dict)  # address -> the probe whose own process sends there
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_files_to_spare()))
    per_device: dict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(CONNECTIONS_PER_DEVICE))
    )

    def arp_owner(self, target: str) -> str | None:
        """The probe that a seen ARP request for `target` belongs to, taken off what is due; None for the system."""
        due = self.arp_asked.get(target)
        if not due:
            return None
        probe = next(iter(due))
        due[probe] -= 1
        if due[probe] <= 0:
            del due[probe]
        return probe


def _files_to_spare() -> int:
    """How many connections may be open at once under this system's limit of open files, raised where it allows."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return CONNECTIONS_AT_ONCE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_AT_ONCE + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted and (hard == resource.RLIM_INFINITY or hard > soft):
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = wanted if soft == resource.RLIM_INFINITY else soft
    return max(16, min(CONNECTIONS_AT_ONCE, room - _OTHER_FILES))
