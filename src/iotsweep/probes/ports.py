"""Asks found devices at the TCP ports that the catalogue can use, and greets what is open on the same connection."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from iotsweep.model import Profile
from iotsweep.network.door import CONNECTIONS_AT_ONCE, CONNECTIONS_PER_DEVICE, ClosedError, Connection, SilentError
from iotsweep.network.guard import NEVER_PORTS, GuardError
from iotsweep.probes import Stage
from iotsweep.probes._greetings import Answer, Greeting, Place
from iotsweep.probes._line import PlainLine
from iotsweep.probes._talks import greetings_for
from iotsweep.probes.context import Context, ProbeSkipped

FIRST_CHANCE = 0.7  # seconds in which announcements can say what a device is, before it is asked anything here
_LATE_CHANCE = 0.2  # the same, for a device that is found later
_PATIENCE = 0.8  # seconds for the first answer: Wi-Fi devices that sleep take 0.1 to 0.3
_LEAST_PATIENCE, _MOST_PATIENCE = 0.4, 1.0
_SILENT_PORTS = 6  # so many in a row without an answer: the device drops what it is asked, and is left alone
_LARGE = 64  # devices: more than these are no home
_REFUSED_ENOUGH = 36  # ports, in a large network
_CHOICE_STANDS = 0.5  # seconds before what a device said is weighed again: matching it costs milliseconds
_MOST_FOLLOWED = 4  # connections more at one open port: a redirect, an icon, another protocol


@dataclass
class _Host:
    """How far one device has been asked. `silent` are the ports that did not answer, `in_a_row` the last of them."""

    ip: str
    waiting: deque[int]
    patience: float = _PATIENCE
    answered: bool = False
    opened: bool = False
    refuses: bool = False  # the telling ports, in a large network: it is asked no more
    in_a_row: int = 0
    asked: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    known: int = -1  # how many observations the choice of its ports rests on
    choose_after: float = 0.0  # loop time before which the choice stands

    def note_answer(self, seconds: float) -> None:
        """It answered after `seconds`: what follows is waited for in proportion."""
        self.answered, self.in_a_row = True, 0
        self.patience = min(_MOST_PATIENCE, max(_LEAST_PATIENCE, self.patience / 2, 5 * seconds))

    def note_silence(self, port: int) -> None:
        """It did not answer at `port`."""
        self.in_a_row += 1
        self.silent.append(port)

    @property
    def drops(self) -> bool:
        """True once it is plain that the device drops what it is asked."""
        return self.in_a_row >= _SILENT_PORTS


class PortsProbe:
    """Opens the telling ports of every device that was found; reads what an open one says of itself."""

    name = "ports"
    says = "asking devices which services they offer"
    stage = Stage.ASK
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = (
        *("tcp.*", "ssh.banner", "ftp.banner", "telnet.banner", "sip.server"),
        *("http.port", "http.status", "http.server", "http.title", "http.realm", "http.body_hash", "http.favicon"),
        "http.header.*",
        *("rtsp.status", "rtsp.server", "rtsp.realm", "rtsp.public"),
        *("tls.port", "tls.subject", "tls.issuer", "tls.san", "tls.sha256"),
    )
    sends = (
        "TCP connections to the ports that the catalogue names, at most two at a time per device; at open ports one "
        "HTTP GET of the first page and its icon, RTSP OPTIONS, SIP OPTIONS or a TLS handshake, elsewhere nothing"
    )
    side_effects = "a device may log the connections; no login is tried and no stream is opened"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Ask every device as it is found."""
        if not context.ports:
            raise ProbeSkipped("the catalogue names no port to ask")
        await _Asking(context, asyncio.get_running_loop().time() + FIRST_CHANCE).run()


