"""One TCP connection from the first SYN to the last RST, cheap while a port turns out to be closed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

LONGEST_CONNECT = (
    3.0  # seconds: the kernel repeats an unanswered SYN after 1 s and 3 s (RFC 6298), so one repeat at most
)

ETHERNET = 14
TCP_HEADERS = ETHERNET + 20 + 32  # IPv4, and TCP with timestamps (RFC 7323), which every usual system sends
SYN = ETHERNET + 20 + 40
CLIENT_HELLO = 517  # Ethernet headers aside, the usual size since RFC 7685; an estimate until the wire is counted

_RESET_ON_CLOSE = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)
_IP_BOUND_IF = 25  # netinet/in.h of macOS; Python does not name it
_LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: devices of before RFC 5746; Python names it from 3.12 on
_SEND_SECONDS = 5.0
_WHOLE_REPLY = 4  # times the silence that ends a reply: a device that drips bytes does not hold a probe for long
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EADDRINUSE}
_PAUSE = 0.05

Count = Callable[[int, int], None]


class ClosedError(Exception):
    """The device refused the connection: nothing listens there."""


class SilentError(Exception):
    """The device did not answer in time: a firewall, sleep, loss, or a network that went away."""


class TlsError(SilentError):
    """The port is open, but what listens there does not speak TLS with us."""


@dataclass
class Connection:
    """One open TCP connection (or TLS over it)."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _count: Count

    async def send(self, data: bytes) -> None:
        """Send `data`, counted. A device that hangs up or stops reading is noticed by `receive`."""
        self._count(1, TCP_HEADERS + len(data))
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            self.writer.write(data)
            async with asyncio.timeout(_SEND_SECONDS):
                await self.writer.drain()

    async def receive(self, limit: int, timeout: float) -> bytes:
        """At most `limit` bytes, until the device closes, falls silent for `timeout` seconds, or fails.

        Never takes longer than four times `timeout`, however slowly a device drips.
        """
        data = bytearray()
        loop = asyncio.get_running_loop()
        end = loop.time() + _WHOLE_REPLY * timeout
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, RuntimeError):
            while len(data) < limit:
                async with asyncio.timeout_at(min(end, loop.time() + timeout)):
                    part = await self.reader.read(min(65536, limit - len(data)))
                if not part:
                    break
                data += part
        if data:
            self._count(1, TCP_HEADERS)  # the acknowledgement
        return bytes(data)

    def certificate(self) -> bytes | None:
        """The device's certificate (DER), when this is a TLS connection."""
        tls = self.writer.get_extra_info("ssl_object")
        return tls.getpeercert(binary_form=True) if tls else None


def bind_to_interface(own: socket.socket, interface: str, address: str) -> None:
    """Keep a socket on the scope's interface, whatever a VPN's routes say. Best effort: not every system can."""
    if address.startswith("127."):
        return
    with contextlib.suppress(OSError):
        if sys.platform.startswith("linux"):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        elif sys.platform == "darwin":
            own.setsockopt(socket.IPPROTO_IP, _IP_BOUND_IF, socket.if_nametoindex(interface))


def open_socket(interface: str, address: str) -> socket.socket:
    """A TCP socket bound to this laptop's address, that ends with a reset and leaves nothing behind."""
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        own.setblocking(False)
        bind_to_interface(own, interface, address)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        if sys.platform.startswith("linux"):
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
        own.bind((address, 0))
    except BaseException:
        own.close()
        raise
    return own


async def open_patiently(interface: str, address: str, timeout: float) -> socket.socket:
    """As open_socket, waiting while the system has no file, port or memory to spare. Raises OSError."""
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout
    while True:
        try:
            return open_socket(interface, address)
        except OSError as error:
            if error.errno not in _EXHAUSTED or loop.time() >= end:
                raise
        await asyncio.sleep(_PAUSE)


async def connect(own: socket.socket, address: str, port: int, timeout: float) -> None:
    """Connect within `timeout` seconds. Raises ClosedError, SilentError; the socket stays the caller's."""
    try:
        async with asyncio.timeout(min(timeout, LONGEST_CONNECT)):
            await asyncio.get_running_loop().sock_connect(own, (address, port))
    except (ConnectionRefusedError, ConnectionResetError, ConnectionAbortedError) as error:
        raise ClosedError(f"{address} has nothing at port {port}") from error
    except (OSError, TimeoutError) as error:
        raise SilentError(f"{address} did not answer at port {port}: {str(error) or 'no reply'}") from error


async def wrap(own: socket.socket, count: Count) -> Connection:
    """Streams over a connected socket, which belongs to them from now on."""
    reader, writer = await asyncio.open_connection(sock=own, limit=1 << 18)
    return Connection(reader, writer, count)


async def start_tls(connection: Connection, timeout: float) -> None:
    """The TLS handshake, without trust. Raises TlsError; then the connection is of no more use."""
    try:
        async with asyncio.timeout(timeout):
            await connection.writer.start_tls(reading_context(), server_hostname="", ssl_handshake_timeout=timeout)
    except (OSError, TimeoutError, ValueError, RuntimeError, EOFError) as error:
        raise TlsError(f"the port is open but the TLS handshake failed: {str(error) or 'no reply'}") from error


async def close(connection: Connection, raw: asyncio.WriteTransport) -> None:
    """Reset the connection and let the loop close its socket. `raw` is the transport below TLS, or the same."""
    connection.writer.transport.abort()
    raw.abort()
    await asyncio.sleep(0)  # the transport closes its socket in the loop's next turn


@cache
def reading_context() -> ssl.SSLContext:
    """One for all: devices carry their own makers' certificates and old versions; we read them and trust none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= _LEGACY_SERVER_CONNECT
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
