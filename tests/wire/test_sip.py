"""What a phone or door station says when asked for its capabilities."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.sip import decode_sip, encode_options, sip_facts


def test_the_question_rings_nobody() -> None:
    asked = encode_options("192.168.1.9", "192.168.1.2", "q7")
    assert asked.startswith(
        b"OPTIONS sip:192.168.1.9;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP 192.168.1.2;branch=z9hG4bKq7;"
    )
    assert asked.endswith(b"Content-Length: 0\r\n\r\n")
    assert b"INVITE" not in asked
    assert b"REGISTER" not in asked


@pytest.mark.parametrize(
    ("header", "facts"),
    [
        ("Server: 2N IP Verso/2.40", {"sip.server": "2N IP Verso/2.40"}),
        ("User-Agent: DP-D1", {"sip.server": "DP-D1"}),
        ("Allow: x", {}),
    ],
)
def test_the_product_comes_from_server_or_user_agent(header: str, facts: dict[str, str]) -> None:
    assert sip_facts(decode_sip(f"SIP/2.0 200 OK\r\n{header}\r\n\r\n".encode())) == facts


def test_what_is_no_reply_is_refused() -> None:
    with pytest.raises(WireError):
        decode_sip(b"HTTP/1.1 200 OK\r\n\r\n")
