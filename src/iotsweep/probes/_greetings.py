"""How each protocol is greeted at an open port: what is sent, what is read, what it says. One function per protocol."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from iotsweep.probes._line import Line, TlsLine, read
from iotsweep.probes.context import Context, Facts
from iotsweep.wire import ftp, http, rtsp, sip, ssh, telnet, tls
from iotsweep.wire.error import WireError
from iotsweep.wire.favicon import find_icon, icon_facts, same_place

PATIENCE = 3.0  # seconds for a whole reply: printers, TVs and cameras are slow at first contact
_GREETING_PATIENCE = 1.5  # seconds for what a server says unasked
_TELNET_PATIENCE = 0.8  # the same; most servers negotiate first, are not answered, and say nothing more
_UNKNOWN_PATIENCE = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """One open port of one device."""

    context: Context
    ip: str
    port: int

    def observe(self, facts: Facts, raw: bytes = b"") -> None:
        """Hand over what one reply said."""
        self.context.observe(facts, ip=self.ip, mac=self.context.hosts.mac(self.ip), raw=raw)

    def seconds(self, patience: float = PATIENCE) -> float:
        """How long one answer is waited for: never past the deadline."""
        return min(patience, self.context.remaining())

    def address(self, path: str, secure: bool) -> str:
        """This port as a URL."""
        return f"{'https' if secure else 'http'}://{self.ip}:{self.port}{path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the protocol was understood, and what to ask next, each on a connection of its own."""

    understood: bool
    follow: tuple[Greeting, ...] = ()


Greeting: TypeAlias = Callable[[Place, Line], Awaitable[Answer]]
_NOT_UNDERSTOOD = Answer(understood=False)


async def greet_http(place: Place, line: Line) -> Answer:
    """Ask for the first page."""
    return await _ask_page(place, line, "/", secure=False, first=True)


async def greet_https(place: Place, line: Line) -> Answer:
    """Read the certificate, then ask for the first page over the same connection."""
    lock = TlsLine(line)
    open_ = await lock.greet(place.seconds())
    known = _observe_certificate(place, lock)
    page = await _ask_page(place, lock, "/", secure=True, first=True) if open_ else _NOT_UNDERSTOOD
    return page if page.understood else Answer(known)


async def greet_tls(place: Place, line: Line) -> Answer:
    """Read the certificate and say nothing more."""
    lock = TlsLine(line)
    await lock.greet(place.seconds())
    return Answer(_observe_certificate(place, lock))


def _observe_certificate(place: Place, lock: TlsLine) -> bool:
    certificate = lock.certificate()
    if not certificate:
        return False
    try:
        place.observe(tls.tls_facts(certificate, place.port), certificate)
    except WireError:
        return False
    return True


async def _ask_page(place: Place, line: Line, path: str, *, secure: bool, first: bool) -> Answer:
    await line.send(http.encode_get(place.ip, place.port, path))
    data, ended = await read(line, http.LONGEST_REPLY, place.seconds(), http.is_complete)
    if tls.is_alert(data) and not secure:
        return Answer(understood=True, follow=(greet_https,))
    try:
        reply = http.decode_http(data, ended=ended)
    except WireError:
        return _NOT_UNDERSTOOD
    place.observe(http.http_facts(reply, place.port), data)
    return Answer(understood=True, follow=_what_next(place, reply, path, secure=secure, first=first))


def _what_next(place: Place, reply: http.HttpReply, path: str, *, secure: bool, first: bool) -> tuple[Greeting, ...]:
    """The page that a first page leads to, on the same port; or else the icon."""
    here = place.address(path, secure)
    if first and 300 <= reply.head.status < 400:
        there = same_place(reply.head.first("location"), here)
        return (partial(_ask_again, path=there, secure=secure),) if there and there != path else ()
    icon = find_icon(reply, here)
    return (partial(_ask_icon, path=icon, secure=secure),) if icon else ()


