"""ARP frames out and in."""

from __future__ import annotations

import pytest

from iotsweep.wire.arp import REQUEST, decode_arp, encode_request
from iotsweep.wire.error import WireError

_MAC, _IP = "02:00:00:00:00:05", "10.77.0.5"


def test_a_request_is_a_broadcast_of_42_bytes_that_reads_back() -> None:
    frame = encode_request(_MAC, _IP, "10.77.0.9")
    assert frame.hex() == (
        "ffffffffffff020000000005" + "0806" + "0001080006040001" + "0200000000050a4d0005" + "0000000000000a4d0009"
    )
    arp = decode_arp(frame)
    assert (arp.operation, arp.mac, arp.ip, arp.target_ip) == (REQUEST, _MAC, _IP, "10.77.0.9")
    assert arp.speaks_for_itself


def test_padding_and_vlan_tags_do_not_matter() -> None:
    frame = encode_request(_MAC, _IP, "10.77.0.9")
    assert decode_arp(frame + bytes(18)) == decode_arp(frame)
    assert decode_arp(frame[:12] + b"\x81\x00\x00\x07" + frame[12:]) == decode_arp(frame)


@pytest.mark.parametrize(("mac", "ip"), [(_MAC, "0.0.0.0"), ("ff:ff:ff:ff:ff:ff", _IP), ("00:00:00:00:00:00", _IP)])
def test_an_address_probe_or_a_group_mac_claims_nothing(mac: str, ip: str) -> None:
    assert not decode_arp(encode_request(mac, ip, "10.77.0.9")).speaks_for_itself


@pytest.mark.parametrize(
    ("mac", "ip"), [("02:00:00:00:00", _IP), ("zz:00:00:00:00:00", _IP), (_MAC, "10.77.0"), ("", _IP)]
)
def test_what_is_no_address_is_refused(mac: str, ip: str) -> None:
    with pytest.raises(WireError):
        encode_request(mac, ip, "10.77.0.9")


@pytest.mark.parametrize("size", [0, 13, 14, 30, 41])
def test_a_cut_off_frame_is_refused(size: int) -> None:
    with pytest.raises(WireError):
        decode_arp(encode_request(_MAC, _IP, "10.77.0.9")[:size])


def test_arp_for_something_else_is_refused() -> None:
    frame = bytearray(encode_request(_MAC, _IP, "10.77.0.9"))
    frame[18] = 8
    with pytest.raises(WireError):
        decode_arp(bytes(frame))
