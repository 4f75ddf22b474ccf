"""Who speaks in an IPv6 packet to a group, and questions as ready-made packets."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.heard_ipv6 import find_speaker
from iotsweep.wire.ip import read_ipv6
from iotsweep.wire.mdns import PTR, decode_message
from iotsweep.wire.mdns_question import encode_questions
from iotsweep.wire.mdns_types import TYPES
from tests.probes.unasked import SENSOR, ipv6, solicitation

SOURCE = "fe80::aa:ff:fe00:4"


def speaker(frame: bytes) -> str:
    return find_speaker(frame, read_ipv6(frame, 14, len(frame)))


def test_the_sender_speaks() -> None:
    assert speaker(ipv6(SENSOR, SOURCE, "ff02::16", 58, bytes([143]) + bytes(30))) == SOURCE


def test_who_is_about_to_take_an_address_is_named_by_it() -> None:
    assert speaker(solicitation(SENSOR, "::", SOURCE)) == SOURCE


def test_who_asks_for_another_is_not_named_by_it() -> None:
    assert speaker(solicitation(SENSOR, SOURCE, "fe80::99")) == SOURCE


@pytest.mark.parametrize(("source", "target"), [(SOURCE, "ff0e::1"), (SOURCE, "fe80::1"), ("::", "ff02::1")])
def test_what_may_come_from_elsewhere_or_from_nobody_names_nobody(source: str, target: str) -> None:
    with pytest.raises(WireError):
        speaker(ipv6(SENSOR, source, target, 17, bytes(8)))


def test_questions_read_back_as_they_were_asked() -> None:
    packets = encode_questions(TYPES)
    asked = [question for packet in packets for question in decode_message(packet).questions]
    assert [question.name for question in asked] == list(TYPES)
    assert {question.type for question in asked} == {PTR}
    assert all(len(packet) < 1400 for packet in packets)
