"""HTTP and HTTPS: a status line, a server header, a title or a sign-in realm, an icon, and declared paths."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from html import escape
from http import HTTPStatus

from iotsweep.practice.home import Page, PracticeDevice, Upnp
from iotsweep.practice.listeners import TcpListener
from iotsweep.practice.responders import port_mappings
from iotsweep.practice.responders.description import describe

_LONGEST_REQUEST = 16384
_PATIENCE = 10.0  # seconds


def listeners(device: PracticeDevice) -> Iterator[TcpListener]:
    """One listener per declared page; a UPnP description gets its own port when no page has it."""
    extra = {device.upnp.path: describe(device.upnp)} if device.upnp else {}
    for page in device.http:
        own = extra if device.upnp and device.upnp.port == page.port else {}
        yield _listener(page, own, device.upnp if own else None)
    if device.upnp and device.upnp.port not in {page.port for page in device.http}:
        yield _listener(Page(device.upnp.port, status=404, server=device.upnp.server), extra, device.upnp)


def respond(page: Page, request: bytes, documents: Mapping[str, str]) -> bytes:
    """The whole answer to one request. Documents (UPnP descriptions) need no sign-in."""
    method, path = _request_line(request)
    if path in documents:
        return _message(page, 200, documents[path].encode(), "text/xml", method)
    if path == "/favicon.ico" and page.favicon:
        return _message(page, 200, page.favicon.encode(), "image/x-icon", method)
    if path in page.paths:
        return _message(page, 200, page.paths[path].encode(), page.content_type, method)
    if path == "/":
        return _message(page, page.status, _body(page), page.content_type, method)
    status = page.status if page.status in {401, 403} else 404
    return _message(page, status, b"", page.content_type, method)


def _listener(page: Page, documents: Mapping[str, str], upnp: Upnp | None) -> TcpListener:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
        asked = upnp is not None and port_mappings.is_question(request, upnp)
        body = await asyncio.wait_for(reader.readuntil(port_mappings.END), _PATIENCE) if asked else b""
        await asyncio.sleep(page.delay)
        if upnp is not None and asked:
            writer.write(port_mappings.respond(upnp, request + body))
        else:
            writer.write(respond(page, request[:_LONGEST_REQUEST], documents))

    return TcpListener(page.port, handle, page.certificate)


def _request_line(request: bytes) -> tuple[str, str]:
    parts = request.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    return (parts[0], parts[1].split("?", 1)[0]) if len(parts) > 1 else ("GET", "/")


def _body(page: Page) -> bytes:
    if page.body or not page.title:
        return page.body.encode()
    return f"<!DOCTYPE html><html><head><title>{escape(page.title)}</title></head><body></body></html>".encode()


def _message(page: Page, status: int, body: bytes, content_type: str, method: str) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"Server: {page.server}"] if page.server else []
    lines += (
        [f'WWW-Authenticate: Basic realm="{page.realm}"'] if page.realm and status == HTTPStatus.UNAUTHORIZED else []
    )
    lines += [f"{name}: {value}" for name, value in page.headers.items()]
    lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + (b"" if method == "HEAD" else body)
