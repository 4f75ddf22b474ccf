"""A line to an open port, plain or TLS, that reads no more and waits no longer than it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Protocol

from iotsweep.network.door import Connection
from iotsweep.network.tcp import reading_context
from iotsweep.wire.error import WireError
from iotsweep.wire.tls import find_certificate

_PART = 16 << 10  # bytes read at once; one TLS record
_LONGEST_HANDSHAKE = 128 << 10  # bytes


class Line(Protocol):
    """Something to send to and read parts from."""

    async def send(self, data: bytes) -> None: ...

    async def part(self) -> bytes:
        """What came next, b"" at the end. Raises OSError."""


class PlainLine:
    """A TCP connection as it is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(self, data: bytes) -> None:
        """Send `data`, counted by the door."""
        await self._connection.send(data)

    async def part(self) -> bytes:
        """What came next, b"" at the end. Raises OSError."""
        return await self._connection.reader.read(_PART)


class TlsLine:
    """TLS over a plain line: any certificate is read and none is trusted, nothing is ever authenticated by us."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = reading_context().wrap_bio(self._incoming, self._outgoing)
        self._received = b""

    async def greet(self, seconds: float) -> bool:
        """Shake hands; False when the other side does not speak TLS or breaks it off."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    try:
                        self._tls.do_handshake()
                    except ssl.SSLWantReadError:
                        await self._exchange()
                    else:
                        await self._flush()
                        return True
        except (OSError, TimeoutError):
            return False

    def certificate(self) -> bytes | None:
        """The other side's certificate (DER), also when it broke off because we show none of our own."""
        with contextlib.suppress(ValueError):  # no handshake, or none that was finished
            return self._tls.getpeercert(binary_form=True)
        with contextlib.suppress(WireError):
            return find_certificate(self._received)
        return None

    async def send(self, data: bytes) -> None:
        """Send `data`, counted by the door."""
        self._tls.write(data)
        await self._flush()

    async def part(self) -> bytes:
        """What came next, b"" at the end. Raises OSError."""
        while True:
            try:
                return self._tls.read(_PART)
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._line.part()
                if not data:
                    return b""
                self._incoming.write(data)
            except ssl.SSLZeroReturnError:
                return b""

    async def _exchange(self) -> None:
        await self._flush()
        data = await self._line.part()
        self._received += data
        if not data or len(self._received) > _LONGEST_HANDSHAKE:
            raise ConnectionAbortedError("the handshake was broken off")
        self._incoming.write(data)

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await self._line.send(data)


async def read(
    line: Line, limit: int, seconds: float, enough: Callable[[bytes], bool] = lambda _: False
) -> tuple[bytes, bool]:
    """At most `limit` bytes until `enough` says so, and whether the device ended it. `seconds` are for all of it."""
    data = b""
    try:
        async with asyncio.timeout(seconds):
            while len(data) < limit and not enough(data):
                part = await line.part()
                if not part:
                    return data, True
                data += part
    except TimeoutError:
        return data[:limit], False
    except OSError:  # many small devices reset instead of closing
        return data[:limit], True
    return data[:limit], False
