"""LIFX replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import lifx
from iotsweep.wire.error import WireError

REPLY = bytes.fromhex("2900001402000000d073d50000010000000000000000000000000000000000000300000001") + (56700).to_bytes(
    4, "little"
)


def test_a_lamp_gives_its_mac_and_service() -> None:
    assert lifx.decode_reply(REPLY) == {"lifx.mac": "d0:73:d5:00:00:01", "lifx.service": "1", "lifx.port": "56700"}


@pytest.mark.parametrize("data", [b"", lifx.QUESTION, REPLY[:40], lifx.QUESTION + bytes(5)])
def test_a_question_or_a_piece_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        lifx.decode_reply(data)
