"""The only door for packets: every probe sends through its own Door, which guards, limits and counts."""

from __future__ import annotations

import asyncio
import errno
import functools
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from iotsweep.model import Scope
from iotsweep.network import echo, tcp, udp
from iotsweep.network.guard import ALL_NODES, GuardError
from iotsweep.network.ledger import AT_THE_SOCKET
from iotsweep.network.link import Link, LinkError
from iotsweep.network.shared import CONNECTIONS_AT_ONCE, CONNECTIONS_PER_DEVICE, Shared
from iotsweep.network.tcp import ClosedError, Connection, SilentError, TlsError
from iotsweep.network.udp import Datagram, Datagrams

__all__ = [
    "CONNECTIONS_AT_ONCE",
    "CONNECTIONS_PER_DEVICE",
    "ClosedError",
    "Connection",
    "Datagram",
    "Datagrams",
    "Door",
    "Echoes",
    "Frames",
    "GuardError",
    "LinkError",
    "Shared",
    "SilentError",
    "TlsError",
]

_GONE = {errno.EADDRNOTAVAIL, errno.ENODEV, errno.ENETDOWN, errno.ENETUNREACH}

_LOOK_EVERY = 0.02  # seconds; not every system's event loop can watch a raw socket


class Door:
    """One probe's door. Raises GuardError for anything outside the scope."""

    def __init__(self, probe: str, scope: Scope, shared: Shared) -> None:
        self.probe = probe
        self.scope = scope
        self._shared = shared

    def count(self, address: str, protocol: str, port: int | None, packets: int, size: int) -> None:
        """Count what was sent for this probe, by us or by a library; when the wire itself is counted, that stands."""
        if self._shared.ledger.counted == AT_THE_SOCKET:
            self._shared.ledger.add(self.probe, address, protocol, port, packets, size)

    @property
    def counted(self) -> str:
        """Where the ledger counts: "on the wire" or "at the socket"."""
        return self._shared.ledger.counted

    def own_port(self, protocol: str, port: int) -> None:
        """What leaves from this local port ("udp" or "tcp") is this probe's: for sockets that a library opens."""
        self._shared.local_ports[(protocol, port)] = self.probe

    @contextmanager
    def claim(self, address: str) -> Iterator[None]:
        """While this is open, what other processes of this laptop send to `address` is this probe's (nmap)."""
        self._shared.guard.check_unicast(address, None)
        self._shared.claimed[address] = self.probe
        try:
            yield
        finally:
            self._shared.claimed.pop(address, None)

    def check(self, address: str, port: int | None = None) -> None:
        """Raise GuardError unless this host and port may be sent to."""
        self._shared.guard.check_unicast(address, port)

    @asynccontextmanager
    async def connect(self, address: str, port: int, *, timeout: float, tls: bool = False) -> AsyncIterator[Connection]:
        """A TCP connection, at most CONNECTIONS_PER_DEVICE open per device over all probes; reset at the end.

        `timeout` is in seconds, for the TCP connect (at most 3) and again for the TLS handshake. Raises ClosedError,
        SilentError, TlsError (a SilentError: the port is open, the handshake failed), GuardError.
        """
        self._shared.guard.check_unicast(address, port)
        async with self._shared.per_device[address], self._shared.at_once:
            count = functools.partial(self.count, address, "tcp", port)
            connection = await self._connected(address, port, timeout, count)
            raw = connection.writer.transport
            try:
                if tls:
                    count(2, 2 * tcp.TCP_HEADERS + tcp.CLIENT_HELLO)
                    await tcp.start_tls(connection, timeout)
                yield connection
            finally:
                count(1, tcp.TCP_HEADERS)
                await tcp.close(connection, raw)

    async def _connected(self, address: str, port: int, timeout: float, count: tcp.Count) -> Connection:
        try:
            own = await tcp.open_patiently(self.scope.interface, self.scope.address, timeout)
        except OSError as error:
            raise SilentError(f"this laptop cannot send from {self.scope.address} any more: {error}") from error
        try:
            self.own_port("tcp", own.getsockname()[1])
            count(1, tcp.SYN)
            await tcp.connect(own, address, port, timeout)
            count(1, tcp.TCP_HEADERS)
            return await tcp.wrap(own, count)
        except BaseException:
            own.close()
            raise

    @asynccontextmanager
    async def datagrams(self, *, port: int = 0, group: str | None = None) -> AsyncIterator[Datagrams]:
        """A UDP socket on the scope's interface; `group` joins that multicast group, `port` binds it (shared).

        A group of IPv6 makes it an IPv6 socket. Raises SilentError when the interface is gone, OSError for any other
        refusal (a port that is taken, IPv6 that is off).
        """
        own, inbox = self._open(port, group)
        try:
            self.own_port("udp", own.getsockname()[1])
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: inbox, sock=own)
        except BaseException:
            own.close()
            raise
        try:
            yield Datagrams(own, transport, inbox, self._allow_datagram)
        finally:
            transport.close()

    def _open(self, port: int, group: str | None) -> tuple[socket.socket, udp.Inbox]:
        if group is not None and udp.is_ipv6(group):
            return udp.open_socket_ipv6(self.scope.interface, port, group)
        try:
            return udp.open_socket(self.scope.interface, self.scope.address, port, group), udp.Inbox()
        except OSError as error:
            if error.errno in _GONE:
                raise SilentError(f"this laptop cannot send from {self.scope.address} any more: {error}") from error
            raise

    def guard_datagram(self, address: str, port: int) -> None:
        """Raise GuardError unless a datagram may go there."""
        self._shared.guard.check_datagram(address, port)

    def _allow_datagram(self, address: str, port: int, data: bytes) -> None:
        self._shared.guard.check_payload(address, port, data)
        self.count(address, "udp", port, 1, udp.count_headers(address) + len(data))

    @asynccontextmanager
    async def echoes(self) -> AsyncIterator[Echoes]:
        """ICMPv6 echo to all nodes of this link. Raises OSError where the system does not allow it."""
        own = echo.open_echo(self.scope.interface)
        self._shared.claimed[ALL_NODES] = self.probe
        try:
            yield Echoes(self, own, self._shared)
        finally:
            self._shared.claimed.pop(ALL_NODES, None)
            own.close()

    @asynccontextmanager
    async def frames(self) -> AsyncIterator[Frames]:
        """Ready-made ARP requests out, ARP frames in. Raises LinkError when the link layer cannot be used here."""
        link = await Link.open(self.scope)
        try:
            yield Frames(self, link, self._shared)
        finally:
            link.close()


