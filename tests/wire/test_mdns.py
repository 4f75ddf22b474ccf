"""Multicast DNS messages."""

from __future__ import annotations

import struct

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.mdns import PTR, SRV, TXT, A, decode_message
from tests.wire import mdns_packets as packets


def test_every_record_of_a_response_is_read() -> None:
    message = decode_message(packets.printer())
    assert message.response
    by_type = {record.type: record for record in message.records}
    assert by_type[PTR].target == packets.PRINTER
    assert (by_type[SRV].target, by_type[SRV].port) == (packets.PRINTER_HOST, 631)
    assert by_type[TXT].pairs == (("TY", "Brother HL"), ("flag", ""))
    assert by_type[A].address == "192.168.50.20"


def test_a_question_is_no_response() -> None:
    message = decode_message(packets.query(packets.IPP))
    assert not message.response
    assert [question.name for question in message.questions] == [packets.IPP]


def test_compressed_names_are_followed_backwards() -> None:
    data = packets.response(packets.address(("a", "local"), "10.0.0.1"))
    pointed = data[:6] + b"\0\2" + data[8:] + b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 9, 4) + bytes([10, 0, 0, 2])
    assert [record.name for record in decode_message(pointed).records] == [("a", "local")] * 2


def test_a_name_that_points_at_itself_ends() -> None:
    with pytest.raises(WireError):
        decode_message(struct.pack("!6H", 0, packets.RESPONSE, 0, 1, 0, 0) + b"\xc0\x0c" + bytes(10))


def test_what_came_before_a_cut_is_kept() -> None:
    message = decode_message(packets.printer()[:-20])
    assert {record.type for record in message.records} == {PTR, SRV, TXT, A}


@pytest.mark.parametrize("data", [b"", bytes(11)])
def test_too_short_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_message(data)
