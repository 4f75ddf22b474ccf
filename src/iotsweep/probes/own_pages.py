"""Reads the one page on which Rokus and Shellies say what they are, from devices that announced themselves as such."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from iotsweep.model import Observation, Profile
from iotsweep.network.door import ClosedError, SilentError
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context
from iotsweep.probes.upnp import receive_reply
from iotsweep.wire import own_pages
from iotsweep.wire.error import WireError
from iotsweep.wire.upnp_fetch import Place, decode_reply, encode_get

TIMEOUT = 2.0  # seconds, for the connection and for each silence
Page = tuple[int, str, Callable[[bytes], dict[str, str]]]
_ROKU: Page = (own_pages.ROKU_PORT, own_pages.ROKU_PATH, own_pages.decode_roku)
_SHELLY: Page = (own_pages.SHELLY_PORT, own_pages.SHELLY_PATH, own_pages.decode_shelly)


class OwnPagesProbe:
    """Reads model and name of Rokus and Shellies."""

    name = "own-pages"
    says = "reading what Rokus and Shellies say about themselves"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields: tuple[str, ...] = (*own_pages.ROKU_KEYS, *own_pages.SHELLY_KEYS)
    sends = (
        "one HTTP GET of /query/device-info on port 8060 to a device that announced Roku's protocol, and one of "
        "/shelly on port 80 to a device that announced itself as a Shelly"
    )
    side_effects = "none known"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Read each page once, as soon as its device is heard of."""
        read: set[tuple[str, int]] = set()
        async with asyncio.TaskGroup() as group:
            async for observation in context.hosts.news():
                page = choose_page(observation)
                if page and observation.ip and (observation.ip, page[0]) not in read:
                    read.add((observation.ip, page[0]))
                    group.create_task(_read(context, observation.ip, page))


def choose_page(observation: Observation) -> Page | None:
    """Only an announcement leads here, never a guess."""
    if "roku:ecp" in observation.values("ssdp.st"):
        return _ROKU
    names = (*observation.values("mdns.name"), *observation.values("mdns.host"))
    shelly = "_shelly._tcp" in observation.values("mdns.service") or observation.values("coap.shelly_id")
    if shelly or any(name.lower().startswith("shelly") for name in names):
        return _SHELLY
    return None


async def _read(context: Context, ip: str, page: Page) -> None:
    port, path, decode = page
    with contextlib.suppress(ClosedError, SilentError, GuardError, WireError, TimeoutError, OSError):
        async with asyncio.timeout(min(2 * TIMEOUT, context.remaining())):
            async with context.door.connect(ip, port, timeout=TIMEOUT) as connection:
                await connection.send(encode_get(Place(ip, port, path)))
                raw = await receive_reply(connection)
        context.observe(decode(decode_reply(raw)), ip=ip)


PROBE = OwnPagesProbe()
