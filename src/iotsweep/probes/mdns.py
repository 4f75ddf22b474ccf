"""Asks by multicast DNS which services there are, and listens to what is announced (RFC 6762, RFC 6763).

python-zeroconf builds and sends the questions, from port 5353 with multicast answers; our own joined socket reads
the answers, because who sent an answer tells a bridge that re-announces others apart. Nothing of this laptop is
registered or announced. In the quiet profile nothing is sent: it listens until its deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.error import WireError
from iotsweep.wire.mdns import PTR, Name, decode_message
from iotsweep.wire.mdns_services import ENUMERATION, Instance, Services, fold
from iotsweep.wire.mdns_types import TYPES

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

    from iotsweep.network.door import Datagram, Datagrams

GROUP, PORT = "224.0.0.251", 5353
_UDP_HEADERS = 28
_PER_PACKET = 40  # questions; stays below one Ethernet frame, and a truncated query would delay every answer
_KNOWN_PER_PACKET = 12
_ASKED_TWICE = 2

Ask = tuple[Name, int]


@dataclass(frozen=True, slots=True)
class Patience:
    """When the questions are repeated and when the answers are taken to be over, in seconds from the start."""

    rounds: tuple[float, ...]
    least: float
    most: float
    quiet: float  # this long without news, after `least`, ends the listening


STANDARD = Patience((0.0, 0.5, 1.2), least=2.0, most=3.0, quiet=0.7)
THOROUGH = Patience((0.0, 0.5, 1.2, 2.5), least=3.5, most=5.0, quiet=1.0)


class MdnsProbe:
    """Finds what announces a service, and what it says of itself."""

    name = "mdns"
    says = "asking for printers, speakers, TVs, cameras and hubs that announce themselves"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = (
        "mdns.service",
        "mdns.name",
        "mdns.host",
        "mdns.port",
        "mdns.from",
        "mdns.txt.*",
        "ip.v4",
        "ip.v6",
    )
    sends = (
        "standard and thorough: multicast DNS questions to 224.0.0.251 port 5353, at most some dozen packets; "
        "quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the questions, as it does when any laptop joins"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask a few times, follow up what is missing, hand over one observation per service instance."""
        try:
            async with context.door.datagrams(port=PORT, group=GROUP) as heard:
                hearing = _Hearing(context)
                try:
                    if context.scope.profile is Profile.QUIET:
                        await _listen(heard, hearing, context.remaining())
                    else:
                        await _ask(context, heard, hearing)
                finally:
                    hearing.finish()
        except OSError as error:
            raise ProbeSkipped(
                f"multicast DNS cannot be heard on {context.scope.interface} ({error.strerror or error}); "
                "another program may hold UDP port 5353 for itself"
            ) from error


async def _ask(context: Context, heard: Datagrams, hearing: _Hearing) -> None:
    from zeroconf import IPVersion
    from zeroconf.asyncio import AsyncZeroconf

    patience = THOROUGH if context.scope.profile is Profile.THOROUGH else STANDARD
    zeroconf = AsyncZeroconf(interfaces=[context.scope.address], ip_version=IPVersion.V4Only)
    try:
        await zeroconf.zeroconf.async_wait_for_start()
        await _converse(_Questions(context, zeroconf, hearing.services), heard, hearing, patience)
    finally:
        await zeroconf.async_close()


async def _converse(questions: _Questions, heard: Datagrams, hearing: _Hearing, patience: Patience) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    rounds = list(patience.rounds)
    latest = news = 0.0
    end = min(patience.most, questions.context.remaining())
    while (now := loop.time() - start) < end:
        if rounds and now >= rounds[0]:
            questions.ask_types(len(patience.rounds) - len(rounds))
            rounds.pop(0)
        elif now - latest >= 0.2:
            questions.follow_up()
            latest = now
        if await _listen(heard, hearing, 0.05):
            news = loop.time() - start
        if not rounds and now >= patience.least and now - news >= patience.quiet:
            return


async def _listen(heard: Datagrams, hearing: _Hearing, seconds: float) -> bool:
    """Take in everything that comes within `seconds`; True when something was new."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    news = False
    while (left := until - loop.time()) > 0:
        datagram = await heard.receive(left)
        if datagram:
            news = hearing.take(datagram) or news
    return news


@dataclass
class _Questions:
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
            size = sum(_UDP_HEADERS + len(packet) for packet in packets)
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


@dataclass
class _Hearing:
    """Takes in responses, tells the others which hosts are there, and hands over each instance once."""

    context: Context
    services: Services = field(default_factory=Services)
    told: dict[tuple[str, Name], dict[str, str]] = field(default_factory=dict)

    def take(self, datagram: Datagram) -> bool:
        """One datagram; True when it brought something new."""
        raw, source, _ = datagram
        if source == self.context.scope.address:
            return False
        if self._inside(source):
            self.context.hosts.add(source)
        try:
            news = self.services.hear(source, decode_message(raw), raw)
        except WireError:
            return False
        if news:
            self._tell(only_complete=True)
        return news

    def finish(self) -> None:
        """Hand over what stayed incomplete, and the hosts that gave no more than a name."""
        self._tell(only_complete=False)
        self._tell_late_addresses()
        for source, v4, v6, host, raw in self.services.lone_hosts():
            ip = v4 if self._inside(v4) else source
            self._observe({"mdns.host": host, "ip.v4": v4, "ip.v6": v6}, ip, source, raw)
        for source, ip, host, raw in self.services.named_addresses():
            if self._inside(ip):
                self._observe({"mdns.host": host, "ip.v4": ip}, ip, source, raw)

    def _tell_late_addresses(self) -> None:
        """An IPv6 address that came after its instance was told still ties the two together, by the host name."""
        late: dict[tuple[str, str], Instance] = {}
        for instance in self.services.instances():
            v6 = instance.facts.get("ip.v6", "")
            if v6 != self.told[(instance.source, instance.name)].get("ip.v6", ""):
                late.setdefault((instance.source, v6), instance)
        for (source, v6), instance in late.items():
            facts = {"mdns.host": instance.facts["mdns.host"], "ip.v6": v6}
            self._observe(facts, instance.ip, source, instance.raw)

    def _tell(self, *, only_complete: bool) -> None:
        for instance in self.services.instances():
            key = (instance.source, instance.name)
            if key in self.told or (only_complete and not instance.complete):
                continue
            self.told[key] = instance.facts
            self._hand_over(instance)

    def _hand_over(self, instance: Instance) -> None:
        self._observe(instance.facts, instance.ip, instance.source, instance.raw)

    def _observe(self, facts: dict[str, str], ip: str, source: str, raw: bytes) -> None:
        """An address outside the network (a container's, say) cannot be what answered: the sender's stands instead."""
        facts = {key: value for key, value in facts.items() if key != "mdns.from"}
        if not self._inside(ip):
            ip = source
        elif ip != source:
            facts["mdns.from"] = source
        self.context.observe(facts, ip=ip, raw=raw)

    def _inside(self, address: str) -> bool:
        try:
            return IPv4Address(address) in IPv4Network(self.context.scope.network)
        except ValueError:
            return False


def _spell(name: Name) -> str:
    return ".".join(name) + "."


def _can_be_spelled(name: Name) -> bool:
    """zeroconf writes names as dotted text, so a label with a dot in it cannot be asked for."""
    sizes = [len(label.encode()) for label in name]
    return bool(name) and all(0 < size < 64 for size in sizes) and sum(sizes) < 240 and not any("." in x for x in name)


def _reverse(address: str) -> Ask:
    return (*reversed(address.split(".")), "in-addr", "arpa"), PTR


PROBE = MdnsProbe()
