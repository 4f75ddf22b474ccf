"""Hanwha answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import hanwha
from iotsweep.wire.error import WireError


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


REPLY = _reply()


def test_a_camera_gives_its_model_and_mac() -> None:
    assert hanwha.decode_reply(REPLY) == {
        "hanwha.mac": "00:11:22:33:44:55",
        "hanwha.ip": "192.168.1.8",
        "hanwha.model": "XNV-6080",
        "hanwha.url": "http://192.168.1.8/",
    }


@pytest.mark.parametrize("data", [b"", hanwha.QUESTION, REPLY[:30], b"\x0b" + bytes(261)])
def test_a_question_or_nothing_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        hanwha.decode_reply(data)
