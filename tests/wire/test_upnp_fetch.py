"""Which descriptions may be fetched, and the HTTP around them."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import LARGEST
from iotsweep.wire.upnp_fetch import Place, decode_reply, encode_get, is_complete, read_location

HOST = "192.168.50.20"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("url", "port", "path"),
    [
        (f"http://{HOST}:8200/rootDesc.xml", 8200, "/rootDesc.xml"),
        (f"HTTP://{HOST}", 80, "/"),
        (f"http://{HOST}:7676/smp_2_?a=b", 7676, "/smp_2_?a=b"),
        (f"http://{HOST}:9197/dmr", 9197, "/dmr"),
    ],
)
def test_a_description_on_the_same_host_may_be_fetched(url: str, port: int, path: str) -> None:
    assert read_location(url, HOST) == Place(HOST, port, path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://192.168.50.21/x",
        "http://router.local/x",
        "http://example.com/x",
        f"https://{HOST}/x",
        f"http://user:pw@{HOST}/x",
        f"http://{HOST}:9100/x",
        f"http://{HOST}:9116/x",
        f"http://{HOST}:8001/x",
        f"http://{HOST}:8002/x",
        f"http://{HOST}:99999/x",
        f"http://{HOST}:x/",
        f"http://{HOST}/a b",
        f"http://{HOST}/\u00e9",
        f"http://{HOST}@192.168.50.21/x",
        f"http://{HOST}.example.com/x",
        f"http://[{HOST}/x",
        f"http://{HOST}/" + "a" * 2000,
        f"file:///{HOST}/etc/passwd",
    ],
)
def test_anything_else_may_not(url: str) -> None:
    with pytest.raises(WireError):
        read_location(url, HOST)


def test_a_line_break_in_a_url_cannot_add_a_header() -> None:
    place = read_location(f"http://{HOST}/x\r\nX-Evil:1", HOST)
    assert b"\r\nX-Evil" not in encode_get(place)


@pytest.mark.parametrize("reply", [PLAIN, CHUNKED, PLAIN + b"more", b"HTTP/1.0 200 OK\r\n\r\nhello"])
def test_the_body_of_a_good_reply_is_read(reply: bytes) -> None:
    assert decode_reply(reply) == b"hello"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\n\r\n",
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST + 1),
    ],
    ids=["empty", "cut", "redirect", "login", "not http", "huge"],
)
def test_redirects_logins_and_floods_are_refused(reply: bytes) -> None:
    with pytest.raises(WireError):
        decode_reply(reply)


def test_a_reply_says_when_it_is_over() -> None:
    assert is_complete(PLAIN)
    assert is_complete(CHUNKED)
    assert not is_complete(PLAIN[:-1])
    assert not is_complete(b"HTTP/1.1 200 OK\r\n\r\nhello")
