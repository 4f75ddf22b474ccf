"""UDP sockets on the scope's interface, with a bounded queue of what came in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections import deque
from collections.abc import Callable

from iotsweep.network.tcp import ETHERNET, bind_to_interface

UDP_HEADERS = ETHERNET + 28

_MOST_DATAGRAMS = 4096
_MOST_BYTES = 8 << 20  # a device that floods costs itself its answers, not this laptop its memory

Datagram = tuple[bytes, str, int]  # payload, sender's address, sender's port
Allow = Callable[[str, int, bytes], None]  # address, port, payload: guards and counts


class Datagrams:
    """An open UDP socket: `send` is guarded and counted, `receive` never raises for what a device sent."""

    def __init__(self, own: socket.socket, transport: asyncio.DatagramTransport, inbox: Inbox, allow: Allow) -> None:
        self._socket = own
        self._transport = transport
        self._inbox = inbox
        self._allow = allow

    def send(self, data: bytes, address: str, port: int) -> None:
        """Send one datagram. What the system cannot send is lost like any other datagram. Raises GuardError."""
        self._allow(address, port, data)
        if self._transport.is_closing():
            return
        with contextlib.suppress(OSError):
            if data:
                self._transport.sendto(data, (address, port))
            else:  # asyncio before 3.13 drops empty datagrams without a word
                self._socket.sendto(data, (address, port))

    async def receive(self, timeout: float) -> Datagram | None:
        """The next datagram, or None after `timeout` seconds."""
        return await self._inbox.take(timeout)

    @property
    def dropped(self) -> int:
        """How many datagrams did not fit into the queue."""
        return self._inbox.dropped


class Inbox(asyncio.DatagramProtocol):
    """What came in, oldest first, up to a number and a size."""

    def __init__(self) -> None:
        self._waiting: deque[Datagram] = deque()
        self._size = 0
        self._arrived = asyncio.Event()
        self.dropped = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep one datagram, or count it as dropped."""
        if len(self._waiting) >= _MOST_DATAGRAMS or self._size + len(data) > _MOST_BYTES:
            self.dropped += 1
            return
        self._waiting.append((data, addr[0], addr[1]))
        self._size += len(data)
        self._arrived.set()

    def error_received(self, exc: Exception) -> None:
        """A refusal by ICMP or a send that failed: no answer will come, which `receive` tells by its timeout."""

    async def take(self, timeout: float) -> Datagram | None:
        """The oldest datagram, or None after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not self._waiting:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            if not self._waiting:
                return None
        datagram = self._waiting.popleft()
        self._size -= len(datagram[0])
        return datagram


def open_socket(interface: str, address: str, port: int, group: str | None) -> socket.socket:
    """A bound UDP socket for `group` (joined) or for `address`. Raises OSError when the port is taken."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        own.setblocking(False)
        if port:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port and sys.platform == "darwin":  # where mDNSResponder holds its port with SO_REUSEPORT
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bind_to_interface(own, interface, address)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        own.bind(("" if group else address, port))
        if group:
            joined = socket.inet_aton(group) + socket.inet_aton(address)
            own.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
    except BaseException:
        own.close()
        raise
    return own
