"""What is said at an open port and what is learned there, from devices that answer well, badly or without end."""

from __future__ import annotations

import asyncio
import hashlib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from iotsweep.probes import _greetings, ports
from iotsweep.probes.ports import PROBE
from tests.fakes_banners import DEVICE, Asked, Home, Serve, make_context, make_lock

PAGE = b"<html><head><title>IP Camera</title><link rel=icon href=/img/fav.ico></head></html>"
ICON = b"\x00\x00\x01\x00\x01\x00\x10\x10"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FIRST_CHANCE", 0.0)
    monkeypatch.setattr(ports, "_LATE_CHANCE", 0.0)
    monkeypatch.setattr(_greetings, "PATIENCE", 0.5)
    monkeypatch.setattr(_greetings.Place.seconds, "__defaults__", (0.5,))


def page(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers, b"", body])


async def ask(home: Home, *asked_ports: int) -> Asked:
    asked = make_context(*asked_ports)
    await PROBE.run(asked.context)
    await home.close()
    return asked


async def test_a_web_page_gives_its_facts_in_one_observation_and_its_icon_in_another() -> None:
    home = Home()
    await home.add(8080, home.answers(8080, page(PAGE, b"Server: Boa/0.94"), page(ICON)))
    asked = await ask(home, 8080)
    root = next(seen for seen in asked.seen if seen.first("http.title"))
    assert (root.first("http.server"), root.first("http.status"), root.first("http.port")) == (
        "Boa/0.94",
        "200",
        "8080",
    )
    assert root.sha256 == hashlib.sha256(page(PAGE, b"Server: Boa/0.94")).hexdigest()
    assert asked.values("http.favicon") == [hashlib.md5(ICON).hexdigest()]
    assert home.received[8080].count(b"GET ") == 2
    assert b"GET /img/fav.ico HTTP/1.1\r\n" in home.received[8080]


async def test_a_redirect_is_followed_once_and_on_the_same_port_only() -> None:
    home = Home()
    to_login = page(b"", b"Location: /login.html", status=b"302 Found")
    await home.add(8080, home.answers(8080, to_login, to_login.replace(b"login", b"again")))
    await home.add(8081, home.answers(8081, page(b"", b"Location: http://example.com/x", status=b"301 Moved")))
    asked = await ask(home, 8080, 8081)
    assert home.connections == {8080: 2, 8081: 1}
    assert asked.values("http.header.location") == ["/again.html", "/login.html", "/x"]


async def test_a_stream_server_is_asked_for_its_options_and_nothing_else() -> None:
    home = Home()
    await home.add(
        8554, home.answers(8554, b"RTSP/1.0 200 OK\r\nServer: Hipcam RealServer/V1.0\r\nPublic: OPTIONS\r\n\r\n")
    )
    asked = await ask(home, 8554)
    assert asked.values("rtsp.server") == ["Hipcam RealServer/V1.0"]
    assert home.received[8554].startswith(b"OPTIONS ")
    assert home.received[8554].count(b"\r\n\r\n") == 1


async def test_a_port_that_speaks_two_protocols_is_asked_in_the_second_when_it_refuses_the_first() -> None:
    home = Home()
    await home.add(
        5000,
        home.answers(5000, b"RTSP/1.0 400 Bad Request\r\n\r\n", b"RTSP/1.0 200 OK\r\nServer: AirTunes/105.1\r\n\r\n"),
    )
    asked = await ask(home, 5000)
    assert asked.values("rtsp.server") == ["AirTunes/105.1"]


@pytest.mark.parametrize(
    ("port", "greeting", "key", "value"),
    [
        (2222, b"SSH-2.0-dropbear_2022.83\r\n", "ssh.banner", "SSH-2.0-dropbear_2022.83"),
        (20022, b"SSH-2.0-dropbear_2022.83\r\n", "ssh.banner", "SSH-2.0-dropbear_2022.83"),
        (20021, b"220 NAS FTP server ready.\r\n", "ftp.banner", "NAS FTP server ready."),
        (2323, b"\xff\xfd\x01\xff\xfb\x03\r\n(none) login: ", "telnet.banner", "(none) login:"),
    ],
)
async def test_a_greeting_is_read_and_never_answered(port: int, greeting: bytes, key: str, value: str) -> None:
    home = Home()
    await home.add(port, home.says(port, greeting))
    asked = await ask(home, port)
    assert asked.values(key) == [value]
    assert home.received[port] == b""


async def test_a_door_station_is_asked_what_it_is_without_ringing() -> None:
    home = Home()
    await home.add(5060, home.answers(5060, b"SIP/2.0 200 OK\r\nUser-Agent: 2N IP Verso\r\n\r\n"))
    asked = await ask(home, 5060)
    assert asked.values("sip.server") == ["2N IP Verso"]
    assert home.received[5060].startswith(b"OPTIONS sip:")


@pytest.mark.parametrize("port", [9999, 6668, 34567, 37777, 5555, 1883])
async def test_nothing_is_said_where_speaking_could_do_harm(port: int) -> None:
    home = Home()
    await home.add(port, home.says(port, b""))
    asked = await ask(home, port)
    assert asked.open_ports() == [f"tcp.{port}"]
    assert home.received[port] == b""
    assert home.connections[port] == 1


