"""RTSP (RFC 2326): OPTIONS is answered; DESCRIBE meets the sign-in, and nothing is ever streamed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from iotsweep.practice.home import PracticeDevice, Stream
from iotsweep.practice.listeners import TcpListener

_SEQUENCE = re.compile(rb"^CSeq: *(\d{1,9})\s*$", re.IGNORECASE | re.MULTILINE)
_PATIENCE = 10.0


def listeners(device: PracticeDevice) -> Iterator[TcpListener]:
    """One listener per declared stream."""
    for stream in device.rtsp:
        yield _listener(stream)


def respond(stream: Stream, request: bytes) -> bytes:
    """The answer to one request."""
    found = _SEQUENCE.search(request)
    lines = [f"CSeq: {found[1].decode() if found else 0}"] + ([f"Server: {stream.server}"] if stream.server else [])
    if request.startswith(b"OPTIONS "):
        return _message("200 OK", [*lines, f"Public: {stream.public}"])
    if stream.realm:
        return _message(
            "401 Unauthorized", [*lines, f'WWW-Authenticate: Digest realm="{stream.realm}", nonce="5ca1ab1e"']
        )
    return _message("404 Stream Not Found", lines)


def _message(status: str, lines: list[str]) -> bytes:
    return "\r\n".join([f"RTSP/1.0 {status}", *lines, "", ""]).encode()


def _listener(stream: Stream) -> TcpListener:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            writer.write(respond(stream, request))

    return TcpListener(stream.port, handle)
