"""What TCP streams tell by their first bytes: who a client asks for, what a server of the home says of itself.

Only beginnings are ever kept, a few at a time; what follows them is never looked at.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from iotsweep.captures.message import Message
from iotsweep.captures.notebook import Facts, Notebook
from iotsweep.wire import ftp, http, kasa, own_pages, rtsp, ssh, tls, upnp, wsd
from iotsweep.wire.error import WireError
from iotsweep.wire.tls_hello import decode_server_name, is_client_hello, is_server_hello

MOST_OPEN = 256
LONGEST = 48 << 10  # bytes of one beginning: descriptions and chains of certificates stay below 40 KiB
_MOST_PIECES = 48
_KASA_PORT = 9999
_REQUEST = re.compile(rb"(?:GET|POST|PUT|HEAD|NOTIFY|SUBSCRIBE|OPTIONS|PATCH|DELETE) [!-~]{1,2048} HTTP/1\.[01]\r?\n")
_FIELD = re.compile(rb"\r?\n(user-agent|host):[ \t]*([^\r\n]{1,512})", re.IGNORECASE)
_REQUESTS = frozenset(b"GPHNSOD")
_ADDRESS = re.compile(r"\[?[0-9a-f:.]+\]?(:\d+)?")

_Key = tuple[bytes, bytes, bytes, int, int]


@dataclass(slots=True)
class _Beginning:
    """The start of one direction of one stream, as far as it came in order."""

    first: Message
    read: Callable[[Message, bytes, bool], bool]  # True: nothing more is wanted
    following: int  # the sequence number that comes next
    data: bytearray = field(default_factory=bytearray)
    pieces: int = 1


class Streams:
    """Takes in segments and writes down what the beginnings tell."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._open: dict[_Key, _Beginning] = {}

    def take(self, message: Message, sequence: int) -> bool:
        """One segment with a payload; True when nothing more of this direction is wanted."""
        key = (message.mac, message.source, message.target, message.source_port, message.target_port)
        beginning = self._open.get(key)
        if beginning is None:
            return self._begin(key, message, sequence)
        if sequence != beginning.following:
            return False
        beginning.data += message.payload
        beginning.following = (sequence + len(message.payload)) & 0xFFFFFFFF
        beginning.pieces += 1
        last = len(beginning.data) >= LONGEST or beginning.pieces >= _MOST_PIECES
        if self._try(beginning, last=last) or last:
            self._open.pop(key, None)
            return True
        return False

    def is_open(self, message: Message) -> bool:
        """Whether the beginning of this direction is still coming in."""
        return (message.mac, message.source, message.target, message.source_port, message.target_port) in self._open

    def finish(self) -> None:
        """Read what is left as it is."""
        for beginning in self._open.values():
            self._try(beginning, last=True)
        self._open.clear()

    def _begin(self, key: _Key, message: Message, sequence: int) -> bool:
        read = self._reader(message)
        if read is None:
            return False
        following = (sequence + len(message.payload)) & 0xFFFFFFFF
        beginning = _Beginning(message, read, following, bytearray(message.payload))
        if self._try(beginning, last=False):
            return read != self._read_http
        if len(self._open) >= MOST_OPEN:
            self._try(self._open.pop(next(iter(self._open))), last=True)
        self._open[key] = beginning
        return False

    def _try(self, beginning: _Beginning, *, last: bool) -> bool:
        with contextlib.suppress(WireError):
            return beginning.read(beginning.first, bytes(beginning.data), last)
        return False

    def _reader(self, message: Message) -> Callable[[Message, bytes, bool], bool] | None:
        """Who can read a stream that begins so; None for what tells nothing."""
        data = message.payload
        first = data[0]
        if first == 0x16:
            if is_client_hello(data, 0, len(data)):
                return self._read_client
            return self._read_certificate if is_server_hello(data, 0, len(data)) else None
        if data[:5] == b"HTTP/":
            return self._read_http
        if first in _REQUESTS and _REQUEST.match(data):
            return self._read_request
        if data[:5] == b"RTSP/":
            return self._read_rtsp
        if data[:4] in {b"SSH-", b"220 ", b"220-"}:
            return self._read_greeting
        if message.source_port == _KASA_PORT:
            return self._read_kasa
        return None

    def _note(self, message: Message, facts: Facts, raw: bytes) -> bool:
        self._notebook.note(facts, message.ticks, message.link, mac=message.mac, ip=message.ip, raw=raw)
        return True

    def _read_client(self, message: Message, data: bytes, last: bool) -> bool:
        name = decode_server_name(data)
        self._notebook.note_name("tls.sni", name, message.ticks, message.link, message.mac, message.ip)
        return True

    def _read_certificate(self, message: Message, data: bytes, last: bool) -> bool:
        certificate = tls.find_certificate(data)
        return self._note(message, tls.tls_facts(certificate, message.source_port), certificate)

    def _read_http(self, message: Message, data: bytes, last: bool) -> bool:
        if not last and not http.is_complete(data):
            return False
        reply = http.decode_http(data, ended=False)
        facts = http.http_facts(reply, message.source_port)
        facts.pop("http.body_hash", None)  # of whatever page was asked for, not of the first one
        self._note(message, facts, data)
        for told in _describe(http.unpack(reply)):
            self._note(message, told, data)
        return True

    def _read_request(self, message: Message, data: bytes, last: bool) -> bool:
        """What a client calls itself, and the server that it asks for. The path can be personal and is not kept."""
        fields = {name.lower(): value.decode("latin-1") for name, value in reversed(_FIELD.findall(data[:4096]))}
        host = fields.get(b"host", "").strip().lower()
        if host and not _ADDRESS.fullmatch(host):
            name = host.partition(":")[0]
            self._notebook.note_name("http.host", name, message.ticks, message.link, message.mac, message.ip)
        return self._note(message, {"http.user_agent": fields.get(b"user-agent", "")}, b"")

    def _read_rtsp(self, message: Message, data: bytes, last: bool) -> bool:
        return self._note(message, rtsp.rtsp_facts(rtsp.decode_rtsp(data)), data)

    def _read_greeting(self, message: Message, data: bytes, last: bool) -> bool:
        key, decode = ("ssh.banner", ssh.decode_ssh) if data[:4] == b"SSH-" else ("ftp.banner", ftp.decode_ftp)
        return self._note(message, {key: decode(data)}, data)

    def _read_kasa(self, message: Message, data: bytes, last: bool) -> bool:
        """Over TCP four bytes of length stand in front (python-kasa)."""
        length = int.from_bytes(data[:4], "big")
        if length > LONGEST or (len(data) - 4 < length and not last):
            return length > LONGEST
        return self._note(message, kasa.decode_reply(data[4 : 4 + length]), b"")


def _describe(body: bytes) -> list[Facts]:
    """What a body says of its device, when it is one of the descriptions that we know."""
    start = body[:4096]
    found: list[Facts] = []
    with contextlib.suppress(WireError):
        if b"<root" in start:
            found += upnp.to_facts(upnp.decode_description(body))
        elif b"<device-info" in start:
            found.append(own_pages.decode_roku(body))
        elif b"Metadata" in start and b"Envelope" in start:
            found.append(wsd.decode_metadata(body))
        elif body[:1] == b"{" and b'"mac"' in start:
            found.append(own_pages.decode_shelly(body))
    return found
