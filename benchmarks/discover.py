"""Discovery alone, as a command: the ARP sweep through the same guard, door and count as in a scan, then the addresses.

`python -m benchmarks.discover [INTERFACE]` inside a home of the lab; one line per device: address, MAC, pass.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from iotsweep.clock import utc_now
from iotsweep.model import Consent, ConsentRole, Observation, Profile, RouterRunBy, Scope
from iotsweep.network.door import Door, Shared
from iotsweep.network.guard import Guard
from iotsweep.network.interfaces import read_interfaces
from iotsweep.network.ledger import Ledger
from iotsweep.network.scope import choose_scope
from iotsweep.network.tap import open_tap
from iotsweep.probes.arp import PROBE
from iotsweep.probes.context import Context, Hosts


async def discover(scope: Scope) -> list[Observation]:
    """Every answer to the ARP sweep of `scope`."""
    found: list[Observation] = []
    shared = Shared(Guard(scope), Ledger())
    deadline = asyncio.get_running_loop().time() + 60
    async with open_tap(scope, shared):
        await PROBE.run(Context("arp", scope, Door("arp", scope, shared), Hosts(), deadline, emit=found.append))
    return found


def main(interface: str) -> None:
    """Sweep and print."""
    scope = choose_scope(read_interfaces(), interface=interface, network=None, profile=Profile.STANDARD)
    consent = Consent(ConsentRole.OWNER, utc_now(), "by option", RouterRunBy.UNKNOWN)
    found = asyncio.run(discover(replace(scope, consent=consent)))
    sys.stdout.writelines(f"{one.ip}\t{one.mac}\t{one.first('arp.pass')}\n" for one in found)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["eth0"]))
