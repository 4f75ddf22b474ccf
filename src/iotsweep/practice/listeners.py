"""What a responder is: a port, and a pure function or coroutine that answers. The serving process opens the sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Sender = tuple[str, int]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """One datagram to send back. No `to`: to whoever asked. `delay` is in seconds."""

    data: bytes
    to: Sender | None = None
    delay: float = 0.0


Answer = Callable[[bytes, Sender], list[Reply]]


@dataclass(frozen=True, slots=True)
class TcpListener:
    """A TCP port and what happens on each connection; `certificate` makes it TLS."""

    port: int
    handle: Handler
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class UdpListener:
    """A UDP port (and the multicast groups it joins), what a datagram is answered with, what is said unasked."""

    port: int
    answer: Answer
    groups: tuple[str, ...] = ()
    announces: tuple[Reply, ...] = ()  # each needs a `to`; the delay is that between two of them


Listener = TcpListener | UdpListener
