"""Searches by WS-Discovery, which ONVIF cameras, printers, PCs and NAS answer; reads a PC's own description.

The search goes out in four forms, because cameras answer only the one without types or the one for video
transmitters, and computers only the one for wsdp:Device.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.door import ClosedError, SilentError
from iotsweep.network.guard import GuardError
from iotsweep.probes import Stage
from iotsweep.probes._group_search import GroupSearch, add_host
from iotsweep.probes.context import Context
from iotsweep.probes.upnp import receive_reply
from iotsweep.wire.error import WireError
from iotsweep.wire.upnp_fetch import Place, decode_reply, encode_post, read_location
from iotsweep.wire.wsd import (
    GROUP,
    PORT,
    WsdMatch,
    decode_matches,
    decode_metadata,
    encode_get,
    encode_probe,
    encode_resolve,
    to_facts,
)

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams

FORMS = ("", "dn:NetworkVideoTransmitter", "tds:Device", "wsdp:Device")
ROUNDS = (0.0, 0.7)  # seconds from the start
LISTEN = 1.9  # seconds; APP_MAX_DELAY is half a second, but cameras are slow; then it listens while others ask
TIMEOUT = 2.0
MOST_RESOLVED = 64  # searches for the address of a device that gave none
_CONTENT_TYPE = "application/soap+xml"


def _questions() -> Iterator[bytes]:
    """One search in every form, each with an id of its own."""
    return (encode_probe(str(uuid.uuid4()), types) for types in FORMS)


_SEARCH = GroupSearch("WS-Discovery", GROUP, PORT, ROUNDS, LISTEN, _questions)


class WsdProbe:
    """Finds ONVIF cameras and recorders, printers, PCs and NAS."""

    name = "wsd"
    says = "asking for network cameras, recorders and computers by WS-Discovery"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = (
        "wsd.types",
        "wsd.scopes",
        "wsd.address",
        "wsd.xaddrs",
        "wsd.name",
        "wsd.manufacturer",
        "wsd.model",
        "wsd.firmware",
        "wsd.serial",
        "wsd.computer",
        "onvif.name",
        "onvif.hardware",
        "onvif.location",
        "onvif.profile",
        "onvif.type",
        "onvif.mac",
    )
    sends = (
        "standard and thorough: two rounds of four WS-Discovery searches to 239.255.255.250 port 3702, one for each "
        "computer or printer that gave no address, and one reading request (WS-Transfer Get) to each of those; "
        "quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the searches, as it does when a Windows PC looks for printers"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Search twice, hear replies and greetings, read what computers and printers say about themselves."""
        await _SEARCH.run(context, lambda talk, tasks: _Hearing(context, talk, tasks).take)


@dataclass
class _Hearing:
    """Takes in replies and greetings, each distinct one once; without `talk` nothing is sent."""

    context: Context
    talk: Datagrams | None
    readers: asyncio.TaskGroup
    told: set[tuple[str, WsdMatch]] = field(default_factory=set)
    read: set[tuple[str, str]] = field(default_factory=set)
    resolved: set[str] = field(default_factory=set)

    def take(self, datagram: Datagram) -> None:
        """One datagram. A search by somebody else says nothing."""
        raw, source, _ = datagram
        try:
            matches = decode_matches(raw)
        except WireError:
            return
        add_host(self.context, source)
        for match in matches:
            if (source, match) not in self.told:
                self.told.add((source, match))
                self.context.observe(to_facts(match), ip=source, raw=raw)
                self._read(source, match)

    def _read(self, source: str, match: WsdMatch) -> None:
        """Only devices of the Devices Profile answer a Get; an ONVIF camera is left alone."""
        if not self.talk or (match.types and "wsdp:Device" not in match.types) or (source, match.address) in self.read:
            return
        if not match.xaddrs and match.address not in self.resolved and len(self.resolved) < MOST_RESOLVED:
            self.resolved.add(match.address)
            self.talk.send(encode_resolve(str(uuid.uuid4()), match.address), GROUP, PORT)
        for url in match.xaddrs:
            with contextlib.suppress(WireError):
                place = read_location(url, source)
                self.read.add((source, match.address))
                self.readers.create_task(_describe(self.context, place, match.address))
                return


async def _describe(context: Context, place: Place, address: str) -> None:
    """Whatever goes wrong here leaves this one description out and nothing else."""
    with contextlib.suppress(ClosedError, SilentError, GuardError, WireError, TimeoutError, OSError):
        async with asyncio.timeout(min(2 * TIMEOUT, context.remaining())):
            async with context.door.connect(place.address, place.port, timeout=TIMEOUT) as connection:
                body = encode_get(str(uuid.uuid4()), address)
                await connection.send(encode_post(place, _CONTENT_TYPE, body))
                raw = await receive_reply(connection)
        facts = decode_metadata(decode_reply(raw))
        if facts:
            context.observe({**facts, "wsd.address": address}, ip=place.address, raw=raw)


PROBE = WsdProbe()
