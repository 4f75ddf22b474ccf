"""Multicast DNS messages (RFC 6762, RFC 1035), read with limits and without trust in a single length."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

from iotsweep.wire.error import WireError

Name = tuple[str, ...]  # labels; an instance label may itself hold dots, spaces and any letter (RFC 6763, 4.1.1)

A, PTR, TXT, AAAA, SRV, ANY = 1, 12, 16, 28, 33, 255

_MOST_RECORDS = 512
_MOST_LABELS = 64
_LONGEST_NAME = 255
_RESPONSE = 0x8000
_CLASS_IN = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question: a name and a record type."""

    name: Name
    type: int


@dataclass(frozen=True, slots=True)
class Record:
    """One answer: `target` for PTR and SRV, `port` for SRV, `pairs` for TXT (keys as sent), `address` for A, AAAA."""

    name: Name
    type: int
    ttl: int  # seconds; 0 says goodbye
    target: Name = ()
    port: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Only a response says anything about who is there; a question is no identity."""

    response: bool
    questions: tuple[Question, ...]
    records: tuple[Record, ...]


def decode_message(data: bytes) -> Message:
    """The message; records after the first broken length are lost. Raises WireError when nothing can be read."""
    if len(data) < 12:
        raise WireError(f"{len(data)} bytes are no DNS message")
    _, flags, asked, *counts = struct.unpack_from("!6H", data)
    questions: list[Question] = []
    records: list[Record] = []
    place = 12
    try:
        for _ in range(min(asked, _MOST_RECORDS)):
            name, place = _read_name(data, place)
            kind, _class = struct.unpack_from("!2H", data, place)
            place += 4
            questions.append(Question(name, kind))
        for _ in range(min(sum(counts), _MOST_RECORDS)):
            record, place = _read_record(data, place)
            if record:
                records.append(record)
    except (WireError, struct.error) as error:
        if not questions and not records:
            raise WireError(f"broken DNS message: {error}") from error
    return Message(bool(flags & _RESPONSE), tuple(questions), tuple(records))


def _read_record(data: bytes, place: int) -> tuple[Record | None, int]:
    name, place = _read_name(data, place)
    kind, class_, ttl, length = struct.unpack_from("!2HIH", data, place)
    place += 10
    end = place + length
    if end > len(data):
        raise WireError("record longer than its message")
    if class_ & 0x7FFF != _CLASS_IN:  # the top bit is mDNS's cache flush (RFC 6762, 10.2)
        return None, end
    try:
        return _read_value(data, name, kind, ttl, place, end), end
    except (WireError, struct.error):
        return None, end


def _read_value(data: bytes, name: Name, kind: int, ttl: int, place: int, end: int) -> Record | None:
    if kind == PTR:
        return Record(name, kind, ttl, target=_read_name(data, place)[0])
    if kind == SRV:
        _, _, port = struct.unpack_from("!3H", data, place)
        return Record(name, kind, ttl, target=_read_name(data, place + 6)[0], port=port)
    if kind == TXT:
        return Record(name, kind, ttl, pairs=_read_pairs(data[place:end]))
    if (kind, end - place) in {(A, 4), (AAAA, 16)}:
        return Record(name, kind, ttl, address=str(ipaddress.ip_address(data[place:end])))
    return None


def _read_pairs(data: bytes) -> tuple[tuple[str, str], ...]:
    """The key=value strings of a TXT record; of keys that differ in case only the first counts (RFC 6763, 6.4)."""
    pairs: dict[str, tuple[str, str]] = {}
    place = 0
    while place < len(data):
        length = data[place]
        part = data[place + 1 : place + 1 + length]
        place += 1 + length
        key, _, value = part.partition(b"=")
        if key:
            name = key.decode("utf-8", "replace")
            pairs.setdefault(name.lower(), (name, value.decode("utf-8", "replace")))
    return tuple(pairs.values())


def _read_name(data: bytes, place: int) -> tuple[Name, int]:
    """The labels at `place` and the place after them. A pointer may only lead backwards, so no loop is possible."""
    labels: list[str] = []
    after = 0
    lowest = place
    size = 0
    while True:
        if place >= len(data):
            raise WireError("name runs past the end")
        length = data[place]
        if length == 0:
            return tuple(labels), after or place + 1
        if length & 0xC0 == 0xC0:
            (pointer,) = struct.unpack_from("!H", data, place)
            after = after or place + 2
            place = pointer & 0x3FFF
            if place >= lowest:
                raise WireError("name pointer does not lead backwards")
            lowest = place
            continue
        size += length + 1
        if length & 0xC0 or size > _LONGEST_NAME or len(labels) >= _MOST_LABELS or place + 1 + length > len(data):
            raise WireError("broken label")
        labels.append(data[place + 1 : place + 1 + length].decode("utf-8", "replace"))
        place += 1 + length
