"""UDP sockets on the scope's interface, with a bounded queue of what came in. IPv6 for groups of this link only."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address

from iotsweep.network.tcp import ETHERNET, bind_to_interface

UDP_HEADERS, UDP_HEADERS_IPV6 = ETHERNET + 28, ETHERNET + 48

_MOST_DATAGRAMS = 4096
_IPV6_BOUND_IF = 125  # netinet6/in6.h of macOS; Python does not name it
_WHOLE_LINK = 255  # RFC 6762 section 11; a link-local group goes no further than the link, whatever the hop limit
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


class InboxIpv6(Inbox):
    """As Inbox, and takes in only what somebody else on this link sent by its link-local address (RFC 6762 11)."""

    def __init__(self, own: str, index: int) -> None:
        super().__init__()
        self._own = own
        self._index = index

    def datagram_received(self, data: bytes, addr: tuple[str, int] | tuple[str, int, int, int]) -> None:
        """Keep one datagram with its sender's address without the zone, or leave it."""
        sender, zone = addr[0].partition("%")[0], addr[3] if len(addr) == 4 else 0
        if sender != self._own and zone == self._index and IPv6Address(sender).is_link_local:
            super().datagram_received(data, (sender, addr[1]))


def count_headers(address: str) -> int:
    """The bytes of a datagram's frame that are not its payload."""
    return UDP_HEADERS_IPV6 if is_ipv6(address) else UDP_HEADERS


def is_ipv6(address: str | None) -> bool:
    """Whether an address or a group is one of IPv6."""
    return ":" in (address or "")


def open_socket(interface: str, address: str, port: int, group: str | None) -> socket.socket:
    """A bound UDP socket for `group` (joined) or for `address`. Raises OSError when the port is taken."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        own.setblocking(False)
        _share(own, port)
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


def open_socket_ipv6(interface: str, port: int, group: str) -> tuple[socket.socket, InboxIpv6]:
    """A UDP socket that joined a link-local group on this interface only, and its inbox.

    Raises OSError where IPv6 is off or has no address yet, and when the port is taken.
    """
    index = socket.if_nametoindex(interface)
    inbox = InboxIpv6(_find_own(group, index), index)
    own = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    try:
        own.setblocking(False)
        _share(own, port)
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        with contextlib.suppress(OSError):
            if sys.platform.startswith("linux"):
                own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
            elif sys.platform == "darwin":
                own.setsockopt(socket.IPPROTO_IPV6, _IPV6_BOUND_IF, index)
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack("@I", index))
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, _WHOLE_LINK)
        own.bind(("::", port))
        joined = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", index)
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, joined)
    except BaseException:
        own.close()
        raise
    return own, inbox


def _find_own(group: str, index: int) -> str:
    """This laptop's address towards a group. Connecting a UDP socket only chooses an address: nothing is sent."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as chooser:
        chooser.connect((group, 9, 0, index))
        return str(chooser.getsockname()[0]).partition("%")[0]


def _share(own: socket.socket, port: int) -> None:
    """Let other programs that listen to the same group have this port too."""
    if port:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if port and sys.platform == "darwin":  # where mDNSResponder holds its port with SO_REUSEPORT
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
