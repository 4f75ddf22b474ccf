"""Messages made to keep a decoder busy, up to the largest datagram that there is."""

from __future__ import annotations

import struct
from collections.abc import Iterator

LARGEST = 65_507  # bytes: the most that UDP over IPv4 carries (RFC 768, RFC 791)
SIZES = (LARGEST, 32_768, 16_384, 8_192, 4_096, 2_048, 1_024, 512)  # decoders refuse above sizes of their own
_SOME_SIZES = (LARGEST, 8_192, 2_048)

_FILLINGS = {
    "zeros": b"\0", "ones": b"\xff", "blanks": b" ", "letters": b"A", "lines": b"\n", "lines of two": b"\r\n",
    "brackets": b"[", "braces": b'{"a":', "quotes": b'"', "pairs": b'"a":"b",', "pairs without an end": b'"a": ',
    "numbers": b"1,", "digits": b"9", "tags": b"<a>", "empty tags": b"<a/>", "comments": b"<!---->",
    "entities": b"&amp;", "ampersands": b"&", "nested devices": b"<device>", "services": b"<service/>",
    "circumflexes": b"^", "fields of Sony": b"a:b\xff", "words": b"A=B ", "headers": b"a: b\r\n",
    "titles": b"<title ", "links": b"<link ", "icons": b"<link rel=icon ", "hrefs": b"<link href='",
    "chunks": b"1\r\na\r\n", "pointers": b"\xc0\x0c", "labels": b"\x01a", "fields without length": b"\1\0",
    "octets": b"\x30\x80", "subnegotiations": b"\xff\xfa", "escapes": b"\x1b[", "colons": b":", "masked": b"\\:",
    "back": b"\\", "records": b"\x16\x03\x03\0\x01a", "codes": b"220 a\n",
    "challenges": b"WWW-Authenticate: x" + b" " * 1000 + b"y\r\n", "bytes in a row": bytes(range(256)),
}  # fmt: skip
_STARTS = {
    "": b"", "a JSON object": b'{"', "an XML element": b"<a>", "an attribute": b'<a b="', "many attributes": b"<a ",
    "a reply": b"HTTP/1.1 200 OK\r\n", "a chunked reply": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a page": b"HTTP/1.1 200 OK\r\n\r\n", "a challenge": b"HTTP/1.1 200 OK\r\nWWW-Authenticate: x",
    "a cookie": b"HTTP/1.1 200 OK\r\nSet-Cookie: ", "RTSP": b"RTSP/1.0 200 OK\r\n", "SIP": b"SIP/2.0 200 OK\r\n",
    "names": struct.pack("!6H", 0, 0x8400, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
    "records of names": struct.pack("!6H", 0, 0x8400, 0, 64, 0, 0),
    "one question": struct.pack("!6H", 0, 0, 8, 0, 0, 0),
}  # fmt: skip


def hostile_messages(size: int, samples: tuple[bytes, ...]) -> Iterator[tuple[str, bytes]]:
    """What each is, and messages of at most `size` bytes."""
    for begun, start in _STARTS.items() if size in _SOME_SIZES else ():
        for filled, part in _FILLINGS.items():
            yield f"{begun or 'nothing'} and {filled}", _fill(start, part, size)
    yield "attributes", _fill(b"<a ", b"", 0) + b"".join(b'a%d="" ' % number for number in range(size // 10)) + b"/>"
    for what, depth in (("tags in one another", b"a"), ("devices in one another", b"device")):
        tag = len(depth) * 2 + 5
        yield what, b"<%s>" % depth * (size // tag) + b"</%s>" % depth * (size // tag)
    for sample in filter(None, samples):
        yield from _swollen(sample, size)


def _swollen(sample: bytes, size: int) -> Iterator[tuple[str, bytes]]:
    """A good message made long: repeated, padded, and swollen at every part of its inside."""
    yield "a good message again and again", _fill(b"", sample, size)
    for filled, part in _FILLINGS.items():
        yield f"a good message and {filled}", _fill(sample, part, size)
        for part_of in range(1, 5):
            place = len(sample) * part_of // 5
            middle = _fill(b"", part, max(0, size - len(sample)))
            yield f"a good message with {filled} inside", sample[:place] + middle + sample[place:]
    for place in range(min(len(sample), 64)):
        for claim in (b"\xff\xff", b"\0\0"):
            yield "a length that cannot be", _fill(sample[:place] + claim + sample[place + 2 :], b"\1", size)


def _fill(start: bytes, part: bytes, size: int) -> bytes:
    return (start + part * (size // max(1, len(part)) + 1))[: max(size, len(start))]
