"""The line by which an SSH server names itself."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.ssh import decode_ssh, is_complete


@pytest.mark.parametrize(
    "data",
    [b"SSH-2.0-dropbear_2022.83\r\n\x00\x00", b"Welcome\r\nSSH-2.0-dropbear_2022.83\n", b"SSH-2.0-dropbear_2022.83"],
)
def test_the_identification_is_found(data: bytes) -> None:
    assert decode_ssh(data) == "SSH-2.0-dropbear_2022.83"
    assert is_complete(data) == (b"\n" in data[10:])


@pytest.mark.parametrize("data", [b"", b"220 FTP\r\n", b"xSSH-2.0\n"])
def test_what_is_no_identification_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_ssh(data)
