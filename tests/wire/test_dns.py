"""Reverse look-ups: one question out, names back, whatever comes."""

from __future__ import annotations

import contextlib
import struct
import time

import pytest

from iotsweep.wire.dns import decode_answer, encode_ptr_query
from iotsweep.wire.error import WireError

_QUERY = encode_ptr_query("192.168.1.17", 0x1234)


def make_answer(records: list[bytes], flags: int = 0x8180, count: int | None = None) -> bytes:
    head = struct.pack("!6H", 0x1234, flags, 1, len(records) if count is None else count, 0, 0)
    return head + _QUERY[12:] + b"".join(records)


def record(data: bytes, kind: int = 12, length: int | None = None) -> bytes:
    return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data) if length is None else length) + data


def test_a_query_asks_for_one_reverse_name() -> None:
    assert _QUERY[:12] == b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    assert _QUERY[12:] == b"\x0217\x011\x03168\x03192\x07in-addr\x04arpa\x00\x00\x0c\x00\x01"


def test_the_names_of_an_answer_are_read_with_pointers() -> None:
    answer = decode_answer(make_answer([record(b"\x06camera\x03lan\x00"), record(b"\x03two\xc0\x21")]))
    assert (answer.id, answer.code, answer.truncated) == (0x1234, 0, False)
    assert answer.question == "17.1.168.192.in-addr.arpa"
    assert answer.names == ("camera.lan", "two.arpa")


def test_other_records_are_passed_over() -> None:
    assert decode_answer(make_answer([record(b"\x01\x02\x03\x04", kind=1), record(b"\x01x\x00")])).names == ("x",)


def test_a_name_that_does_not_exist_has_its_code() -> None:
    answer = decode_answer(make_answer([], flags=0x8183))
    assert (answer.code, answer.names) == (3, ())


def test_a_truncated_answer_keeps_what_is_whole() -> None:
    data = make_answer([record(b"\x01x\x00"), record(b"\x01y\x00", length=500)], flags=0x8380)
    assert decode_answer(data).names == ("x",)
    with pytest.raises(WireError):
        decode_answer(make_answer([record(b"\x01x\x00"), record(b"\x01y\x00", length=500)]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        _QUERY,  # a query, no answer
        make_answer([record(b"\xc0\x38")]),  # a pointer to itself
        make_answer([record(b"\x01x\xc0\x38")]),
        make_answer([record(b"\xc0\x02")]),  # into the header
        make_answer([record(b"\xc0")]),
        make_answer([record(b"\x3fabc")]),
        make_answer([record(b"\x80abc\x00")]),
        make_answer([record((b"\x3f" + b"a" * 63) * 5 + b"\x00")]),
        make_answer([], count=3),
        make_answer([], count=9999),
        b"\x12\x34\x81\x80\x00\x09" + bytes(60),
        b"\x00" * 70000,
    ],
)
def test_what_is_malformed_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_answer(data)


def test_a_message_full_of_pointers_is_read_in_no_time() -> None:
    chain = b"".join(struct.pack("!H", 0xC000 | max(12, 36 + 2 * n)) for n in range(8000))
    start = time.process_time()
    with contextlib.suppress(WireError):
        decode_answer(make_answer([record(chain)] * 1 + [record(b"\xc1\x00")] * 60))
    assert time.process_time() - start < 1
