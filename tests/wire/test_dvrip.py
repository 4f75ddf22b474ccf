"""Xiongmai search answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import dvrip
from iotsweep.wire.error import WireError

BODY = (
    b'{"NetWork.NetCommon":{"HostIP":"0x6D0BA8C0","MAC":"00:12:31:08:bb:97","SN":"41e6853ada5e9323","TCPPort":34567,'
    b'"SSLPort":8443,"UDPPort":34568,"OtherFunction":"D=2019-02-28 17:30:58 V=92a9902100ec7c4"},"Ret":100}'
)
REPLY = bytes.fromhex("ff00000000000000000000000000fb05") + len(BODY).to_bytes(4, "little") + BODY + b"\n\0"


def test_a_recorder_gives_serial_mac_and_its_little_endian_address() -> None:
    facts = dvrip.decode_reply(REPLY)
    assert facts["dvrip.host_ip"] == "192.168.11.109"
    assert facts["dvrip.mac"] == "00:12:31:08:bb:97"
    assert facts["dvrip.tcp_port"] == "34567"
    assert set(facts) <= set(dvrip.KEYS)


@pytest.mark.parametrize("data", [b"", dvrip.QUESTION, REPLY[:30], REPLY[:20] + b"{}"])
def test_a_question_or_a_piece_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        dvrip.decode_reply(data)
