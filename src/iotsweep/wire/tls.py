"""TLS: what a server's certificate says of its device, in the vocabulary."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.x509 import decode_certificate

_ALERT = b"\x15\x03"  # RFC 8446 section 5.1: an alert record of TLS 1.0 or later, how a TLS port answers plain text
_HANDSHAKE, _CERTIFICATE = 22, 11  # RFC 5246 sections 6.2.1 and 7.4
_MOST_RECORDS = 512
_LONGEST_STREAM = 64 << 10  # bytes


def tls_facts(certificate: bytes, port: int) -> dict[str, str | tuple[str, ...]]:
    """Who the certificate (DER) says it is for and from. Raises WireError."""
    read = decode_certificate(certificate)
    facts: dict[str, str | tuple[str, ...]] = {
        "tls.port": str(port),
        "tls.subject": read.subject,
        "tls.issuer": read.issuer,
        "tls.san": read.sans,
        "tls.sha256": read.sha256,
    }
    return {key: value for key, value in facts.items() if value}


def is_alert(data: bytes) -> bool:
    """True for the answer of a TLS server that was spoken to in plain text."""
    return data.startswith(_ALERT)


def find_certificate(stream: bytes) -> bytes:
    """The first certificate (DER) that a server sends in the clear, up to TLS 1.2 (RFC 5246 section 7.4.2).

    `stream` is what the server sent from its first byte on. Raises WireError when it holds none.
    """
    messages = _handshake_of(stream[:_LONGEST_STREAM])
    place = 0
    while place + 4 <= len(messages):
        length = int.from_bytes(messages[place + 1 : place + 4], "big")
        body = messages[place + 4 : place + 4 + length]
        if messages[place] == _CERTIFICATE:
            size = int.from_bytes(body[3:6], "big")
            if size and len(body) >= 6 + size:
                return body[6 : 6 + size]
            break
        place += 4 + length
    raise WireError("this server sent no certificate in the clear")


def _handshake_of(stream: bytes) -> bytes:
    """The handshake messages of the records at the start of a stream, joined."""
    parts: list[bytes] = []
    place = 0
    while _is_handshake(stream, place) and len(parts) < _MOST_RECORDS:
        length = int.from_bytes(stream[place + 3 : place + 5], "big")
        parts.append(stream[place + 5 : place + 5 + length])
        place += 5 + length
    return b"".join(parts)


def _is_handshake(stream: bytes, place: int) -> bool:
    return place + 5 <= len(stream) and stream[place] == _HANDSHAKE and stream[place + 1] == 3
