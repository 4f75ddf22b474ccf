"""TLS: what a server's certificate says of its device, in the vocabulary."""

from __future__ import annotations

from iotsweep.wire.x509 import decode_certificate

_ALERT = b"\x15\x03"  # RFC 8446 section 5.1: an alert record of TLS 1.0 or later, how a TLS port answers plain text


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
