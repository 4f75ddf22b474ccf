"""V380 answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import v380
from iotsweep.wire.error import WireError

REPLY = b"NVDEVRESULT^1^AA:BB:CC:DD:EE:FF^192.168.1.50^x^x^x^x^x^x^x^x^95886601"


def test_a_camera_gives_its_id_as_on_the_label() -> None:
    assert v380.decode_reply(REPLY) == {
        "v380.mac": "aa:bb:cc:dd:ee:ff",
        "v380.ip": "192.168.1.50",
        "v380.device_id": "95886601",
    }


@pytest.mark.parametrize("data", [b"", v380.QUESTION, REPLY[:40]])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        v380.decode_reply(data)
