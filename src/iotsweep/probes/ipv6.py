"""IPv6: asks all nodes of the link by an echo, ties who answers to a MAC address; finds what has no IPv4 at all."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from iotsweep.model import Profile
from iotsweep.network.door import Echoes
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.probes.neighbours import read_ipv6_table
from iotsweep.wire.error import WireError
from iotsweep.wire.ndp import ALL_NODES, decode_echo_reply, encode_echo

ROUNDS = (0.0, 0.6)  # seconds from the start
LISTEN = 1.3  # seconds; the answers to a multicast question are spread by their devices (RFC 4443 section 4.2)
MOST_TOLD = 4096


class Ipv6Probe:
    """Finds devices by IPv6, also those without an IPv4 address."""

    name = "ipv6"
    says = "asking by IPv6 who is there"
    stage = Stage.FIND
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("ip.v6", "mac.address")
    sends = f"an ICMPv6 echo request (ping) to {ALL_NODES}, twice"
    side_effects = "none known: laptops and phones ask the same group when they join"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask twice, then read which MAC address each answer came from."""
        heard = _Heard(context)
        try:
            async with context.door.echoes() as echoes:
                await heard.follow(echoes)
        except OSError as error:
            raise ProbeSkipped(
                f"IPv6 cannot be asked on {context.scope.interface} ({error.strerror or error})."
            ) from error
        finally:
            heard.tell({})
        if not heard.sent:
            raise ProbeSkipped(f"IPv6 is off on {context.scope.interface}, so nobody could be asked by it.")


@dataclass
class _Heard:
    """Who answered, and whom that was told of already."""

    context: Context
    answers: dict[str, bytes] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    sent: int = 0

    async def follow(self, echoes: Echoes) -> None:
        """Ask in rounds, hear the answers, and look up their MAC addresses."""
        loop = asyncio.get_running_loop()
        start, identity = loop.time(), secrets.randbelow(1 << 16)
        for number, until in enumerate((*ROUNDS[1:], LISTEN)):
            self.sent += echoes.send(encode_echo(identity, number))
            while (left := min(start + until - loop.time(), self.context.remaining())) > 0:
                self._take(await echoes.receive(left))
            table = await read_ipv6_table(self.context.scope)
            self.tell({entry.ip: entry.mac for entry in table}, only_known=True)

    def _take(self, message: tuple[bytes, str] | None) -> None:
        if message is None or len(self.answers) >= MOST_TOLD:
            return
        try:
            decode_echo_reply(message[0])
        except WireError:
            return
        self.answers.setdefault(message[1], message[0])

    def tell(self, macs: dict[str, str], *, only_known: bool = False) -> None:
        """Hand over each answer once, with its MAC address where the system knows it."""
        for ip, raw in self.answers.items():
            mac = macs.get(ip)
            if ip in self.told or (only_known and mac is None):
                continue
            self.told.add(ip)
            if mac:
                self.context.observe({"ip.v6": ip, "mac.address": mac}, ip=ip, mac=mac, raw=raw)
            else:
                self.context.observe({"ip.v6": ip}, ip=ip, raw=raw)


PROBE = Ipv6Probe()