async def test_a_locked_page_gives_its_certificate_and_its_facts_on_one_connection(tmp_path: Path) -> None:
    home = Home()
    await home.add(8443, home.answers(8443, page(b"{}", b"Server: nginx")), lock=make_lock(tmp_path))
    asked = await ask(home, 8443)
    assert asked.values("tls.subject") == ["CN=ecb5fafffe012345,O=Philips Hue,C=NL"]
    assert asked.values("tls.port") == asked.values("http.port") == ["8443"]
    assert asked.values("http.server") == ["nginx"]
    assert home.connections[8443] == 1


async def test_where_only_the_certificate_tells_nothing_is_asked_inside(tmp_path: Path) -> None:
    home = Home()
    await home.add(8883, home.says(8883, b""), lock=make_lock(tmp_path))
    asked = await ask(home, 8883)
    assert asked.values("tls.issuer") == ["CN=ecb5fafffe012345,O=Philips Hue,C=NL"]
    assert home.received[8883] == b""


async def test_a_server_that_wants_our_certificate_still_shows_its_own(tmp_path: Path) -> None:
    home = Home()
    await home.add(6466, home.says(6466, b""), lock=make_lock(tmp_path, ask_for_certificate=True))
    asked = await ask(home, 6466)
    assert asked.values("tls.subject") == ["CN=ecb5fafffe012345,O=Philips Hue,C=NL"]


async def test_a_plain_page_at_a_port_for_locked_ones_is_read_too() -> None:
    home = Home()
    await home.add(8443, home.says(8443, page(b"x", b"Server: plain")))
    asked = await ask(home, 8443)
    assert asked.values("http.server") == ["plain"]
    assert asked.values("tls.port") == []


async def test_a_port_that_answers_plain_text_with_an_alert_is_asked_again_with_tls() -> None:
    home = Home()
    await home.add(8080, home.says(8080, b"\x15\x03\x01\x00\x02\x02\x46"))
    await ask(home, 8080)
    assert home.connections[8080] == 2
    assert b"\r\n\r\n\x16\x03" in home.received[8080]


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nServer: slow\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nServer: endless\r\n\r\n")
    while True:
        writer.write(b"A" * 65536)
        await writer.drain()


async def long_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nServer: wordy\r\n" + b"X-Filler: " + b"A" * 10_000_000)
    await writer.drain()


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes(range(256)) * 64)
    await writer.drain()


async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


BADLY: list[tuple[Serve, list[str]]] = [
    (drip, ["slow"]),
    (flood, ["endless"]),
    (long_head, ["wordy"]),
    (garbage, []),
    (slam, []),
    (mute, []),
]


@pytest.mark.parametrize(("serve", "servers"), BADLY, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("port", [8080, 8443, 8554, 8883, 2222, 2323, 5060, 5000])
async def test_a_device_that_answers_badly_holds_nothing_up(serve: Serve, servers: list[str], port: int) -> None:
    home = Home()
    await home.add(port, serve)
    await home.add(8081, home.answers(8081, page(b"x", b"Server: good")))
    started = asyncio.get_running_loop().time()
    asked = await ask(home, port, 8081)
    assert asyncio.get_running_loop().time() - started < 5
    assert asked.open_ports() == sorted([f"tcp.{port}", "tcp.8081"])
    assert "good" in asked.values("http.server")
    if port == 8080:
        assert asked.values("http.server") == sorted([*servers, "good"])
    assert asked.context.limits == []


async def test_hostile_text_arrives_cleaned() -> None:
    home = Home()
    await home.add(8080, home.answers(8080, page(b"<title>a\x1b[31m\xe2\x80\xaeb</title>", b"Server: x\x07\x1b]0;y")))
    asked = await ask(home, 8080)
    assert asked.values("http.title") == ["a[31mb"]
    assert asked.values("http.server") == ["x]0;y"]


async def test_no_key_is_seen_that_the_probe_does_not_declare(tmp_path: Path) -> None:
    home = Home()
    await home.add(
        8443,
        home.answers(8443, page(PAGE, b"Set-Cookie: a=b", b'WWW-Authenticate: Basic realm="x"')),
        lock=make_lock(tmp_path),
    )
    await home.add(8554, home.answers(8554, b"RTSP/1.0 200 OK\r\nPublic: OPTIONS\r\n\r\n"))
    asked = await ask(home, 8443, 8554)
    keys = {key for observation in asked.seen for key, _ in observation.facts}
    assert "http.header.set-cookie" in keys
    assert [key for key in keys if not any(fnmatchcase(key, declared) for declared in PROBE.yields)] == []


async def test_everything_that_is_sent_is_counted(tmp_path: Path) -> None:
    home = Home()
    await home.add(8080, home.answers(8080, page(PAGE), page(ICON)))
    asked = await ask(home, 8080, 20001)
    sent = asked.door._shared.ledger.sent("ports")
    assert {(place.address, place.port) for place in sent.destinations} == {(DEVICE, 8080), (DEVICE, 20001)}
    assert sent.bytes > len(home.received[8080])
