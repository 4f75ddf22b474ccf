"""DNS (RFC 1035): one reverse question out, the names of the answer back; and which names a question asks for."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from iotsweep.wire.error import WireError

NO_ERROR = 0
NO_SUCH_NAME = 3
REFUSALS = frozenset({4, 5})  # not implemented, refused: RFC 1035 section 4.1.1

_PTR, _INTERNET = 12, 1
_LONGEST_NAME = 255  # RFC 1035 section 2.3.4
_MOST_RECORDS = 64
_MOST_QUESTIONS = 8
_LARGEST = 65535


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name server said to one reverse look-up."""

    id: int
    code: int
    truncated: bool
    question: str  # lower case, without the last dot; "" when the question was not repeated
    names: tuple[str, ...]  # as sent, without the last dot


def reverse_name(address: str) -> str:
    """The name under in-addr.arpa that stands for `address` (RFC 1035 section 3.5)."""
    return IPv4Address(address).reverse_pointer


def encode_ptr_query(address: str, id: int) -> bytes:
    """A query for the name of `address`, recursion desired."""
    labels = reverse_name(address).split(".")
    name = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    return struct.pack("!6H", id & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + struct.pack("!2H", _PTR, _INTERNET)


def decode_question(data: bytes) -> tuple[str, ...]:
    """The names that a question asks for, in lower case, without the last dot. Raises WireError for an answer."""
    if len(data) < 17 or len(data) > _LARGEST:
        raise WireError(f"a DNS message of {len(data)} bytes")
    flags, questions = struct.unpack_from("!2H", data, 2)
    if flags & 0xF800:  # an answer, or another operation than a standard query
        raise WireError("no DNS question")
    names, place = [], 12
    for _ in range(min(questions, _MOST_QUESTIONS)):
        name, place = _name(data, place)
        names.append(name.lower())
        place += 4
    return tuple(name for name in names if name)


def decode_answer(data: bytes) -> Answer:
    """The PTR names of an answer to one reverse look-up.

    Raises WireError for a query, a truncated or looping message, more than one question or too many records.
    A message with the truncation flag keeps the records that are whole.
    """
    if len(data) < 12 or len(data) > _LARGEST:
        raise WireError(f"a DNS message of {len(data)} bytes")
    id, flags, questions, answers = struct.unpack_from("!4H", data)
    if not flags & 0x8000:
        raise WireError("a DNS query where an answer was expected")
    if questions > 1 or answers > _MOST_RECORDS:
        raise WireError(f"a DNS answer with {questions} questions and {answers} records")
    truncated = bool(flags & 0x0200)
    question, start = "", 12
    if questions:
        question, start = _name(data, start)
        start += 4
    names = _pointers(data, start, answers, truncated)
    return Answer(id, flags & 0x000F, truncated, question.lower(), names)


def _pointers(data: bytes, start: int, count: int, truncated: bool) -> tuple[str, ...]:
    names: list[str] = []
    try:
        for _ in range(count):
            _, start = _name(data, start)
            if start + 10 > len(data):
                raise WireError("a DNS record is cut off")
            kind, group, _, length = struct.unpack_from("!HHIH", data, start)
            start += 10
            if start + length > len(data):
                raise WireError("a DNS record is cut off")
            if (kind, group) == (_PTR, _INTERNET):
                names.append(_name(data, start)[0])
            start += length
    except WireError:
        if not truncated:
            raise
    return tuple(name for name in names if name)


def _name(data: bytes, start: int) -> tuple[str, int]:
    """The name at `start` and where the next field begins; pointers may only lead backwards, so none can loop."""
    labels: list[bytes] = []
    end: int | None = None
    size, lowest = 0, start
    for _ in range(_LONGEST_NAME):
        if start >= len(data):
            raise WireError("a DNS name is cut off")
        length = data[start]
        if length & 0xC0 == 0xC0:
            end = start + 2 if end is None else end
            start = lowest = _jump(data, start, lowest)
            continue
        if length & 0xC0:
            raise WireError("a DNS label of an unknown kind")
        if not length:
            return _text(labels), start + 1 if end is None else end
        size += length + 1
        if start + 1 + length > len(data) or size > _LONGEST_NAME:
            raise WireError("a DNS name is cut off or too long")
        labels.append(data[start + 1 : start + 1 + length])
        start += 1 + length
    raise WireError("a DNS name without end")


def _jump(data: bytes, start: int, lowest: int) -> int:
    if start + 2 > len(data):
        raise WireError("a DNS pointer is cut off")
    target = int(struct.unpack_from("!H", data, start)[0]) & 0x3FFF
    if target >= lowest or target < 12:
        raise WireError("a DNS pointer that does not lead backwards")
    return target


def _text(labels: list[bytes]) -> str:
    return ".".join(label.decode("utf-8", "replace") for label in labels)
