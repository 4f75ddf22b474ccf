"""What a stream server says when asked for its methods."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.rtsp import decode_rtsp, encode_options, is_complete, rtsp_facts

REPLY = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Rtsp Server/3.0\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n"


def test_only_options_is_ever_asked() -> None:
    asked = encode_options("192.168.1.9", 8554)
    assert asked.startswith(b"OPTIONS rtsp://192.168.1.9:8554/ RTSP/1.0\r\nCSeq: 1\r\n")
    assert encode_options("192.168.1.9", 554).startswith(b"OPTIONS rtsp://192.168.1.9/ RTSP/1.0\r\n")
    assert not [word for word in (b"DESCRIBE", b"SETUP", b"PLAY", b"Authorization") if word in asked]


def test_a_reply_gives_its_facts() -> None:
    assert rtsp_facts(decode_rtsp(REPLY)) == {
        "rtsp.status": "200",
        "rtsp.server": ("Rtsp Server/3.0",),
        "rtsp.public": "OPTIONS, DESCRIBE, SETUP, PLAY",
    }


def test_a_closed_server_gives_its_realm() -> None:
    head = decode_rtsp(
        b'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="Login to ND0118", nonce="a"\r\n\r\n'
    )
    assert rtsp_facts(head) == {"rtsp.status": "401", "rtsp.realm": ("Login to ND0118",)}


def test_reading_stops_at_the_end_of_the_head() -> None:
    assert is_complete(REPLY)
    assert not is_complete(REPLY[:-2])


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"RTSP/1.0\r\n\r\n"])
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_rtsp(data)
