"""What a web page's reply says of its device, however badly it is written."""

from __future__ import annotations

import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.wire.error import WireError
from iotsweep.wire.favicon import find_icon, icon_facts, same_place
from iotsweep.wire.http import LONGEST_REPLY, decode_http, encode_get, http_facts, is_complete
from iotsweep.wire.page import decode_title, icon_path, is_page

CAMERA = (
    b"HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\nContent-Length: 34\r\n"
    b'WWW-Authenticate: Digest realm="IP Camera(C1234)", nonce="4f2a", opaque="77", qop="auth"\r\n'
    b'WWW-Authenticate: Basic realm="IP Camera(C1234)"\r\nX-Powered-By: PHP/5.2\r\n'
    b"Set-Cookie: session_id=5f3c9a; path=/\r\n\r\n<html><title>No &lt;entry&gt;</title>"
)


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""])
    return head.encode() + body


def test_the_question_is_one_plain_get_that_asks_to_close() -> None:
    asked = encode_get("192.168.1.9", 8080, "/login.html")
    assert asked.startswith(b"GET /login.html HTTP/1.1\r\nHost: 192.168.1.9:8080\r\nUser-Agent: Mozilla/5.0\r\n")
    assert b"Connection: close\r\n" in asked
    assert asked.endswith(b"\r\n\r\n")
    assert b"Host: 192.168.1.9\r\n" in encode_get("192.168.1.9", 80)


@pytest.mark.parametrize("path", ["", "login", "/a b", "/a\r\nX: y", "/\x00", "/ü", "/" + "a" * 600])
def test_a_path_that_would_break_the_question_is_refused(path: str) -> None:
    with pytest.raises(WireError):
        encode_get("192.168.1.9", 80, path)


def test_a_reply_gives_its_facts_and_never_a_cookies_value() -> None:
    facts = http_facts(decode_http(CAMERA), 80)
    assert facts == {
        "http.port": "80",
        "http.status": "401",
        "http.server": ("App-webs/",),
        "http.realm": ("IP Camera(C1234)", "IP Camera(C1234)"),
        "http.title": "No <entry>",
        "http.header.www-authenticate": (
            'Digest realm="IP Camera(C1234)", qop="auth"',
            'Basic realm="IP Camera(C1234)"',
        ),
        "http.header.x-powered-by": ("PHP/5.2",),
        "http.header.set-cookie": ("session_id",),
        "http.body_hash": hashlib.sha256(b"<html><title>No &lt;entry&gt;</title>"[:34]).hexdigest(),
    }
    assert "5f3c9a" not in str(facts)


def test_a_redirect_keeps_its_path_only() -> None:
    data = reply(b"", "Location: https://192.168.1.9/doc/page/login.asp?token=s3cret#x", status="302 Found")
    assert http_facts(decode_http(data), 80)["http.header.location"] == "/doc/page/login.asp"


def test_chunks_are_joined_and_only_a_whole_body_is_hashed() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"7\r\n<title>\r\n6;x=y\r\nHello<\r\n0\r\n\r\n"
    facts = http_facts(decode_http(head + body), 80)
    assert facts["http.title"] == "Hello"
    assert facts["http.body_hash"] == hashlib.sha256(b"<title>Hello<").hexdigest()
    for cut in range(len(body) - 4):
        assert "http.body_hash" not in http_facts(decode_http(head + body[:cut]), 80)


def test_a_page_that_is_packed_without_being_asked_for_is_unpacked() -> None:
    data = reply(gzip.compress(b"<html><title>WLED</title>"), "Content-Encoding: gzip")
    assert http_facts(decode_http(data), 80)["http.title"] == "WLED"
    broken = reply(b"no gzip", "Content-Encoding: gzip")
    assert "http.title" not in http_facts(decode_http(broken), 80)


def test_a_page_that_unpacks_without_end_stays_small() -> None:
    data = reply(gzip.compress(b"<title>x</title>" + b"A" * 50_000_000), "Content-Encoding: gzip")
    assert http_facts(decode_http(data), 80)["http.title"] == "x"


