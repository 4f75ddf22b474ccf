"""Multicast DNS questions as packets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iotsweep.wire.mdns import AAAA, PTR, SRV, Question, decode_message
from iotsweep.wire.mdns_question import encode_asks, encode_questions
from iotsweep.wire.mdns_types import TYPES

LONG = ("x" * 63, "y" * 63, "z" * 63, "local")


def test_every_type_is_asked_once_in_few_packets_that_hold_questions_only() -> None:
    packets = encode_questions(TYPES)
    messages = [decode_message(packet) for packet in packets]
    assert [q for message in messages for q in message.questions] == [Question(name, PTR) for name in TYPES]
    assert not any(message.response or message.records for message in messages)
    assert len(packets) <= 3


def test_dots_spaces_and_letters_of_any_language_are_asked_for_as_they_are() -> None:
    name = ("Dr. Köhler's v1.2 cam", "_hap", "_tcp", "local")
    (packet,) = encode_asks([(name, SRV), (name, AAAA)])
    assert decode_message(packet).questions == (Question(name, SRV), Question(name, AAAA))


def test_no_packet_is_longer_than_every_link_of_ipv6_carries() -> None:
    packets = encode_asks([(LONG, PTR)] * 30)
    assert max(map(len, packets)) <= 1232
    assert sum(len(decode_message(packet).questions) for packet in packets) == 30


@given(st.lists(st.lists(st.text(max_size=70), max_size=6).map(tuple), max_size=8))
def test_a_name_that_dns_cannot_spell_is_left_out_and_the_others_are_asked(names: list[tuple[str, ...]]) -> None:
    asked = [q.name for packet in encode_questions(names) for q in decode_message(packet).questions]
    good = [name for name in names if name and all(0 < len(label.encode()) < 64 for label in name)]
    assert asked == [name for name in good if sum(len(label.encode()) + 1 for label in name) < 255]


def test_nothing_to_ask_is_no_packet() -> None:
    assert encode_asks([((), PTR), (("é" * 32, "local"), PTR)]) == ()
