"""Where a sent frame went."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.network.frames import describe_frame

_MACS = bytes(range(12))
_V4 = bytes.fromhex("45000020000000004011 0000 0a4d0005 0a4d0009".replace(" ", ""))
_V6 = bytes.fromhex("6000000000001101") + bytes(16) + bytes.fromhex("fe80" + "00" * 13 + "09")
_PORTS = struct.pack("!HH", 5353, 1900)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (_MACS + b"\x08\x00" + _V4 + _PORTS, ("10.77.0.9", "udp", 1900, 5353)),
        (_MACS + b"\x81\x00\x00\x05\x08\x00" + _V4 + _PORTS, ("10.77.0.9", "udp", 1900, 5353)),
        (_MACS + b"\x08\x00" + _V4[:6] + b"\x00\x10" + _V4[8:] + _PORTS, ("10.77.0.9", "udp", None, None)),
        (_MACS + b"\x08\x00" + _V4[:9] + b"\x01" + _V4[10:], ("10.77.0.9", "icmp", None, None)),
        (_MACS + b"\x08\x00" + _V4[:9] + b"\x84" + _V4[10:], ("10.77.0.9", "ip-132", None, None)),
        (_MACS + b"\x86\xdd" + _V6 + _PORTS, ("fe80::9", "udp", 1900, 5353)),
        (_MACS + b"\x86\xdd" + _V6[:6] + b"\x00" + _V6[7:] + b"\x3a\x00" + bytes(6), ("fe80::9", "icmp6", None, None)),
        (_MACS + b"\x08\x06" + bytes(24) + b"\x0a\x4d\x00\x09", ("10.77.0.9", "arp", None, None)),
        (_MACS + b"\x88\xcc" + bytes(8), ("00:01:02:03:04:05", "ethernet-88cc", None, None)),
    ],
)
def test_place_and_ports_are_read(frame: bytes, expected: tuple[str, str, int | None, int | None]) -> None:
    assert describe_frame(frame) == expected


@given(st.binary(max_size=120), st.sampled_from([b"\x08\x00", b"\x86\xdd", b"\x08\x06", b"\x81\x00"]))
def test_no_frame_is_a_crash(body: bytes, kind: bytes) -> None:
    describe_frame(body)
    describe_frame(_MACS + kind + body)
