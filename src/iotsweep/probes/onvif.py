"""Asks ONVIF devices the four things that they tell without a login, at the address that they named on themselves."""

from __future__ import annotations

import asyncio
import contextlib

from iotsweep.model import Observation, Profile
from iotsweep.network.door import ClosedError, SilentError
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context
from iotsweep.probes.upnp import receive_reply
from iotsweep.wire.error import WireError
from iotsweep.wire.onvif import CALLS, KEYS, decode_answer, encode_call
from iotsweep.wire.upnp_fetch import Place, decode_reply, encode_post, read_location

TIMEOUT = 2.0  # seconds, for the connection and for each silence
_CONTENT_TYPE = "application/soap+xml; charset=utf-8"
_TYPES = ("dn:NetworkVideoTransmitter", "tds:Device")
_SCOPE = "onvif://www.onvif.org/"


class OnvifProbe:
    """Reads a camera's clock, host name, capabilities and services."""

    name = "onvif"
    says = "reading what network cameras tell without a login"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields: tuple[str, ...] = KEYS
    sends = f"four HTTP POSTs ({', '.join(CALLS)}) to each ONVIF device, at the address that it named, without a login"
    side_effects = "none known; the device may note the requests in its log"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask each distinct place once, as soon as it is heard of."""
        asked: set[str] = set()
        async with asyncio.TaskGroup() as group:
            async for observation in context.hosts.news():
                place = find_place(observation)
                if place and place.address not in asked:
                    asked.add(place.address)
                    group.create_task(_ask(context, place))


def find_place(observation: Observation) -> Place | None:
    """Where an ONVIF device of this observation is asked: on the very host that was heard, over plain HTTP."""
    onvif = any(kind in _TYPES for kind in observation.values("wsd.types")) or any(
        scope.startswith(_SCOPE) for scope in observation.values("wsd.scopes")
    )
    for url in observation.values("wsd.xaddrs") if onvif else ():
        with contextlib.suppress(WireError):
            return read_location(url, observation.ip or "")
    return None


async def _ask(context: Context, place: Place) -> None:
    """One call after the other; the first that fails to connect ends it, a refused one does not."""
    for call in CALLS:
        try:
            async with asyncio.timeout(min(2 * TIMEOUT, context.remaining())):
                async with context.door.connect(place.address, place.port, timeout=TIMEOUT) as connection:
                    await connection.send(encode_post(place, _CONTENT_TYPE, encode_call(call)))
                    raw = await receive_reply(connection)
        except (ClosedError, SilentError, GuardError, TimeoutError, OSError):
            return
        with contextlib.suppress(WireError):
            context.observe(decode_answer(call, decode_reply(raw)), ip=place.address, raw=raw)


PROBE = OnvifProbe()
