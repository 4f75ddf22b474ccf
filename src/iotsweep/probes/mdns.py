"""Asks by multicast DNS which services there are, and listens to what is announced (RFC 6762, RFC 6763).

python-zeroconf builds and sends the questions, from port 5353 with multicast answers; our own joined socket reads
the answers, because who sent an answer tells a bridge that re-announces others apart. Nothing of this laptop is
registered or announced. In the quiet profile nothing is sent: it listens until its deadline. IPv6 is asked and heard
beside it by `_mdns_ipv6`.
"""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from iotsweep.model import Profile
from iotsweep.network.link import has_link_rights
from iotsweep.probes import Stage
from iotsweep.probes._mdns_heard_ipv6 import HeardOverIpv6, Words, beside
from iotsweep.probes._mdns_ipv6 import follow_ipv6
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.probes.mdns_questions import GROUP, PORT, Questions
from iotsweep.wire.error import WireError
from iotsweep.wire.mdns import Name, decode_message
from iotsweep.wire.mdns_services import Instance, Services

if TYPE_CHECKING:
    from iotsweep.network.door import Datagram, Datagrams


@dataclass(frozen=True, slots=True)
class Patience:
    """When the questions are repeated and when the answers are taken to be over, in seconds from the start."""

    rounds: tuple[float, ...]
    least: float
    most: float
    quiet: float  # this long without news, after `least`, ends the listening


# The last round comes more than a second after the first: an answer may not be repeated sooner (RFC 6762 section 6).
STANDARD = Patience((0.0, 0.5, 1.2), least=1.6, most=3.0, quiet=0.4)
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
        "standard and thorough: multicast DNS questions to 224.0.0.251 port 5353 and over IPv6 to ff02::fb port 5353, "
        "at most some dozen packets each; quiet: nothing, it listens"
    )
    side_effects = "every device in the home hears the questions, as it does when any laptop joins"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask a few times, follow up what is missing, hand over one observation per service instance."""
        patience = THOROUGH if context.scope.profile is Profile.THOROUGH else STANDARD
        try:
            async with context.door.datagrams(port=PORT, group=GROUP) as heard:
                hearing = _Hearing(context)
                over_ipv6 = HeardOverIpv6(context, hearing.words)
                try:
                    if context.scope.profile is not Profile.QUIET:
                        async with beside(follow_ipv6(over_ipv6, patience.rounds)):
                            await _ask(context, heard, hearing, patience)
                            context.settle()
                            await _listen_on(context, heard, hearing)
                    elif has_link_rights():  # then the `listen` probe hears IPv6, with the senders' MAC addresses
                        await _listen(heard, hearing, context.remaining())
                    else:
                        async with beside(follow_ipv6(over_ipv6, ())):
                            await _listen(heard, hearing, context.remaining())
                finally:
                    hearing.finish()
                    over_ipv6.finish()
        except OSError as error:
            raise ProbeSkipped(
                f"multicast DNS cannot be heard on {context.scope.interface} ({error.strerror or error}); "
                "another program may hold UDP port 5353 for itself"
            ) from error


async def _ask(context: Context, heard: Datagrams, hearing: _Hearing, patience: Patience) -> None:
    await asyncio.to_thread(importlib.import_module, "zeroconf.asyncio")
    from zeroconf import IPVersion
    from zeroconf.asyncio import AsyncZeroconf

    context.door.own_port("udp", PORT)
    zeroconf = AsyncZeroconf(interfaces=[context.scope.address], ip_version=IPVersion.V4Only)
    try:
        await zeroconf.zeroconf.async_wait_for_start()
        await _converse(Questions(context, zeroconf, hearing.services), heard, hearing, patience)
    finally:
        await zeroconf.async_close()


async def _converse(questions: Questions, heard: Datagrams, hearing: _Hearing, patience: Patience) -> None:
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


async def _listen_on(context: Context, heard: Datagrams, hearing: _Hearing) -> None:
    """What is announced while others still ask is taken in as well: it costs no time."""
    over = asyncio.create_task(context.hosts.over())
    try:
        while not over.done() and context.remaining():
            await _listen(heard, hearing, 0.1)
    finally:
        over.cancel()


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
            self._observe({"mdns.host": host, "ip.v4": v4, "ip.v6": v6}, v4, source, raw)
        for source, ip, host, raw in self.services.named_addresses():
            if self._inside(ip):
                self._observe({"mdns.host": host, "ip.v4": ip}, ip, source, raw)

    def words(self) -> Words:
        """By instance, what was handed over so far."""
        words: Words = {}
        for (_, name), facts in self.told.items():
            words.setdefault(name, []).append(facts)
        return words

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
        """Keep the announced address apart from the sender's: a reflector, or a host of containers, tells of others."""
        facts = {key: value for key, value in facts.items() if key != "mdns.from"}
        if not _is_address(ip):
            ip = source
        elif ip != source:
            facts["mdns.from"] = source
        self.context.observe(facts, ip=ip, raw=raw)

    def _inside(self, address: str) -> bool:
        try:
            return IPv4Address(address) in IPv4Network(self.context.scope.network)
        except ValueError:
            return False


def _is_address(text: str) -> bool:
    try:
        return not IPv4Address(text).is_link_local
    except ValueError:
        return False


PROBE = MdnsProbe()
