"""The little of DNS (RFC 1035, RFC 6762) that the practice devices speak: questions in, records out. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

A, PTR, TXT, SRV, ANY = 1, 12, 16, 33, 255
_IN = 1
_TOP_BIT = 0x8000  # of a question's class: a unicast answer is welcome; of a record's: the cache may be flushed
_RESPONSE, _AUTHORITATIVE, _NO_SUCH_NAME = 0x8000, 0x0400, 3
_MOST_QUESTIONS = 256
_MOST_JUMPS = 32

Name = tuple[bytes, ...]  # labels, without the root


class DnsError(ValueError):
    """Bytes that are no DNS message."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; `unicast` when the asker would rather be answered alone."""

    name: Name
    kind: int
    unicast: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record. `unique` sets the cache-flush bit (RFC 6762 section 10.2)."""

    name: Name
    kind: int
    data: bytes
    ttl: int = 4500
    unique: bool = False

    def encode(self, most_ttl: int = 1 << 31, plain: bool = False) -> bytes:
        """The record on the wire, names uncompressed; `plain` leaves the multicast-only bit out."""
        family = _IN | (_TOP_BIT if self.unique and not plain else 0)
        head = struct.pack("!HHIH", self.kind, family, min(self.ttl, most_ttl), len(self.data))
        return encode_name(self.name) + head + self.data


@dataclass(frozen=True, slots=True)
class Query:
    """A decoded query: its id, its questions, and the PTR answers that the asker knows already."""

    id: int
    questions: tuple[Question, ...]
    known: frozenset[tuple[Name, Name]]


def name(text: str) -> Name:
    """A name from dotted text without escapes."""
    return tuple(label.encode() for label in text.split(".") if label)


def folded(labels: Name) -> Name:
    """The name as DNS compares it: without case."""
    return tuple(label.lower() for label in labels)


def encode_name(labels: Name) -> bytes:
    """Length-prefixed labels and the root."""
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def pointer(owner: Name, target: Name, ttl: int = 4500) -> Record:
    """A PTR record."""
    return Record(owner, PTR, encode_name(target), ttl)


def target(record: Record) -> Name:
    """The name that one of our own PTR records points to."""
    return _read_name(record.data, 0)[0]


def place(owner: Name, host: Name, port: int) -> Record:
    """An SRV record."""
    return Record(owner, SRV, struct.pack("!HHH", 0, 0, port) + encode_name(host), 120, unique=True)


def texts(owner: Name, entries: Mapping[str, str]) -> Record:
    """A TXT record; an entry longer than 255 bytes is cut."""
    strings = [f"{key}={value}".encode()[:255] for key, value in entries.items()] or [b""]
    return Record(owner, TXT, b"".join(bytes([len(text)]) + text for text in strings), unique=True)


def address(owner: Name, ip: str) -> Record:
    """An A record."""
    return Record(owner, A, IPv4Address(ip).packed, 120, unique=True)


def decode_query(data: bytes) -> Query:
    """A query's questions and known answers. Raises DnsError for a response and for anything malformed."""
    try:
        number, flags, questions, answers, _, _ = struct.unpack_from("!6H", data)
        if flags & _RESPONSE or questions > _MOST_QUESTIONS or answers > _MOST_QUESTIONS:
            raise DnsError("not a query")
        offset, asked = 12, []
        for _ in range(questions):
            labels, offset = _read_name(data, offset)
            kind, family = struct.unpack_from("!HH", data, offset)
            asked.append(Question(labels, kind, bool(family & _TOP_BIT)))
            offset += 4
        return Query(number, tuple(asked), _known(data, offset, answers))
    except (struct.error, IndexError) as error:
        raise DnsError("cut off") from error


def encode_answer(
    answers: list[Record],
    additional: list[Record],
    *,
    query: Query | None = None,
    rcode: int = 0,
) -> bytes:
    """A response. With `query` a one-to-one answer: its id and questions repeated, short times (RFC 6762 6.7)."""
    flags = _RESPONSE | _AUTHORITATIVE | rcode
    asked = query.questions if query else ()
    head = struct.pack("!6H", query.id if query else 0, flags, len(asked), len(answers), 0, len(additional))
    body = b"".join(encode_name(question.name) + struct.pack("!HH", question.kind, _IN) for question in asked)
    most = 10 if query else 1 << 31
    return head + body + b"".join(record.encode(most, plain=bool(query)) for record in answers + additional)


def no_such_name(query: Query) -> bytes:
    """An answer that says that the name does not exist."""
    return encode_answer([], [], query=query, rcode=_NO_SUCH_NAME)


def reverse_name(ip: str) -> Name:
    """The in-addr.arpa name of an address."""
    return name(IPv4Address(ip).reverse_pointer)


def _known(data: bytes, offset: int, count: int) -> frozenset[tuple[Name, Name]]:
    found = set()
    for _ in range(count):
        owner, offset = _read_name(data, offset)
        kind, _, _, size = struct.unpack_from("!HHIH", data, offset)
        offset += 10
        if kind == PTR:
            target, _ = _read_name(data, offset)
            found.add((folded(owner), folded(target)))
        offset += size
    return frozenset(found)


def _read_name(data: bytes, offset: int) -> tuple[Name, int]:
    labels: list[bytes] = []
    end = 0
    for _ in range(128 + _MOST_JUMPS):
        size = data[offset]
        if size == 0:
            return tuple(labels), end or offset + 1
        if size >= 0xC0:
            end = end or offset + 2
            offset = (size & 0x3F) << 8 | data[offset + 1]
            continue
        labels.append(data[offset + 1 : offset + 1 + size])
        offset += 1 + size
    raise DnsError("a name that never ends")
