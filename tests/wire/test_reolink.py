"""Reolink answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import reolink
from iotsweep.wire.error import WireError


def _reply() -> bytes:
    data = bytearray(388)
    data[164:181] = b"EC:71:DB:00:00:01"
    data[196:204] = b"RLC-410W"
    data[260:270] = b"access-key"
    return bytes(data)


REPLY = _reply()


def test_a_camera_gives_mac_and_model_and_never_its_key() -> None:
    assert reolink.decode_reply(REPLY) == {"reolink.mac": "ec:71:db:00:00:01", "reolink.model": "RLC-410W"}


@pytest.mark.parametrize("data", [b"", reolink.QUESTION, REPLY[:-1], bytes(388)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        reolink.decode_reply(data)
