"""Reads the description of every UPnP device that named one, from that same device only. Never any action."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter

from iotsweep.model import Observation, Profile
from iotsweep.network.door import ClosedError, Connection, SilentError
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context
from iotsweep.wire.error import WireError
from iotsweep.wire.upnp import KEYS, decode_description, to_facts
from iotsweep.wire.upnp_fetch import REPLY_MOST, Place, decode_reply, encode_get, is_complete, read_location

PER_HOST = 4  # descriptions; a home's busiest devices have two or three
TIMEOUT = 2.5  # seconds, for the connection and for each silence
WHOLE = 6.0  # seconds for one description, however slowly it drips


class UpnpProbe:
    """Reads maker, model and name where a device itself says that they stand."""

    name = "upnp"
    says = "reading what UPnP devices say about themselves"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = KEYS
    sends = "one HTTP GET for each description that a UPnP device names on itself, at most four per device"
    side_effects = "none known; the device may note the request in its log"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Fetch each distinct location once, as soon as it is heard of."""
        fetched: set[Place] = set()
        per_host: Counter[str] = Counter()
        async with asyncio.TaskGroup() as group:
            async for observation in context.hosts.news():
                for place in _places(observation):
                    if place not in fetched and per_host[place.address] < PER_HOST:
                        fetched.add(place)
                        per_host[place.address] += 1
                        group.create_task(_describe(context, place))


def _places(observation: Observation) -> list[Place]:
    places = []
    for url in observation.values("ssdp.location"):
        with contextlib.suppress(WireError):
            places.append(read_location(url, observation.ip or ""))
    return places


async def _describe(context: Context, place: Place) -> None:
    """Whatever goes wrong here leaves this one description out and nothing else."""
    with contextlib.suppress(ClosedError, SilentError, GuardError, WireError, TimeoutError, OSError):
        async with asyncio.timeout(min(WHOLE, context.remaining())):
            async with context.door.connect(place.address, place.port, timeout=TIMEOUT) as connection:
                await connection.send(encode_get(place))
                raw = await receive_reply(connection)
        for facts in to_facts(decode_description(decode_reply(raw))):
            context.observe(facts, ip=place.address, raw=raw)


async def receive_reply(connection: Connection) -> bytes:
    """One HTTP reply: until it says that it is over, the device closes or falls silent, or it grows too large."""
    data = b""
    with contextlib.suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
        while len(data) < REPLY_MOST and not is_complete(data):
            async with asyncio.timeout(TIMEOUT):
                part = await connection.reader.read(65536)
            if not part:
                break
            data += part
    return data


PROBE = UpnpProbe()
