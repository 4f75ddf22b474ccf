"""The questions of the multicast DNS probe: which are still open, built and sent with python-zeroconf, and counted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iotsweep.network.udp import UDP_HEADERS
from iotsweep.probes.context import Context
from iotsweep.wire.mdns import PTR, Name
from iotsweep.wire.mdns_services import ENUMERATION, Services, fold
from iotsweep.wire.mdns_types import TYPES

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

GROUP, PORT = "224.0.0.251", 5353
_PER_PACKET = 40  # questions; stays below one Ethernet frame, and a truncated query would delay every answer
_KNOWN_PER_PACKET = 12
_ASKED_TWICE = 2

Ask = tuple[Name, int]


@dataclass
class Questions:
    """Builds the questions with zeroconf, sends them and counts them. No question is asked more than it must be."""

    context: Context
    zeroconf: AsyncZeroconf
    services: Services
    asked: dict[Ask, int] = field(default_factory=dict)

    def ask_types(self, turn: int) -> None:
        """Enumeration and every type that matters; every other turn backwards, for those that read only the first."""
        names = [ENUMERATION, *self._known_types()]
        if turn % 2:
            names.reverse()
        self._send([(name, PTR) for name in names], known=turn > 0)

    def follow_up(self) -> None:
        """What was mentioned and not told yet, each at most twice; then the names of hosts that others found."""
        new = [name for name in self._known_types() if (fold(name), PTR) not in self.asked]
        asks = [(name, PTR) for name in new]
        asks += [ask for ask in dict.fromkeys(self.services.missing()) if self._again(ask)]
        unnamed = [address for address in self.context.hosts.known() if not self.services.named(address)]
        asks += [ask for ask in map(_reverse, unnamed) if self._again(ask)]
        self._send(asks)

    def _known_types(self) -> list[Name]:
        learned = {fold(name): name for name in TYPES} | self.services.types
        return list(learned.values())

    def _again(self, ask: Ask) -> bool:
        return self.asked.get((fold(ask[0]), ask[1]), 0) < _ASKED_TWICE

    def _send(self, asks: Iterable[Ask], *, known: bool = False) -> None:
        asks = [ask for ask in asks if _can_be_spelled(ask[0])]
        for start in range(0, len(asks), _PER_PACKET):
            self._send_packet(asks[start : start + _PER_PACKET], known)

    def _send_packet(self, asks: list[Ask], known: bool) -> None:
        from zeroconf import DNSOutgoing, DNSPointer, DNSQuestion, NamePartTooLongException  # type: ignore[attr-defined]

        out = DNSOutgoing(0)  # flags of a query; multicast answers are asked for, not unicast ones
        for name, kind in asks:
            self.asked[(fold(name), kind)] = self.asked.get((fold(name), kind), 0) + 1
            out.add_question(DNSQuestion(_spell(name), kind, 1))
        for record in self._known_answers(asks) if known else ():
            pointer = DNSPointer(_spell(record[0]), PTR, 1, 4500, _spell(record[1]))
            out.add_answer_at_time(pointer, 0)
        with contextlib.suppress(NamePartTooLongException):
            packets = out.packets()
            self.zeroconf.zeroconf.async_send(out)
            size = sum(UDP_HEADERS + len(packet) for packet in packets)
            self.context.door.count(GROUP, "udp", PORT, len(packets), size)

    def _known_answers(self, asks: list[Ask]) -> list[tuple[Name, Name]]:
        """Instances that need not be told again. Never for enumeration: its answers are the same from everybody."""
        found = [
            (record.name, record.target)
            for name, _ in asks
            if fold(name) != ENUMERATION
            for record in self.services.pointers(name)
            if _can_be_spelled(record.target)
        ]
        return list(dict.fromkeys(found))[:_KNOWN_PER_PACKET]


def _spell(name: Name) -> str:
    return ".".join(name) + "."


def _can_be_spelled(name: Name) -> bool:
    """zeroconf writes names as dotted text, so a label with a dot in it cannot be asked for."""
    sizes = [len(label.encode()) for label in name]
    return bool(name) and all(0 < size < 64 for size in sizes) and sum(sizes) < 240 and not any("." in x for x in name)


def _reverse(address: str) -> Ask:
    return (*reversed(address.split(".")), "in-addr", "arpa"), PTR
