"""VStarcam answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import vstarcam
from iotsweep.wire.error import WireError


def _reply() -> bytes:
    data = bytearray(0x132)
    places = {0: b"DH\x01\x08", 4: b"192.168.1.7", 0x54: bytes.fromhex("112233445566"), 0x5A: b"\x90\x1f"}
    places |= {0x5C: b"VSTA123456ABCDE", 0x7C: b"IPCAM", 0xCC: b"1.0", 0xEC: b"admin", 0x10C: b"hunter2"}
    for place, value in places.items():
        data[place : place + len(value)] = value
    return bytes(data)


REPLY = _reply()


def test_a_camera_gives_its_uid_and_never_a_login() -> None:
    facts = vstarcam.decode_reply(REPLY)
    assert facts == {
        "vstarcam.ip": "192.168.1.7",
        "vstarcam.mac": "11:22:33:44:55:66",
        "vstarcam.port": "8080",
        "vstarcam.uid": "VSTA123456ABCDE",
        "vstarcam.name": "IPCAM",
        "vstarcam.firmware": "1.0",
    }


@pytest.mark.parametrize("data", [b"", vstarcam.QUESTION, REPLY[:0x40]])
def test_a_question_or_a_piece_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        vstarcam.decode_reply(data)
