"""The greeting of an FTP server."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.ftp import decode_ftp, is_complete


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"220 (vsFTPd 3.0.3)\r\n", "(vsFTPd 3.0.3)"),
        (b"220-Welcome\r\n220-  to it\r\n220 NAS ready\r\n", "Welcome to it NAS ready"),
        (b"220-Welcome\r\n plain line\r\n220 ready\r\n", "Welcome plain line ready"),
        (b"421 Too many users\r\n", "Too many users"),
        (b"220 cut o", "cut o"),
    ],
)
def test_the_text_is_given_without_its_codes(data: bytes, text: str) -> None:
    assert decode_ftp(data) == text


def test_reading_stops_at_the_last_line() -> None:
    assert is_complete(b"220-Welcome\r\n220 ready\r\n")
    assert not is_complete(b"220-Welcome\r\n")
    assert is_complete(b"A" * 5000)


@pytest.mark.parametrize("data", [b"", b"SSH-2.0-x\r\n", b"22 x\r\n", b"220x"])
def test_what_is_no_greeting_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_ftp(data)
