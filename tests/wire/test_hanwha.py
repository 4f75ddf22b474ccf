"""Hanwha answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import hanwha
from iotsweep.wire.error import WireError
from tests.wire.fuzz import never_raises_but_wire_error


def _reply() -> bytes:
    data = bytearray(262)
    places = {
        0: b"\x0b",
        0x13: b"00:11:22:33:44:55",
        0x25: b"192.168.1.8",
        0x6D: b"XNV-6080",
        0x85: b"http://192.168.1.8/",
    }
    for place, value in places.items():
        data[place : place + len(value)] = value
    return bytes(data)


def test_a_camera_gives_its_model_and_mac() -> None:
    assert hanwha.decode_reply(_reply()) == {
        "hanwha.mac": "00:11:22:33:44:55",
        "hanwha.ip": "192.168.1.8",
        "hanwha.model": "XNV-6080",
        "hanwha.url": "http://192.168.1.8/",
    }


@pytest.mark.parametrize("data", [b"", hanwha.QUESTION, _reply()[:30], b"\x0b" + bytes(261)])
def test_a_question_or_nothing_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        hanwha.decode_reply(data)


def test_noise_never_does_more_than_be_refused() -> None:
    never_raises_but_wire_error(hanwha.decode_reply, _reply())
