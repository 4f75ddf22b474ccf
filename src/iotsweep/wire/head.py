"""The start line and headers that HTTP, RTSP and SIP share (RFC 9112 section 2, RFC 2326, RFC 3261 section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iotsweep.wire.error import WireError

LONGEST_HEAD = 32 << 10  # bytes
_MOST_HEADERS = 64
_LONGEST_VALUE = 1024  # characters
_STATUS_LINE = re.compile(rb"(HTTP|RTSP|SIP)/[0-9]\.[0-9] +([1-5][0-9]{2})(?: .*)?", re.DOTALL)
_HEADER_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")  # RFC 9110 section 5.1, token
_REALM = re.compile(r"""\brealm\s*=\s*(?:"([^"]*)"|([^\s,"]+))""", re.IGNORECASE)

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A reply's status and headers (names in lower case), and how many bytes of the reply they took."""

    status: int
    headers: Headers
    size: int

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of one header, in order."""
        return tuple(value for key, value in self.headers if key == name)

    def first(self, *names: str) -> str:
        """The first value of the first of these headers that is there, or ""."""
        return next((value for name in names for value in self.values(name)), "")

    def realms(self) -> tuple[str, ...]:
        """What every scheme of WWW-Authenticate calls the place that it protects (RFC 9110 section 11.5)."""
        offers = self.values("www-authenticate")
        return tuple(quoted or bare for offer in offers for quoted, bare in _REALM.findall(offer) if quoted or bare)


def decode_head(data: bytes, protocol: bytes) -> Head:
    """The head of a reply; one that is cut off gives the headers that arrived whole. Raises WireError."""
    head, size = _cut(data)
    lines = head.replace(b"\r\n", b"\n").split(b"\n", _MOST_HEADERS + 1)[: _MOST_HEADERS + 1]
    start = _STATUS_LINE.fullmatch(lines[0].strip())
    if not start or start[1] != protocol:
        raise WireError(f"this reply does not begin with a status line of {protocol.decode()}")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon and _HEADER_NAME.fullmatch(name.strip()):
            headers.append((name.strip().lower().decode(), _text(value.strip()[:_LONGEST_VALUE])))
    return Head(int(start[2]), tuple(headers), size)


def _cut(data: bytes) -> tuple[bytes, int]:
    """The head without its end, and where the body begins. Some devices end lines with a bare newline."""
    end = re.search(rb"\r?\n\r?\n", data[:LONGEST_HEAD])
    if end:
        return data[: end.start()], end.end()
    whole = data[:LONGEST_HEAD].rfind(b"\n")
    return data[: whole if whole > 0 else LONGEST_HEAD], len(data)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
