"""Listens, and sends nothing: who asks for addresses, joins the network, registers a name or wakes up.

With administrator rights it hears frames: ARP, DHCP, NetBIOS, LLMNR, IPv6 neighbours and routers, every sender of
a multicast with its MAC address, and signs that there is more network than this one. Without, ordinary sockets hear
the groups that any program may join. What is announced by mDNS, UPnP, WS-Discovery and the makers' broadcasts, the
probes of those protocols take in.

A question is never an identity; but a device that asks is a device that is there.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from iotsweep.durations import say_duration
from iotsweep.model import Profile
from iotsweep.network.ear import LinkError, listen
from iotsweep.probes import Stage, _signs
from iotsweep.probes._hearsay import YIELDS, Hearsay
from iotsweep.probes._silences import Silences
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.probes.neighbours import belonging, read_table

# The groups in which devices of a home speak without being asked: mDNS, SSDP and WS-Discovery, LLMNR.
GROUPS = (("224.0.0.251", 5353), ("239.255.255.250", 1900), ("239.255.255.250", 3702), ("224.0.0.252", 5355))
READ_TABLE_EVERY = 10.0  # seconds between two looks at the neighbour table
_WITHOUT_RIGHTS = (
    "Listening without administrator rights hears only who speaks to the groups that any program may join. It does not "
    "hear ARP, DHCP, NetBIOS and IPv6 neighbours, so devices that only use those stay unheard. To hear them: {remedy}."
)


class ListenProbe:
    """Hears who is there, for as long as it is allowed to."""

    name = "listen"
    says = "listening to what devices say unasked"
    stage = Stage.FIND
    profiles = frozenset({Profile.QUIET})
    yields = (*YIELDS, *_signs.YIELDS)
    sends = (
        "Nothing. Where groups are joined to hear them, this laptop's own system tells the network so (IGMP, MLD), as "
        "every laptop does."
    )
    side_effects = "none beyond this laptop being on the network"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Listen until the deadline; state at its end how long that was."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        hearsay = Hearsay(context, silences=Silences(started))
        reading = asyncio.create_task(_read_table(context, hearsay))
        try:
            try:
                await _hear_frames(context, hearsay)
            except LinkError as error:
                remedy = str(error).partition(": ")[2] or str(error)
                context.limit(_WITHOUT_RIGHTS.format(remedy=remedy))
                await _hear_groups(context, hearsay)
        finally:
            reading.cancel()
            hearsay.finish()
            time = say_duration(loop.time() - started)
            context.limit(
                f"It listened for {time}. What sent nothing in that time was not heard and may still be here."
            )


async def _hear_frames(context: Context, hearsay: Hearsay) -> None:
    signs = _signs.Signs(context)
    async with listen(context.scope) as ear:
        try:
            while (left := context.remaining()) > 0:
                frame = await ear.receive(left)
                if frame is not None:
                    hearsay.take_frame(frame)
                    signs.take_frame(frame)
        finally:
            if ear.dropped:
                context.limit(f"{ear.dropped} frames came too fast to be read.")


async def _hear_groups(context: Context, hearsay: Hearsay) -> None:
    """Who speaks to a group is there, whatever it says."""

    async def follow(group: str, port: int) -> None:
        try:
            async with AsyncExitStack() as stack:
                heard = await stack.enter_async_context(context.door.datagrams(port=port, group=group))
                while (left := context.remaining()) > 0:
                    datagram = await heard.receive(left)
                    if datagram:
                        hearsay.take_sender(datagram[1])
        except OSError as error:
            context.limit(f"UDP port {port} is not free on this laptop, so its group is not heard ({error.strerror}).")

    await asyncio.gather(*(follow(*each) for each in GROUPS))


async def _read_table(context: Context, hearsay: Hearsay) -> None:
    """The system learns addresses from what it is asked; reading its table sends nothing."""
    while True:
        try:
            entries = belonging(await read_table(), context.scope)
        except ProbeSkipped:
            return
        for entry in entries:
            hearsay.tell_address(entry.mac, entry.ip)
        await asyncio.sleep(READ_TABLE_EVERY)


PROBE = ListenProbe()
