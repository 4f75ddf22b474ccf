"""Which description URLs may be fetched, and the little HTTP that fetching them needs. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from iotsweep.wire.chunks import join_chunks
from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import LARGEST

# Raw print ports and Samsung's remote-control channels are never touched, whatever a device says of them.
REFUSED_PORTS = frozenset({*range(9100, 9117), 8001, 8002})
_HEADERS_MOST = 16 * 1024
REPLY_MOST = LARGEST + _HEADERS_MOST
_OK = 200
_STATUS = re.compile(rb"[1-5][0-9]{2}")
_PATH = re.compile(r"/[!-~]{0,1023}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a description is: always on the host that named it."""

    address: str
    port: int
    path: str


def read_location(url: str, source: str) -> Place:
    """The place that `url` names. Raises WireError unless it is plain HTTP on the very host that sent it."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or 80
    except ValueError as error:
        raise WireError("not a URL") from error
    if parts.scheme.lower() != "http" or parts.username is not None or parts.password is not None:
        raise WireError("not plain http")
    if parts.hostname != source:
        raise WireError(f"on another host than {source}")
    if port in REFUSED_PORTS:
        raise WireError(f"port {port} is never touched")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _PATH.fullmatch(path):
        raise WireError("path is too long or holds odd characters")
    return Place(source, port, path)


def encode_get(place: Place) -> bytes:
    """The request for a description."""
    return _request("GET", place, "")


def encode_post(place: Place, content_type: str, body: bytes) -> bytes:
    """A request that carries a question in its body."""
    return _request("POST", place, f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n") + body


def _request(method: str, place: Place, more: str) -> bytes:
    host = f"{place.address}:{place.port}"
    return f"{method} {place.path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n{more}Connection: close\r\n\r\n".encode()


def is_complete(data: bytes) -> bool:
    """True when the reply has come to its end by its own account, so that nobody waits for the connection to close."""
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        return len(data) > _HEADERS_MOST
    headers = _headers(head)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return body.endswith(b"0\r\n\r\n")
    length = headers.get("content-length", "")
    return length.isascii() and length.isdigit() and len(body) >= int(length[:9])


def decode_reply(data: bytes) -> bytes:
    """The body of a 200 reply. A redirect is not followed. Raises WireError for anything but a 200 reply."""
    status, body = decode_any_reply(data)
    if status != _OK:
        raise WireError("no HTTP reply with status 200")
    return body


def decode_any_reply(data: bytes) -> tuple[int, bytes]:
    """The status and the body of a reply. Raises WireError for anything else."""
    head, blank, body = data.partition(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0].split()
    if not blank or len(status) < 2 or not status[0].startswith(b"HTTP/") or not _STATUS.fullmatch(status[1]):
        raise WireError("no HTTP reply")
    headers = _headers(head)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, _ = join_chunks(body)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        body = body[: int(length[:9])]
    if len(body) > LARGEST:
        raise WireError(f"body is larger than {LARGEST} bytes")
    return int(status[1]), body


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:100]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
