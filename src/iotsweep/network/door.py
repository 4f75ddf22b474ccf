"""The only door for packets: every probe sends through its own Door, which guards, limits and counts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from iotsweep.model import Scope
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger

CONNECTIONS_PER_DEVICE = 2  # design section 6 allows three; two leave room for a connection that closes slowly
CONNECTIONS_AT_ONCE = 256  # stays below the usual limit of 1,024 (macOS: 256) open files

_TCP_HEADERS = 40  # IPv4 and TCP without options: RFC 791, RFC 9293
_UDP_HEADERS = 28
Datagram = tuple[bytes, str, int]  # payload, sender's address, sender's port


class ClosedError(Exception):
    """The device refused the connection: nothing listens there."""


class SilentError(Exception):
    """The device did not answer in time: a firewall, sleep, or loss."""


@dataclass
class Shared:
    """What all doors of one sweep share: the guard, the ledger and the limits per device."""

    guard: Guard
    ledger: Ledger
    local_ports: dict[tuple[str, int], str] = field(default_factory=dict)  # (protocol, local port) -> probe
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS_AT_ONCE))
    per_device: dict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(CONNECTIONS_PER_DEVICE))
    )


@dataclass
class Connection:
    """One open TCP connection (or TLS over it)."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _count: Callable[[int, int], None]

    async def send(self, data: bytes) -> None:
        """Send `data`, counted."""
        self._count(1, _TCP_HEADERS + len(data))
        self.writer.write(data)
        with contextlib.suppress(OSError):
            await self.writer.drain()

    async def receive(self, limit: int, timeout: float) -> bytes:
        """At most `limit` bytes, until the device closes, falls silent for `timeout` seconds, or fails."""
        data = b""
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ssl.SSLError):
            while len(data) < limit:
                part = await asyncio.wait_for(self.reader.read(min(65536, limit - len(data))), timeout)
                if not part:
                    break
                data += part
        return data

    def certificate(self) -> bytes | None:
        """The device's certificate (DER), when this is a TLS connection."""
        tls = self.writer.get_extra_info("ssl_object")
        return tls.getpeercert(binary_form=True) if tls else None


class Door:
    """One probe's door. Raises GuardError for anything outside the scope."""

    def __init__(self, probe: str, scope: Scope, shared: Shared) -> None:
        self.probe = probe
        self.scope = scope
        self._shared = shared

    def count(self, address: str, protocol: str, port: int | None, packets: int, size: int) -> None:
        """Count what a library sent for this probe (zeroconf, nmap, a raw frame)."""
        self._shared.ledger.add(self.probe, address, protocol, port, packets, size)

    def check(self, address: str, port: int | None = None) -> None:
        """Raise GuardError unless this host and port may be sent to."""
        self._shared.guard.check_unicast(address, port)

    @asynccontextmanager
    async def connect(self, address: str, port: int, *, timeout: float, tls: bool = False) -> AsyncIterator[Connection]:
        """A TCP connection, at most CONNECTIONS_PER_DEVICE open per device over all probes.

        `timeout` is in seconds, for the TCP connect (and again for the TLS handshake).
        Raises ClosedError, SilentError, GuardError.
        """
        self._shared.guard.check_unicast(address, port)
        async with self._shared.per_device[address], self._shared.at_once:
            connection = await self._open(address, port, timeout, tls)
            try:
                yield connection
            finally:
                await self._close(connection, address, port)

    async def _open(self, address: str, port: int, timeout: float, tls: bool) -> Connection:
        def count(packets: int, size: int) -> None:
            self.count(address, "tcp", port, packets, size)

        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        own.setblocking(False)
        try:
            own.bind((self.scope.address, 0))
            self._shared.local_ports[("tcp", own.getsockname()[1])] = self.probe
            count(1, _TCP_HEADERS + 20)  # SYN with the usual 20 bytes of options
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(own, (address, port)), timeout)
            count(1, _TCP_HEADERS)
            context = _unverified() if tls else None
            name = "" if tls else None
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(sock=own, ssl=context, server_hostname=name, limit=1 << 18), timeout
            )
        except ConnectionRefusedError as error:
            own.close()
            raise ClosedError(f"{address} has nothing at port {port}") from error
        except (OSError, TimeoutError) as error:
            own.close()
            raise SilentError(f"{address} did not answer at port {port}") from error
        if tls:
            count(2, 2 * _TCP_HEADERS + 600)  # ClientHello and Finished
        return Connection(reader, writer, count)

    async def _close(self, connection: Connection, address: str, port: int) -> None:
        self.count(address, "tcp", port, 1, _TCP_HEADERS)
        connection.writer.transport.abort()
        with contextlib.suppress(OSError, ssl.SSLError):
            await connection.writer.wait_closed()

    @asynccontextmanager
    async def datagrams(self, *, port: int = 0, group: str | None = None) -> AsyncIterator[Datagrams]:
        """A UDP socket on the scope's interface; `group` joins that multicast group, `port` binds it (shared)."""
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            _prepare(own, self.scope.address, port, group)
            self._shared.local_ports[("udp", own.getsockname()[1])] = self.probe
            receiver = _Receiver()
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: receiver, sock=own)
        except OSError:
            own.close()
            raise
        try:
            yield Datagrams(self, transport, receiver.queue)
        finally:
            transport.close()

    def guard_datagram(self, address: str, port: int) -> None:
        """Raise GuardError unless a datagram may go there."""
        self._shared.guard.check_datagram(address, port)


class Datagrams:
    """An open UDP socket: `send` is guarded and counted, `receive` never raises for what a device sent."""

    def __init__(self, door: Door, transport: asyncio.DatagramTransport, queue: asyncio.Queue[Datagram]) -> None:
        self._door = door
        self._transport = transport
        self._queue = queue

    def send(self, data: bytes, address: str, port: int) -> None:
        """Send one datagram."""
        self._door.guard_datagram(address, port)
        self._door.count(address, "udp", port, 1, _UDP_HEADERS + len(data))
        self._transport.sendto(data, (address, port))

    async def receive(self, timeout: float) -> Datagram | None:
        """The next datagram, or None after `timeout` seconds."""
        try:
            return await asyncio.wait_for(self._queue.get(), timeout)
        except TimeoutError:
            return None


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.queue: asyncio.Queue[Datagram] = asyncio.Queue(maxsize=4096)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self.queue.put_nowait((data, addr[0], addr[1]))


def _prepare(own: socket.socket, address: str, port: int, group: str | None) -> None:
    own.setblocking(False)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    own.bind(("" if group else address, port))
    if group:
        joined = socket.inet_aton(group) + socket.inet_aton(address)
        own.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)


def _unverified() -> ssl.SSLContext:
    """Devices carry their own makers' certificates; we read them and trust none."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
