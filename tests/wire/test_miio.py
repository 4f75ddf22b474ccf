"""Xiaomi hello replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import miio
from iotsweep.wire.error import WireError

REPLIES = (
    bytes.fromhex("21310020000000000f85ca0b5f183c88ffffffffffffffffffffffffffffffff"),
    bytes.fromhex("2131002000000000037439e600013e6a00000000000000000000000000000000"),
)


@pytest.mark.parametrize(("reply", "device"), [(REPLIES[0], "260426251"), (REPLIES[1], "57948646")])
def test_the_device_id_is_read(reply: bytes, device: str) -> None:
    assert miio.decode_reply(reply) == {"miio.device_id": device}


def test_the_control_token_is_never_read() -> None:
    token = bytes(range(65, 81))
    assert miio.decode_reply(REPLIES[0][:16] + token) == miio.decode_reply(REPLIES[0])


def test_another_programs_question_is_no_reply() -> None:
    with pytest.raises(WireError):
        miio.decode_reply(miio.QUESTION)