class Echoes:
    """An open ICMPv6 socket: `send` is guarded and counted, `receive` gives whatever ICMPv6 comes in."""

    def __init__(self, door: Door, own: socket.socket, shared: Shared) -> None:
        self._door = door
        self._own = own
        self._shared = shared

    def send(self, data: bytes) -> bool:
        """Ask all nodes of the link. False when the system did not take it."""
        self._shared.guard.check_echo(ALL_NODES, data)
        if not echo.send_echo(self._own, self._door.scope.interface, data):
            return False
        self._door.count(ALL_NODES, "icmp6", None, 1, echo.ECHO)
        return True

    async def receive(self, timeout: float) -> tuple[bytes, str] | None:
        """The next message and its sender, or None after `timeout` seconds."""
        end = asyncio.get_running_loop().time() + timeout
        while (found := echo.receive_echo(self._own)) is None:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return None
            await asyncio.sleep(min(left, _LOOK_EVERY))
        return found


class Frames:
    """An open link layer: `send` is guarded and counted, `receive` gives whatever ARP frames come in."""

    def __init__(self, door: Door, link: Link, shared: Shared) -> None:
        self._door = door
        self._link = link
        self._shared = shared

    def send(self, frame: bytes) -> bool:
        """Send one ARP request for a host of the scope, from this laptop's own addresses. Raises GuardError.

        False when the system did not take it: its queue is full, or the interface is gone.
        """
        target = self._shared.guard.check_frame(frame)
        if not self._link.send(frame):
            return False
        self._shared.arp_asked[target][self._door.probe] += 1
        self._door.count(target, "arp", None, 1, len(frame))
        return True

    async def receive(self, timeout: float) -> bytes | None:
        """The next frame, or None after `timeout` seconds."""
        return await self._link.receive(timeout)

    @property
    def dropped(self) -> int:
        """How many frames did not fit into the queue."""
        return self._link.dropped