@pytest.mark.parametrize(
    ("page", "kind", "title"),
    [
        (b"<TITLE>\n NETSurveillance&nbsp;WEB </TITLE>", "", "NETSurveillance WEB"),
        (b'<title lang="en">A</title><title>B</title>', "", "A"),
        ("<title>网络摄像机</title>".encode("gb2312"), "text/html; charset=gb2312", "网络摄像机"),
        ('<meta charset="big5"><title>攝影機</title>'.encode("big5"), "", "攝影機"),
        ("<title>Küche</title>".encode("utf-16"), "", "Küche"),
        (b"<title>x</title>", "text/html; charset=rot13", "x"),
        (b"<title>x</title>", "text/html; charset=base64", "x"),
        (b"<title>unclosed", "", "unclosed"),
        (b"<title></title>", "", ""),
        (b"no page", "", ""),
    ],
)
def test_a_title_is_read_in_the_pages_own_script(page: bytes, kind: str, title: str) -> None:
    assert decode_title(page, kind) == title


def test_a_head_of_ten_megabytes_costs_little_and_gives_its_first_lines() -> None:
    data = b"HTTP/1.0 200 OK\r\nServer: Boa/0.94.13\r\nX-Filler: " + b"A" * 10_000_000
    assert http_facts(decode_http(data), 80) == {
        "http.port": "80",
        "http.status": "200",
        "http.server": ("Boa/0.94.13",),
    }
    many = b"HTTP/1.0 200 OK\r\n" + b"A: b\r\n" * 1_000_000
    assert len(decode_http(many).head.headers) <= 64


@pytest.mark.parametrize(
    "data", [b"", b"garbage", b"\x15\x03\x01\x00\x02\x02\x0a", b"SSH-2.0-x\r\n", b"HTTP/1.1 999 x\r\n\r\n"]
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_http(data)


def test_reading_stops_when_a_reply_is_whole_and_not_before() -> None:
    assert is_complete(CAMERA)
    assert not is_complete(CAMERA[:-5])
    assert not any(is_complete(CAMERA[:cut]) for cut in range(CAMERA.index(b"\r\n\r\n") + 4))
    assert is_complete(b"SSH-2.0-dropbear\r\n")
    assert is_complete(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert not is_complete(b"HTTP/1.0 200 OK\r\n\r\n<html>")
    assert is_complete(b"HTTP/1.0 200 OK\r\n\r\n" + b"A" * LONGEST_REPLY)


def test_the_icon_is_looked_for_on_the_same_host_only() -> None:
    page = b'<html><link href="style.css" rel=stylesheet><link rel="shortcut icon" href="img/fav.ico?v=2">'
    assert icon_path(page) == "img/fav.ico?v=2"
    assert find_icon(decode_http(reply(page)), "http://192.168.1.9/") == "/img/fav.ico?v=2"
    assert find_icon(decode_http(reply(b"<html>")), "http://192.168.1.9/") == "/favicon.ico"
    assert find_icon(decode_http(reply(b"<html>", status="404 x")), "http://192.168.1.9/") is None
    assert find_icon(decode_http(reply(b"{}")), "http://192.168.1.9/") is None
    away = b'<html><link rel=icon href="https://example.com/x.ico">'
    assert find_icon(decode_http(reply(away)), "http://192.168.1.9/") == "/favicon.ico"


@pytest.mark.parametrize(
    "link", ["//evil/x", "http://192.168.1.1/x", "http://h:81/x", "ftp://h/x", "https://h/x", "http://[", "", "/a b"]
)
def test_a_link_that_leads_elsewhere_is_not_followed(link: str) -> None:
    assert same_place(link, "http://h:80/") is None


def test_an_icon_is_known_by_its_md5() -> None:
    icon = b"\x00\x00\x01\x00\x01\x00"
    assert icon_facts(decode_http(reply(icon)), 80) == {
        "http.favicon": hashlib.md5(icon).hexdigest(),
        "http.port": "80",
    }
    for other in (reply(b"<html>not found</html>"), reply(b""), reply(icon, status="404 x"), reply(b"A" * 70_000)):
        assert icon_facts(decode_http(other), 80) == {}


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_page_makes_its_reader_fail(page: str, kind: str) -> None:
    data = f"<link rel=icon {page}><title>{page}".encode("utf-8", "replace")
    assert isinstance(decode_title(data, f"text/html; charset={kind}"), str)
    assert same_place(icon_path(data), "http://h:80/") is None or icon_path(data)
    is_page(data)