async def _ask_again(place: Place, line: Line, path: str, secure: bool) -> Answer:
    opened = await _open(place, line, secure)
    return await _ask_page(place, opened, path, secure=secure, first=False) if opened else _NOT_UNDERSTOOD


async def _ask_icon(place: Place, line: Line, path: str, secure: bool) -> Answer:
    opened = await _open(place, line, secure)
    if not opened:
        return _NOT_UNDERSTOOD
    await opened.send(http.encode_get(place.ip, place.port, path))
    data, ended = await read(opened, http.LONGEST_REPLY, place.seconds(), http.is_complete)
    try:
        facts = icon_facts(http.decode_http(data, ended=ended), place.port)
    except WireError:
        return _NOT_UNDERSTOOD
    if facts:
        place.observe(facts, data)
    return Answer(understood=True)


async def _open(place: Place, line: Line, secure: bool) -> Line | None:
    if not secure:
        return line
    lock = TlsLine(line)
    return lock if await lock.greet(place.seconds()) else None


async def greet_rtsp(place: Place, line: Line) -> Answer:
    """Ask a stream server for its methods, never for a stream."""
    await line.send(rtsp.encode_options(place.ip, place.port))
    return await _read_head(place, line, lambda data: rtsp.rtsp_facts(rtsp.decode_rtsp(data)))


async def greet_sip(place: Place, line: Line) -> Answer:
    """Ask a phone or door station for its capabilities; nothing rings."""
    await line.send(sip.encode_options(place.ip, place.context.scope.address, secrets.token_hex(6)))
    return await _read_head(place, line, lambda data: sip.sip_facts(sip.decode_sip(data)))


async def _read_head(place: Place, line: Line, decode: Callable[[bytes], Facts]) -> Answer:
    data, _ = await read(line, 16 << 10, place.seconds(), rtsp.is_complete)
    try:
        place.observe(decode(data), data)
    except WireError:
        return _NOT_UNDERSTOOD
    return Answer(understood=True)


async def greet_ssh(place: Place, line: Line) -> Answer:
    """Read the identification that a server sends unasked."""
    data, _ = await read(line, ssh.LONGEST_GREETING, place.seconds(_GREETING_PATIENCE), ssh.is_complete)
    return _observe_text(place, data)


async def greet_ftp(place: Place, line: Line) -> Answer:
    """Read the greeting that a server sends unasked."""
    data, _ = await read(line, ftp.LONGEST_GREETING, place.seconds(_GREETING_PATIENCE), ftp.is_complete)
    return _observe_text(place, data)


async def greet_telnet(place: Place, line: Line) -> Answer:
    """Read what a server says unasked; its negotiation is not answered."""
    data, _ = await read(line, telnet.LONGEST_GREETING, place.seconds(_TELNET_PATIENCE), _is_prompt)
    try:
        text = telnet.decode_telnet(data)
    except WireError:
        return _NOT_UNDERSTOOD
    if text:
        place.observe({"telnet.banner": text}, data)
    return Answer(understood=True)


def _is_prompt(data: bytes) -> bool:
    return data.rstrip(b" ").endswith((b"login:", b"Login:", b"ogin name:", b"assword:", b"sername:"))


async def listen(place: Place, line: Line) -> Answer:
    """Say nothing at a port that we do not know; read what it says by itself."""
    data, _ = await read(line, ssh.LONGEST_GREETING, place.seconds(_UNKNOWN_PATIENCE), ssh.is_complete)
    return _observe_text(place, data)


def _observe_text(place: Place, data: bytes) -> Answer:
    """A greeting says by its first letters which protocol it belongs to, whatever the port."""
    for key, decode in (("ssh.banner", ssh.decode_ssh), ("ftp.banner", ftp.decode_ftp)):
        try:
            place.observe({key: decode(data)}, data)
        except WireError:
            continue
        return Answer(understood=True)
    return _NOT_UNDERSTOOD
