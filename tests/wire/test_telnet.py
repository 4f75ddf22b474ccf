"""What a telnet server says before anyone answers it."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.telnet import decode_telnet


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xfd\x01\xff\xfb\x03\r\n(none) login: ", "(none) login:"),
        (b"\xff\xfa\x18\x01\xff\xf0BusyBox", "BusyBox"),
        (b"a\xff\xffb", "a\ufffdb"),
        (b"\x1b[2J\x1b[1;31mRouter\x1b[0m\x00", "Router"),
        (b"\xff\xfd\x18\xff\xfd ", ""),
        (b"cut \xff", "cut"),
        (b"cut \xff\xfa\x18abc", "cut"),
    ],
)
def test_negotiation_is_taken_out(data: bytes, text: str) -> None:
    assert decode_telnet(data) == text


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x03\x04\x05\x06\x07", b"\x80\x01\x00\x04\x02\x05"])
def test_what_is_neither_text_nor_negotiation_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_telnet(data)
