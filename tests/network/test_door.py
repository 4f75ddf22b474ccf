"""The door: what it refuses, how many connections it opens at once, and that no device can make it fail."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from iotsweep.model import Consent, ConsentRole, Scope
from iotsweep.network.door import ClosedError, Door, GuardError, Shared, SilentError, TlsError
from iotsweep.network.guard import NEVER_PORTS, Guard
from iotsweep.network.ledger import Ledger
from iotsweep.wire.arp import encode_request
from tests.network.laboratory import ADDRESS, MAC, home, in_lab, run, scope, shared

_LOCAL = Scope(
    "127.0.0.0/24", "lo", "127.0.0.1", "", None, consent=Consent(ConsentRole.OWNER, "2026-01-01T00:00:00Z", "by option")
)


@pytest.fixture
def door() -> Door:
    return Door("tcp-ports", _LOCAL, Shared(Guard(_LOCAL), Ledger()))


@asynccontextmanager
async def _server(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await answer(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.2", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _say(text: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(text)
    await writer.drain()


async def test_an_open_port_gives_what_it_says(door: Door) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(b"SSH-2.0-x\r\n", writer)
        await asyncio.sleep(5)

    async with _server(answer) as port, door.connect("127.0.0.2", port, timeout=1) as connection:
        assert await connection.receive(4096, 0.2) == b"SSH-2.0-x\r\n"


async def test_a_closed_port_is_closed(door: Door) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
    with pytest.raises(ClosedError):
        async with door.connect("127.0.0.2", port, timeout=1):
            pass


@pytest.mark.parametrize(
    "says", [b"HTTP/1.0 400 Bad Request\r\n\r\n", b"", b"\x15\x03\x01\x00\x02\x02\x28", b"\x16\x03"]
)
async def test_a_port_that_does_not_speak_tls_is_told_apart_from_silence(door: Door, says: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        await _say(says, writer)

    async with _server(answer) as port:
        with pytest.raises(TlsError):
            async with door.connect("127.0.0.2", port, timeout=1, tls=True):
                pass
    gc.collect()


async def test_a_tls_server_that_stays_silent_costs_no_more_than_the_timeout(door: Door) -> None:
    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with _server(answer) as port:
        start = time.monotonic()
        with pytest.raises(TlsError):
            async with door.connect("127.0.0.2", port, timeout=0.2, tls=True):
                pass
        assert time.monotonic() - start < 2
    gc.collect()


async def test_tls_gives_the_certificate_of_a_device_that_nobody_trusts(door: Door, tmp_path: Any) -> None:  # noqa: ANN401
    import ssl

    names = [str(tmp_path / name) for name in ("key.pem", "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:1024", "-sha1", "-nodes", "-subj", "/CN=cam"]
    subprocess.run([*command, "-keyout", names[0], "-out", names[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(names[1], names[0])
    server = await asyncio.start_server(lambda _, writer: writer.write(b"hello"), "127.0.0.2", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with door.connect("127.0.0.2", port, timeout=3, tls=True) as connection:
        assert b"cam" in (connection.certificate() or b"")
        assert await connection.receive(100, 0.3) == b"hello"
    server.close()


async def test_a_device_that_drips_bytes_holds_nobody_for_long(door: Door) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await _say(b"x", writer)
            await asyncio.sleep(0.02)

    async with _server(answer) as port, door.connect("127.0.0.2", port, timeout=1) as connection:
        start = time.monotonic()
        assert await connection.receive(1 << 20, 0.1)
        assert time.monotonic() - start < 1


async def test_a_device_that_resets_while_we_send_raises_nothing(door: Door) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with _server(answer) as port, door.connect("127.0.0.2", port, timeout=1) as connection:
        for _ in range(20):
            await connection.send(b"x" * 5000)
        assert await connection.receive(100, 0.2) == b""


async def test_at_most_two_connections_to_a_device_are_open(door: Door) -> None:
    now = most = 0

    async def one(port: int) -> None:
        nonlocal now, most
        async with door.connect("127.0.0.2", port, timeout=1):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with _server(answer) as port:
        await asyncio.gather(*(one(port) for _ in range(10)))
    assert most == 2


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_cancelled_connect_closes_its_socket(door: Door) -> None:
    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async def hold(port: int) -> None:
        async with door.connect("127.0.0.2", port, timeout=1, tls=True):
            await asyncio.sleep(10)

    async with _server(answer) as port:
        before = _open_files()
        tasks = [asyncio.create_task(hold(port)) for _ in range(2)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True)
        )
        await asyncio.sleep(0.05)
        assert _open_files() <= before
    gc.collect()


async def test_when_the_system_has_no_files_to_spare_the_door_waits(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iotsweep.network import tcp

    real, refusals = tcp.open_socket, iter([24, 105, 99])

    def open_socket(interface: str, address: str) -> socket.socket:
        number = next(refusals, None)
        if number:
            raise OSError(number, os.strerror(number))
        return real(interface, address)

    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    monkeypatch.setattr(tcp, "open_socket", open_socket)
    async with _server(answer) as port, door.connect("127.0.0.2", port, timeout=1) as connection:
        assert connection.certificate() is None


@pytest.mark.parametrize("address", ["127.0.1.1", "8.8.8.8", "127.0.0.1", "127.0.0.0", "127.0.0.255", "::1", "x", ""])
async def test_nothing_is_sent_outside_the_scope_or_to_ourselves(door: Door, address: str) -> None:
    with pytest.raises(GuardError):
        async with door.connect(address, 80, timeout=0.1):
            pass
    async with door.datagrams() as datagrams:
        if address != "127.0.0.255":
            with pytest.raises(GuardError):
                datagrams.send(b"x", address, 1900)


async def test_forbidden_ports_are_refused_for_every_protocol(door: Door) -> None:
    assert {9100, 9116, 8001, 8002} <= NEVER_PORTS
    for port in NEVER_PORTS:
        with pytest.raises(GuardError):
            async with door.connect("127.0.0.2", port, timeout=0.1):
                pass
        async with door.datagrams() as datagrams:
            for address in ("127.0.0.2", "239.255.255.250", "255.255.255.255"):
                with pytest.raises(GuardError):
                    datagrams.send(b"x", address, port)


def test_nothing_may_be_sent_before_consent() -> None:
    with pytest.raises(GuardError, match="consent"):
        Guard(Scope("10.77.0.0/24", "eth0", ADDRESS, MAC, None))


def test_only_arp_requests_in_our_own_name_leave_as_frames() -> None:
    guard = Guard(scope())
    good = encode_request(MAC, ADDRESS, "10.77.0.9")
    assert guard.check_frame(good) == "10.77.0.9"
    bad = [
        b"",
        good + b"\0",
        good[:21] + b"\x02" + good[22:],  # a reply
        encode_request(MAC, "10.77.0.1", "10.77.0.9"),  # in the router's name
        encode_request("02:00:00:00:00:06", ADDRESS, "10.77.0.9"),
        encode_request(MAC, ADDRESS, "10.78.0.9"),
        encode_request(MAC, ADDRESS, ADDRESS),  # a gratuitous announcement
    ]
    for frame in bad:
        with pytest.raises(GuardError):
            guard.check_frame(frame)


async def test_a_flood_of_datagrams_is_bounded(door: Door) -> None:
    from iotsweep.network import udp

    inbox = udp.Inbox()
    for _ in range(10000):
        inbox.datagram_received(b"x" * 60000, ("127.0.0.2", 9))
    assert inbox.dropped > 9000
    assert await inbox.take(0.1)


async def test_datagrams_come_and_go(door: Door) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.2", 32108))
        async with door.datagrams() as datagrams:
            datagrams.send(b"\xf1\x30\0\0", "127.0.0.2", 32108)
            data, sender = other.recvfrom(100)
            assert data == b"\xf1\x30\0\0"
            other.sendto(b"answer", sender)
            assert await datagrams.receive(1) == (b"answer", "127.0.0.2", 32108)
            assert await datagrams.receive(0.01) is None
    assert door._shared.ledger.sent("tcp-ports").packets == 1


async def test_an_empty_datagram_leaves_too(door: Door) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        try:
            other.bind(("127.0.0.2", 9))
        except PermissionError:
            pytest.skip("ports below 1024 are for root here")
        async with door.datagrams() as datagrams:
            datagrams.send(b"", "127.0.0.2", 9)
            assert other.recvfrom(100)[0] == b""


# --- against the wire --------------------------------------------------------------------------------------


def play_servers() -> None:
    """Listens on two ports; 10.77.0.66 is there for ARP but drops whatever comes (a firewall)."""
    run("nft", "add table ip t; add chain ip t i { type filter hook input priority 0; }")
    run("nft", "add rule ip t i ip daddr 10.77.0.66 drop")
    for port in (80, 443):
        server = socket.create_server(("", port), backlog=64)
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
    threading.Event().wait()


def _accept(server: socket.socket) -> None:
    kept = [server.accept()[0] for _ in range(1000)]
    assert kept


async def check_connections_on_the_wire() -> dict[str, Any]:
    own = scope()
    door = Door("tcp-ports", own, shared(own))

    async def one(address: str, port: int, tls: bool) -> str:
        try:
            async with door.connect(address, port, timeout=0.4, tls=tls) as connection:
                await connection.receive(100, 0.05)
                return "open"
        except ClosedError:
            return "closed"
        except TlsError:
            return "no tls"
        except SilentError:
            return "silent"

    async with home(["10.77.0.10", "10.77.0.66"], far=play_servers) as recorder:
        await asyncio.sleep(0.3)
        wanted = [("10.77.0.10", port, port == 443) for port in (80, 443, 81, 82) for _ in range(4)]
        wanted += [("10.77.0.66", port, False) for port in (80, 81, 82)]
        answers = Counter(await asyncio.gather(*(one(*place) for place in wanted)))
        frames = recorder.frames()
    return {"answers": answers, "most": _most_open(frames), "syns": _syns(frames)}


def _most_open(frames: list[tuple[float, bytes, int]]) -> dict[str, int]:
    """The most connections that were open at once per device; RST ends one, and so does a closed port's answer."""
    live: dict[str, set[int]] = {}
    most: Counter[str] = Counter()
    for _, frame, _ in frames:
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        address, source, port = socket.inet_ntoa(frame[30:34]), *(int.from_bytes(frame[n : n + 2]) for n in (34, 36))
        if frame[47] & 0x02 and port in {80, 443} and address != "10.77.0.66":
            live.setdefault(address, set()).add(source)
        elif frame[47] & 0x05:
            live.get(address, set()).discard(source)
        most[address] = max(most[address], len(live.get(address, ())))
    return most


