"""What one row of the table of makers' questions holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Wire(Protocol):
    """What reads the answers: mostly a protocol's whole module."""

    @property
    def KEYS(self) -> tuple[str, ...]:  # noqa: N802  (a module's constant)
        """Everything that an answer can tell."""

    @property
    def decode_reply(self) -> Callable[[bytes], dict[str, str]]:
        """The facts of one answer. Raises WireError."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Reads what devices send by themselves."""

    decode_reply: Callable[[bytes], dict[str, str]]
    KEYS: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VendorQuestion:
    """What is sent to one port, how its answers are read, and who says so.

    No datagrams: only listened for.
    """

    name: str  # for people: whose devices are asked
    source: str  # where port, question and answer are written down
    wire: Wire
    port: int
    datagrams: tuple[bytes, ...] = ()
    answers_to: int = 0  # local port to which devices send answers and announcements, 0 for that of the question
    group: str | None = None  # multicast group that is asked, and joined when `answers_to` is given
    also_joins: tuple[str, ...] = ()  # further groups in which answers or announcements are sent
    broadcast: bool = True
    withheld: bool = False  # the reply can hold a secret, so not even its hash is kept
    named: Callable[[str], bytes] | None = None  # a further datagram that carries this laptop's own address
    times: int = 3  # how often it is sent, spread over the rounds
    suspects: bool = False  # also asked of single devices that nothing gave a name to

    @property
    def decode(self) -> Callable[[bytes], dict[str, str]]:
        """The facts of one answer. Raises WireError."""
        return self.wire.decode_reply

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that an answer can tell."""
        return self.wire.KEYS

    def asked(self, address: str) -> tuple[bytes, ...]:
        """Every datagram of this question, as a laptop of `address` sends it. All are fixed but for that address."""
        return (*self.datagrams, self.named(address)) if self.named else self.datagrams