class _Asking:
    def __init__(self, context: Context, settled: float) -> None:
        self._context = context
        self._settled = settled
        self._ports = _touchable(context.ports)
        # Thousands of turns in the door's one queue, each with hundreds waiting, would cost more than what is asked.
        self._room = asyncio.Semaphore(CONNECTIONS_AT_ONCE // CONNECTIONS_PER_DEVICE)
        self._dropping = self._cut_short = self._refusing = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            async for ip in self._context.hosts.arrivals():
                tasks.create_task(self._ask_out(ip))
        if self._dropping:
            self._context.limit(
                f"{_devices(self._dropping)} did not answer at {_SILENT_PORTS} ports in a row; no more were asked there"
            )
        if self._refusing:
            self._context.limit(
                f"in this large network {_devices(self._refusing)} refused the {_REFUSED_ENOUGH} most telling ports; "
                "no more were asked there"
            )
        if self._cut_short:
            self._context.limit(f"the time was over before every port of {_devices(self._cut_short)} was asked")

    async def _ask_out(self, ip: str) -> None:
        await self._ask_host(ip)
        self._context.hosts.ask_out(ip)

    async def _ask_host(self, ip: str) -> None:
        try:
            self._context.door.check(ip)
        except GuardError:  # this laptop, or an address that somebody outside claims
            return
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(self._settled - now, _LATE_CHANCE))
        host = _Host(ip, deque(self._ports))
        await self._work_off(host)
        if host.answered and not host.drops and not host.refuses:
            host.waiting, host.choose_after = deque(host.silent[:_SILENT_PORTS]), math.inf
            await self._work_off(host)
        self._dropping += host.drops
        self._cut_short += bool(host.waiting) and not host.drops

    async def _work_off(self, host: _Host) -> None:
        async with self._room:
            await asyncio.gather(*(self._work(host) for _ in range(min(CONNECTIONS_PER_DEVICE, len(host.waiting)))))

    async def _work(self, host: _Host) -> None:
        for port in self._next_ports(host):
            try:
                await self._ask_port(host, port)
            except Exception as error:  # whatever one device says must not cost what the others say
                self._context.limit(f"{host.ip} could not be read at port {port}: {type(error).__name__}: {error}")

    def _next_ports(self, host: _Host) -> Iterator[int]:
        """The ports still to ask, chosen anew whenever more is known of the device."""
        while not host.drops and self._context.remaining() > 0:
            self._choose_ports(host)
            if not host.waiting or self._refuses_all(host):
                return
            host.asked.append(host.waiting.popleft())
            yield host.asked[-1]

    def _refuses_all(self, host: _Host) -> bool:
        """Hundreds of devices times every port would take longer than anybody waits; a home is asked in full."""
        if (
            host.refuses
            or host.opened
            or len(host.asked) < _REFUSED_ENOUGH
            or len(self._context.hosts.known()) <= _LARGE
        ):
            return host.refuses
        self._refusing += bool(host.waiting)
        host.waiting.clear()
        host.refuses = True
        return True

    def _choose_ports(self, host: _Host) -> None:
        """The catalogue's ports, or only the allowed ones where all that fits are TVs, printers, plugs and the like."""
        seen, now = self._context.hosts.seen(host.ip), asyncio.get_running_loop().time()
        if len(seen) == host.known or now < host.choose_after:
            return
        host.known, host.choose_after = len(seen), now + _CHOICE_STANDS
        kinds, gentle = self._context.likely_kinds(seen), self._context.gentle_ports
        ports = self._ports
        if kinds and all(kind in gentle for kind in kinds):
            ports = _touchable(port for kind in sorted(kinds) for port in gentle[kind])
        host.waiting = deque(port for port in ports if port not in host.asked)

    async def _ask_port(self, host: _Host, port: int) -> None:
        place = Place(self._context, host.ip, port)
        asked = asyncio.get_running_loop().time()
        try:
            async with self._context.door.connect(host.ip, port, timeout=host.patience) as connection:
                host.note_answer(asyncio.get_running_loop().time() - asked)
                host.opened = True
                place.observe({f"tcp.{port}": "open"})
                greetings = greetings_for(port)
                answer = await _greet(greetings[0], place, connection) if greetings else Answer(understood=True)
        except ClosedError:
            host.note_answer(asyncio.get_running_loop().time() - asked)
        except SilentError:
            host.note_silence(port)
            if not host.answered:
                self._context.hosts.ask_out(host.ip)
        else:
            await self._follow(place, deque(answer.follow if answer.understood else greetings[1:]))

    async def _follow(self, place: Place, greetings: deque[Greeting]) -> None:
        """What one answer leads to, each on a connection of its own, one after the other."""
        for _ in range(_MOST_FOLLOWED):
            if not greetings or self._context.remaining() <= 0:
                return
            greeting = greetings.popleft()
            try:
                async with self._context.door.connect(place.ip, place.port, timeout=_MOST_PATIENCE) as connection:
                    answer = await _greet(greeting, place, connection)
            except (ClosedError, SilentError):  # it takes one connection at a time, or has had enough
                return
            if answer.understood:
                greetings = deque(answer.follow)


async def _greet(greeting: Greeting, place: Place, connection: Connection) -> Answer:
    try:
        return await greeting(place, PlainLine(connection))
    except OSError:  # it broke off in the middle
        return Answer(understood=False)


def _touchable(ports: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(port for port in ports if port not in NEVER_PORTS))


def _devices(count: int) -> str:
    return "1 device" if count == 1 else f"{count} devices"


PROBE = PortsProbe()