def _syns(frames: list[tuple[float, bytes, int]]) -> dict[str, int]:
    tcp = [frame for _, frame, _ in frames if frame[12:14] == b"\x08\x00" and frame[23] == 6 and frame[47] == 0x02]
    return Counter(socket.inet_ntoa(frame[30:34]) for frame in tcp)


@pytest.mark.lab
def test_the_wire_shows_at_most_two_connections_and_no_repeated_questions() -> None:
    result = in_lab(f"{__name__}:check_connections_on_the_wire")
    assert result["answers"] == {"open": 4, "no tls": 4, "closed": 8, "silent": 3}
    assert result["most"]["10.77.0.10"] <= 2
    assert result["syns"] == {"10.77.0.10": 16, "10.77.0.66": 3}


async def check_vanished_interface() -> list[str]:
    own = scope()
    door = Door("tcp-ports", own, shared(own))
    said = []
    async with home(["10.77.0.10"]):
        run("ip", "link", "del", "eth0")
        for kind in (_connect, _datagrams, _frames):
            try:
                await kind(door)
                said.append("went on")
            except Exception as error:
                said.append(type(error).__name__)
    return said


async def check_interface_that_vanishes_meanwhile() -> list[Any]:
    own = scope()
    common = shared(own)
    door = Door("tcp-ports", own, common)
    from iotsweep.network.tap import open_tap

    async with (
        home(["10.77.0.10"]),
        open_tap(own, common) as tap,
        door.datagrams() as datagrams,
        door.frames() as frames,
    ):
        run("ip", "link", "del", "eth0")
        datagrams.send(b"", "10.77.0.10", 9)
        sent = frames.send(encode_request(MAC, ADDRESS, "10.77.0.10"))
        heard = [await frames.receive(0.1), await datagrams.receive(0.1)]
    return [sent, heard, list(tap.limits)]


async def _connect(door: Door) -> None:
    async with door.connect("10.77.0.10", 80, timeout=0.3):
        pass


async def _datagrams(door: Door) -> None:
    async with door.datagrams(group="239.255.255.250") as datagrams:
        datagrams.send(b"", "10.77.0.10", 9)


async def _frames(door: Door) -> None:
    async with door.frames():
        pass


@pytest.mark.lab
def test_an_interface_that_vanished_is_an_error_that_probes_know() -> None:
    assert in_lab(f"{__name__}:check_vanished_interface") == ["SilentError", "SilentError", "LinkError"]


@pytest.mark.lab
def test_an_interface_that_vanishes_meanwhile_breaks_nothing_and_is_said() -> None:
    sent, heard, limits = in_lab(f"{__name__}:check_interface_that_vanishes_meanwhile")
    assert sent is False
    assert heard == [None, None]
    assert limits == ["The interface eth0 went down or away while the check ran."]
