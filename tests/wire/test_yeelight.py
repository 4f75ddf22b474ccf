"""Yeelight replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import yeelight
from iotsweep.wire.error import WireError

REPLY = (
    b"HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nLocation: yeelight://10.0.7.184:55443\r\n"
    b"Server: POSIX UPnP/1.0 YGLC/1\r\nid: 0x00000000037073d2\r\nmodel: color\r\nfw_ver: 76\r\npower: on\r\n"
)


def test_a_lamp_gives_model_and_id_and_not_whether_it_is_lit() -> None:
    assert yeelight.decode_reply(REPLY) == {
        "yeelight.id": "0x00000000037073d2",
        "yeelight.model": "color",
        "yeelight.fw_ver": "76",
        "yeelight.location": "yeelight://10.0.7.184:55443",
    }


@pytest.mark.parametrize("data", [b"", yeelight.QUESTION, b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n"])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        yeelight.decode_reply(data)
