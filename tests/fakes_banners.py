"""Small servers on loopback that play devices for the port probe, and a door that plays silence."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from iotsweep.model import Consent, ConsentRole, Observation, Scope
from iotsweep.network.door import Connection, Door, Shared, SilentError
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger
from iotsweep.probes.context import Context, Hosts

NETWORK = f"127.{20 + os.getpid() % 200}.{os.getpid() // 200 % 250}"  # apart from other tests on this machine
LAPTOP, DEVICE, OTHER = f"{NETWORK}.1", f"{NETWORK}.2", f"{NETWORK}.3"
SCOPE = Scope(f"{NETWORK}.0/24", "lo", LAPTOP, "", None, consent=Consent(ConsentRole.OWNER, "", "on screen"))

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class WatchedDoor(Door):
    """A door that remembers who was asked at which port and how many connections were open at once."""

    def __init__(self, silent: Callable[[str, int], bool] = lambda *_: False) -> None:
        super().__init__("ports", SCOPE, Shared(Guard(SCOPE), Ledger()))
        self.asked: list[tuple[str, int]] = []
        self.most_open: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._silent = silent

    @asynccontextmanager
    async def connect(self, address: str, port: int, *, timeout: float, tls: bool = False) -> AsyncIterator[Connection]:
        self.check(address, port)
        self.asked.append((address, port))
        if self._silent(address, port):
            raise SilentError(address)
        async with super().connect(address, port, timeout=timeout, tls=tls) as connection:
            self._held[address] += 1
            self.most_open[address] = max(self._held[address], self.most_open[address])
            try:
                yield connection
            finally:
                self._held[address] -= 1

    def ports(self, address: str = DEVICE) -> list[int]:
        """The ports that one device was asked at, in order."""
        return [port for asked, port in self.asked if asked == address]


@dataclass
class Home:
    """Servers by address and port, and what each was sent."""

    received: dict[int, bytes] = field(default_factory=lambda: defaultdict(bytes))
    connections: Counter[int] = field(default_factory=Counter)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def add(self, port: int, serve: Serve, *, address: str = DEVICE, lock: ssl.SSLContext | None = None) -> None:
        """Open a port that is served so."""

        async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections[port] += 1
            self._open.add(writer)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await serve(reader, writer)
            writer.close()

        self._servers.append(await asyncio.start_server(serve_one, address, port, ssl=lock))

    def says(self, port: int, greeting: bytes) -> Serve:
        """Say this at once, then remember whatever comes."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(greeting)
            while data := await reader.read(4096):
                self.received[port] += data

        return serve

    def answers(self, port: int, *replies: bytes) -> Serve:
        """Answer each question with the next of these replies, the last one again and again, and close."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reply = replies[min(self.connections[port], len(replies)) - 1]
            self.received[port] += await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            await writer.drain()

        return serve

    async def close(self) -> None:
        """Close every port and every connection."""
        for server in self._servers:
            server.close()
        for writer in self._open:
            writer.transport.abort()
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)


@dataclass
class Asked:
    """A context for the probe, and what it saw."""

    context: Context
    door: WatchedDoor
    seen: list[Observation]

    def values(self, key: str) -> list[str]:
        """Every value of one key, over all observations."""
        return sorted({value for observation in self.seen for value in observation.values(key)})

    def open_ports(self) -> list[str]:
        """The ports that were seen to be open."""
        return sorted({key for observation in self.seen for key, value in observation.facts if value == "open"})


def make_context(*ports: int, hosts: tuple[str, ...] = (DEVICE,), door: WatchedDoor | None = None) -> Asked:
    """A sweep of these devices at these ports, with ten seconds of time."""
    found = Hosts()
    for host in hosts:
        found.add(host, "00:00:5e:00:53:01")
    found.close()
    seen: list[Observation] = []
    door = door or WatchedDoor()
    deadline = asyncio.get_running_loop().time() + 10
    return Asked(Context("ports", SCOPE, door, found, deadline, ports, emit=seen.append), door, seen)


def make_lock(folder: Path, *, ask_for_certificate: bool = False) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=ecb5fafffe012345,O=Philips Hue,C=NL")
    day = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=1))
    signed = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    lock = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    lock.load_cert_chain(path)
    if ask_for_certificate:
        lock.maximum_version = ssl.TLSVersion.TLSv1_2
        lock.verify_mode = ssl.CERT_REQUIRED
        lock.load_verify_locations(path)
    return lock
