"""Tuya broadcasts."""

from __future__ import annotations

import pytest

from iotsweep.wire import tuya
from iotsweep.wire.error import WireError

BODY = b'{"ip":"10.2.1.98","gwId":"bf90","active":2,"productKey":"3bhylhz5zhogklel","version":"3.1"}'
HEADER = bytes.fromhex("000055aa000000000000001300000000")
PLAIN = HEADER + bytes(4) + BODY + bytes(4) + bytes.fromhex("0000aa55")
ENCRYPTED = HEADER + bytes(4) + bytes(range(128, 192)) + bytes(4) + bytes.fromhex("0000aa55")
NEWER = bytes.fromhex("00006699") + bytes(40) + bytes.fromhex("00009966")


def test_a_plain_broadcast_tells_its_product_key() -> None:
    assert tuya.decode_broadcast(PLAIN) == {
        "tuya.announced": "plain",
        "tuya.version": "3.1",
        "tuya.product_key": "3bhylhz5zhogklel",
        "tuya.gw_id": "bf90",
    }


def test_an_encrypted_broadcast_is_noted_and_not_opened() -> None:
    assert tuya.decode_broadcast(ENCRYPTED) == {"tuya.announced": "encrypted"}
    assert tuya.decode_broadcast(NEWER) == {"tuya.announced": "encrypted", "tuya.version": "3.5"}


@pytest.mark.parametrize("data", [b"", PLAIN[:-4], bytes(64)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        tuya.decode_broadcast(data)
