"""Ubiquiti discovery replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import ubiquiti
from iotsweep.wire.error import WireError

REPLY = bytes.fromhex(
    "0206002f02000a001122334455c0a801090b000455424e540c00075649525455414c03000231311700010014000247331300061122"
)


def test_fields_are_read_by_their_type() -> None:
    assert ubiquiti.decode_reply(REPLY) == {
        "ubiquiti.mac": "00:11:22:33:44:55",
        "ubiquiti.hostname": "UBNT",
        "ubiquiti.platform": "VIRTUAL",
        "ubiquiti.firmware": "11",
        "ubiquiti.managed": "true",
        "ubiquiti.model": "G3",
    }


@pytest.mark.parametrize("data", [b"", ubiquiti.QUESTION_V1, ubiquiti.QUESTION_V2, REPLY[:4], b"\x03" + REPLY[1:]])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        ubiquiti.decode_reply(data)
