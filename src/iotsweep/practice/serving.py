"""The process that plays all devices: one event loop, with every socket in the namespace of its device."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import cast

from iotsweep.practice.home import Home, PracticeDevice
from iotsweep.practice.kernel import enter_network, own_network
from iotsweep.practice.listeners import Handler, Reply, Sender, TcpListener, UdpListener
from iotsweep.practice.responders import listeners
from iotsweep.practice.wiring import build

READY = "ready"
_BACKLOG = 64
_MOST_PENDING = 10_000  # replies on their way; more than any scan asks for
_CERTIFICATES = Path(str(files("iotsweep.practice"))) / "certificates"


def play(home: Home, laptop: int, ready: int, alive: int) -> None:
    """Build the home and answer for it until `alive` is closed at the other end; say on `ready` how it went."""
    try:
        asyncio.run(_serve(home, laptop, ready, alive))
    except Exception as error:  # whatever it is, the other process has to hear why
        with suppress(OSError):
            os.write(ready, str(getattr(error, "strerror", None) or error).encode()[:500])


async def _serve(home: Home, laptop: int, ready: int, alive: int) -> None:
    nodes = build(home, laptop)
    switch = own_network()
    for device in home.devices:
        enter_network(nodes[device.id])
        await _open(device, home)
    enter_network(switch)
    gc.freeze()
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(alive, gone.set)
    os.write(ready, READY.encode())
    os.close(ready)
    await gone.wait()


async def _open(device: PracticeDevice, home: Home) -> None:
    contexts: dict[str, ssl.SSLContext] = {}
    for listener in listeners(device, home):
        if isinstance(listener, TcpListener):
            await _open_tcp(listener, contexts)
        else:
            await _open_udp(listener, device.address)


async def _open_tcp(listener: TcpListener, contexts: dict[str, ssl.SSLContext]) -> None:
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind(("", listener.port))
    tls = None
    if listener.certificate:
        tls = contexts.setdefault(listener.certificate, _tls(listener.certificate))
    await asyncio.start_server(_polite(listener.handle), sock=own, ssl=tls, backlog=_BACKLOG)


async def _open_udp(listener: UdpListener, address: str) -> None:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)  # RFC 6762 section 11
    own.bind(("", listener.port))
    for group in listener.groups:
        joined = socket.inet_aton(group) + socket.inet_aton(address)
        own.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
    own.setblocking(False)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Answering(listener), sock=own)


class _Answering(asyncio.DatagramProtocol):
    """Sends what the listener answers, each reply after its delay."""

    _pending = 0

    def __init__(self, listener: UdpListener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket to answer through."""
        self._transport = cast("asyncio.DatagramTransport", transport)  # Python 3.11's own is not a subclass of it
        for reply in self._listener.announces:
            asyncio.get_running_loop().call_later(reply.delay, self._announce, reply)

    def datagram_received(self, data: bytes, addr: Sender) -> None:
        """Answer one question."""
        for reply in self._listener.answer(data, addr):
            if _Answering._pending < _MOST_PENDING:
                _Answering._pending += 1
                asyncio.get_running_loop().call_later(reply.delay, self._send, reply, addr)

    def _announce(self, reply: Reply) -> None:
        with suppress(OSError):
            self._transport.sendto(reply.data, reply.to)
        asyncio.get_running_loop().call_later(reply.delay, self._announce, reply)

    def _send(self, reply: Reply, sender: Sender) -> None:
        _Answering._pending -= 1
        self._transport.sendto(reply.data, reply.to or sender)


def _polite(handle: Handler) -> Handler:
    """Whatever a caller does, only its own connection ends."""

    async def handle_politely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, ssl.SSLError):
                await handle(reader, writer)
                await writer.drain()
        finally:
            with suppress(OSError, ssl.SSLError, TimeoutError):
                writer.close()
                await asyncio.wait_for(writer.wait_closed(), 1)

    return handle_politely


def _tls(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_CERTIFICATES / f"{name}.pem")
    return context


def certificates() -> Mapping[str, Path]:
    """The certificates that a home can name."""
    return {path.stem: path for path in _CERTIFICATES.glob("*.pem")}
