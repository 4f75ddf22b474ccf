"""What one row of the table of makers' questions holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NOTHING_KNOWN = "none known: the makers' own apps ask the same"


@dataclass(frozen=True, slots=True)
class VendorQuestion:
    """What is sent to one port, how its answers are read, what a device does with it, and who says so.

    No datagrams: only listened for.
    """

    name: str  # for people: whose devices are asked
    port: int
    datagrams: tuple[bytes, ...]
    decode: Callable[[bytes], dict[str, str]]
    keys: tuple[str, ...]
    source: str  # where port, question and answer are written down
    group: str | None = None  # multicast group that is asked, and joined when `answers_to` is given
    also_joins: tuple[str, ...] = ()  # further groups in which answers or announcements are sent
    broadcast: bool = True
    answers_to: int = 0  # local port to which devices send answers and announcements, 0 for that of the question
    withheld: bool = False  # the reply can hold a secret, so not even its hash is kept
    named: Callable[[str], bytes] | None = None  # a further datagram that carries this laptop's own address
    times: int = 3  # how often it is sent, spread over the rounds
    suspects: bool = False  # also asked of single devices that nothing gave a name to
    effect: str = NOTHING_KNOWN  # what a device does besides answering

    def asked(self, address: str) -> tuple[bytes, ...]:
        """Every datagram of this question, as a laptop of `address` sends it. All are fixed but for that address."""
        return (*self.datagrams, self.named(address)) if self.named else self.datagrams
