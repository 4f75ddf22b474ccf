"""Reads which devices the router lets the internet reach: its port mappings, entry by entry, and changes none.

It also asks whether the router stands behind another one (double NAT), which shows in its own address there.
"""

from __future__ import annotations

import asyncio

from iotsweep.model import Observation, Profile, RouterRunBy
from iotsweep.network.door import ClosedError, SilentError
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.probes.upnp import receive_reply
from iotsweep.wire.error import WireError
from iotsweep.wire.igd import (
    KEYS,
    MOST_ENTRIES,
    Control,
    PortMapping,
    decode_answer,
    decode_private_outside,
    encode_outside_question,
    encode_question,
    find_controls,
)
from iotsweep.wire.upnp_fetch import Place, decode_reply, encode_get, read_location

TIMEOUT = 2.5  # seconds, for the connection and for each silence
_MOST_DESCRIPTIONS = 4
_SIGNS = (":InternetGatewayDevice:", ":WANIPConnection:", ":WANPPPConnection:", ":WANConnectionDevice:")
_UNREACHED = (ClosedError, SilentError, GuardError, TimeoutError, OSError)


class PortMappingsProbe:
    """Tells the devices that can be reached from the internet."""

    name = "port-mappings"
    says = "asking the router which devices the internet can reach"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields: tuple[str, ...] = KEYS
    sends = (
        "to the router alone, and only when it is run by the people who agreed: one HTTP GET for each of its UPnP "
        f"descriptions, one HTTP POST (GetGenericPortMappingEntry) for each port mapping, at most {MOST_ENTRIES} "
        "for each of its connections, and one (GetExternalIPAddress) to learn whether it stands behind another router"
    )
    side_effects = "none known; the router may note the requests in its log"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Read as soon as the router has said that it is one; tell of the devices once it is known who is there."""
        consent = context.scope.consent
        if consent is None or consent.router_run_by is not RouterRunBy.OURSELVES:
            raise ProbeSkipped("the router was not asked for its port mappings, because its log may be read by another")
        read: set[Place] = set()
        found: dict[PortMapping, bytes] = {}
        async for observation in context.hosts.news():
            for place in _places(observation, context.scope.gateway):
                if place not in read and len(read) < _MOST_DESCRIPTIONS:
                    read.add(place)
                    await _read_router(context, place, found)
        _tell_devices(context, found)


def _places(observation: Observation, gateway: str | None) -> list[Place]:
    """Where the router describes itself as one, on its own address."""
    told = [*observation.values("ssdp.st"), *observation.values("ssdp.usn")]
    if gateway is None or observation.ip != gateway or not any(sign in text for sign in _SIGNS for text in told):
        return []
    places = []
    for url in observation.values("ssdp.location"):
        try:
            places.append(read_location(url, gateway))
        except WireError:
            continue
    return places


async def _read_router(context: Context, place: Place, found: dict[PortMapping, bytes]) -> None:
    try:
        controls = find_controls(decode_reply(await _ask(context, place, encode_get(place))), place)
    except (*_UNREACHED, WireError):
        return
    for control in controls:
        if await _read_entries(context, control, found):
            await _read_outside(context, control)


async def _read_entries(context: Context, control: Control, found: dict[PortMapping, bytes]) -> bool:
    """One entry after the other, until the router says that there are no more; False when it stopped answering."""
    for index in range(MOST_ENTRIES):
        try:
            raw = await _ask(context, control.place, encode_question(control, index))
            mapping = decode_answer(raw)
        except (*_UNREACHED, WireError) as error:
            context.limit(f"the router did not tell all of its port mappings ({str(error) or 'no answer'})")
            return isinstance(error, WireError)
        if mapping is None:
            return True
        if mapping not in found:
            found[mapping] = raw
            context.observe({"igd.port_mapping": mapping.say()}, ip=control.place.address, raw=raw)
    context.limit(f"the router has {MOST_ENTRIES} port mappings or more; only these were read")
    return True


async def _read_outside(context: Context, control: Control) -> None:
    """A private address there means another router before this one. A public one would tell where the home is."""
    try:
        raw = await _ask(context, control.place, encode_outside_question(control))
        address = decode_private_outside(raw)
    except (*_UNREACHED, WireError):
        return
    if address is not None:
        context.observe({"igd.outside": address}, ip=control.place.address, raw=raw)


async def _ask(context: Context, place: Place, request: bytes) -> bytes:
    async with asyncio.timeout(min(2 * TIMEOUT, context.remaining())):
        async with context.door.connect(place.address, place.port, timeout=TIMEOUT) as connection:
            await connection.send(request)
            return await receive_reply(connection)


def _tell_devices(context: Context, found: dict[PortMapping, bytes]) -> None:
    """A mapping belongs to the device at its address; where none answered, that is said and no device is made up."""
    known = context.hosts.known()
    for mapping, raw in found.items():
        if not mapping.enabled:
            continue
        if mapping.client in known:
            context.observe({"igd.mapped": f"{mapping.protocol}/{mapping.inner}"}, ip=mapping.client, raw=raw)
        else:
            context.limit(
                f"the router passes {mapping.protocol} port {mapping.outer} from the internet on to {mapping.client}, "
                "where no device was found"
            )


PROBE = PortMappingsProbe()
