"""One standard `iotsweep scan` of a practice home, with a recorder at the laptop's end of the cable."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iotsweep.model import Scope
from iotsweep.practice.demo import scope_of
from iotsweep.practice.home import Home
from iotsweep.practice.loading import find_home, load_home
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.lab.frames import SYN, Packet, read
from tests.practice.test_demo import python

_LONGEST = 90  # seconds for everything; the scan itself takes a sixth of it
_SCRIPT = """
import json, pathlib, subprocess
folder = pathlib.Path({folder!r})
def watched(scope):
    watcher = subprocess.Popen([sys.executable, "-m", "tests.lab.watcher", scope.interface, str(folder)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert watcher.stdout.readline() == "watching\\n"
    command = [sys.executable, "-m", "iotsweep", "scan", "--interface", scope.interface, "--no-input", "--plain"]
    done = subprocess.run([*command, "--consent", "owner", "--save", str(folder / "visit.json")], capture_output=True)
    assert done.returncode in (0, 1), done.stderr.decode()
    time.sleep(0.2)  # the recorder takes what is under way
    told, _ = watcher.communicate()
    assert json.loads(told)["lost"] == 0, told
run(load_home(find_home({name!r})), watched)
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was on the cable, and what the scan said of it."""

    home: Home
    scope: Scope
    packets: tuple[Packet, ...]
    report: Mapping[str, Any]

    @property
    def sent(self) -> tuple[Packet, ...]:
        """What the laptop sent."""
        return tuple(packet for packet in self.packets if packet.outgoing)

    @property
    def asked(self) -> tuple[Packet, ...]:
        """The datagrams that the laptop sent."""
        return tuple(packet for packet in self.sent if packet.protocol == "udp")


def watch(name: str, folder: Path) -> Watched:
    """Scan a bundled practice home, by the command that people type. Raises AssertionError when anything was lost."""
    with python(_SCRIPT.format(folder=str(folder), name=name)) as process:
        _, errors = process.communicate(timeout=_LONGEST)
    assert process.returncode == 0, errors
    home = load_home(find_home(name))
    return Watched(home, scope_of(home), read(folder), json.loads((folder / "visit.json").read_text()))


def addressed(packets: Iterable[Packet]) -> Counter[str]:
    """Per device, what the laptop sent to it alone, and the ARP requests that everybody hears but that ask for it."""
    return Counter(p.address for p in packets if p.outgoing and (not p.to_all or p.protocol == "arp"))


def to_everybody(packets: Iterable[Packet]) -> Counter[str]:
    """By protocol, the broadcast and multicast frames that the laptop sent: each device of the home hears them all."""
    return Counter(packet.protocol for packet in packets if packet.outgoing and packet.to_all)


def most_attempts(packets: Iterable[Packet], address: str, within: float) -> int:
    """How many connections to a device were begun within so many seconds, at the most; repeats are not begun anew."""
    begun: dict[int | None, float] = {}
    for packet in packets:
        if packet.outgoing and packet.protocol == "tcp" and packet.address == address and packet.flags & SYN:
            begun.setdefault(packet.source_port, packet.time)
    times = sorted(begun.values())
    return max((bisect_right(times, start + within) - place for place, start in enumerate(times)), default=0)


def asked_again(packets: Iterable[Packet], scope: Scope) -> list[str]:
    """The makers' questions that went to one device alone after it had answered them."""
    answered: set[tuple[str, VendorQuestion]] = set()
    breaches = []
    for packet in packets:
        if packet.protocol != "udp":
            continue
        if not packet.outgoing:
            answered |= {(packet.source, question) for question in _answers(packet)}
        elif any((packet.address, question) in answered for question in _asks(packet, scope)):
            breaches.append(f"{packet.address} port {packet.port} at {packet.time}")
    return breaches


def _answers(packet: Packet) -> Iterator[VendorQuestion]:
    for question in QUESTIONS:
        if packet.source_port == question.port or packet.port == question.answers_to:
            with suppress(WireError):
                question.decode(packet.payload)
                yield question


def _asks(packet: Packet, scope: Scope) -> Iterator[VendorQuestion]:
    for question in QUESTIONS:
        if packet.port == question.port and packet.payload in question.asked(scope.address):
            yield question
