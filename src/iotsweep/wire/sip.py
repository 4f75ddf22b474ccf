"""SIP: OPTIONS asks a phone or door station what it is, without ringing it (RFC 3261 section 11)."""

from __future__ import annotations

from iotsweep.wire.head import Head, decode_head


def encode_options(host: str, own: str, token: str) -> bytes:
    """Asks for capabilities. `token` is a fresh word that makes the branch, tag and call unique."""
    lines = (
        f"OPTIONS sip:{host};transport=tcp SIP/2.0",
        f"Via: SIP/2.0/TCP {own};branch=z9hG4bK{token};rport",  # RFC 3261 section 8.1.1.7: the magic cookie
        "Max-Forwards: 1",
        f"From: <sip:{own}>;tag={token}",
        f"To: <sip:{host}>",
        f"Call-ID: {token}@{own}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:{own};transport=tcp>",
        "Accept: application/sdp",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def decode_sip(data: bytes) -> Head:
    """The reply's status and headers. Raises WireError."""
    return decode_head(data, b"SIP")


def sip_facts(head: Head) -> dict[str, str]:
    """The product, from Server or User-Agent (RFC 3261 sections 20.35 and 20.41)."""
    server = head.first("server", "user-agent")
    return {"sip.server": server} if server else {}
