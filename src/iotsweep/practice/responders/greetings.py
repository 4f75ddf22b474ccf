"""Services that speak first (SSH, FTP, Telnet), and open ports that say nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from iotsweep.practice.home import Greeting, PracticeDevice
from iotsweep.practice.listeners import TcpListener

_PATIENCE = 10.0


def listeners(device: PracticeDevice) -> Iterator[TcpListener]:
    """One listener per declared greeting."""
    for greeting in device.greetings:
        yield _listener(greeting)


def _listener(greeting: Greeting) -> TcpListener:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting.text.encode())
        await writer.drain()
        await asyncio.wait_for(reader.read(1024), _PATIENCE)  # whatever is said, nothing more is answered

    return TcpListener(greeting.port, handle)
