"""HTTP/1.1: one neutral GET, and what a web page's reply says of its device (RFC 9110, RFC 9112)."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

from iotsweep.wire.chunks import join_chunks
from iotsweep.wire.error import WireError
from iotsweep.wire.head import Head, decode_head
from iotsweep.wire.page import decode_title

LONGEST_REPLY = 128 << 10  # bytes that are ever read of one reply
_LONGEST_PAGE = 256 << 10  # bytes after unpacking
_TARGET = re.compile(r"/[!-~]{0,511}")
# Both differ in every reply and tell nothing. Blanks are looked at from their first one only: a long row costs little.
_ONE_TIME = re.compile(r',?(?<!\s)\s*+\b(?:nonce|opaque)="[^"]*"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A reply: `body` is without its transfer coding; `whole` is False when some of it is missing."""

    head: Head
    body: bytes
    whole: bool


def encode_get(host: str, port: int, path: str = "/") -> bytes:
    """A GET as neutral as a browser's, which asks the device to close afterwards. Raises WireError for a bad path."""
    if not _TARGET.fullmatch(path):
        raise WireError("this is not a path that can be asked for")
    place = host if port in {80, 443} else f"{host}:{port}"
    lines = (f"GET {path} HTTP/1.1", f"Host: {place}", "User-Agent: Mozilla/5.0", "Accept: */*", "Connection: close")
    return "\r\n".join((*lines, "", "")).encode("ascii")


def decode_http(data: bytes, *, ended: bool = True) -> HttpReply:
    """A reply, whole or cut off. `ended`: the device closed the connection after it. Raises WireError."""
    head = decode_head(data, b"HTTP")
    rest = data[head.size : LONGEST_REPLY]
    length = head.first("content-length")
    if "chunked" in head.first("transfer-encoding").lower():
        return HttpReply(head, *join_chunks(rest))
    if length.isascii() and length.isdigit() and len(length) <= 12:
        return HttpReply(head, rest[: int(length)], len(rest) >= int(length))
    return HttpReply(head, rest, ended and len(data) < LONGEST_REPLY)


def is_complete(data: bytes) -> bool:
    """True once nothing more needs to be read: the reply is whole, or is no HTTP, or is longer than we read."""
    if len(data) >= LONGEST_REPLY:
        return True
    if b"\n\r\n" not in data and b"\n\n" not in data:
        return not (data.startswith(b"HTTP/") or b"HTTP/".startswith(data))
    try:
        reply = decode_http(data, ended=False)
    except WireError:
        return True
    return reply.whole or reply.head.status in {204, 304}


def unpack(reply: HttpReply) -> bytes:
    """The page itself: some devices send gzip whether asked for or not. Raises WireError."""
    if reply.head.first("content-encoding").lower() not in {"gzip", "x-gzip", "deflate"}:
        return reply.body
    try:
        return zlib.decompressobj(wbits=47).decompress(reply.body, _LONGEST_PAGE)
    except zlib.error as error:
        raise WireError(f"the page cannot be unpacked: {error}") from error


def http_facts(reply: HttpReply, port: int) -> dict[str, str | tuple[str, ...]]:
    """What one reply says, in the vocabulary. Values of cookies are secrets and are left out."""
    head = reply.head
    facts: dict[str, str | tuple[str, ...]] = {
        "http.port": str(port),
        "http.status": str(head.status),
        "http.server": head.values("server"),
        "http.realm": head.realms(),
        "http.header.location": _path_of(head.first("location")),
        "http.header.set-cookie": _cookie_names(head),
        "http.header.x-powered-by": head.values("x-powered-by"),
        "http.header.www-authenticate": tuple(_ONE_TIME.sub("", offer) for offer in head.values("www-authenticate")),
    }
    try:
        facts["http.title"] = decode_title(unpack(reply), head.first("content-type"))
    except WireError:
        facts["http.title"] = ""
    if reply.whole and reply.body:
        facts["http.body_hash"] = hashlib.sha256(reply.body).hexdigest()
    return {key: value for key, value in facts.items() if value}


def _cookie_names(head: Head) -> tuple[str, ...]:
    return tuple(cookie.split("=")[0].strip() for cookie in head.values("set-cookie") if "=" in cookie)


def _path_of(location: str) -> str:
    """The path of a redirect without its query, which may hold a session."""
    return re.sub(r"^[a-zA-Z]+://[^/?#]*", "", location).split("?")[0].split("#")[0]
