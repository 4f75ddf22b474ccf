"""TP-Link discovery replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import tapo
from iotsweep.wire.error import WireError
from tests.wire.fuzz import never_raises_but_wire_error

CAMERA = (
    b"\x02"
    + bytes(15)
    + (
        b'{"error_code":0,"result":{"device_id":"d","device_model":"C210","device_type":"SMART.IPCAMERA",'
        b'"factory_default":false,"firmware_version":"1.4.7 Build 250625 Rel.58841n","hardware_version":"1.0",'
        b'"ip":"127.0.0.123","mac":"9C-A2-F4-00-00-00","mgt_encrypt_schm":{"http_port":443,"encrypt_type":"AES"},'
        b'"owner":"0000","connect_ssid":"Home","encrypt_info":{"data":"x"}}}'
    )
)


def test_the_short_question_carries_the_published_checksum() -> None:
    assert tapo.QUESTIONS[0].hex() == "020000010000000000000000463cb5d3"


def test_the_long_question_carries_a_public_key_because_cameras_want_one() -> None:
    assert b"BEGIN PUBLIC KEY" in tapo.QUESTIONS[1]
    assert int.from_bytes(tapo.QUESTIONS[1][4:6], "big") == len(tapo.QUESTIONS[1]) - 16
    assert tapo.QUESTIONS[1] == tapo.encode_question(with_key=True)


def test_a_camera_says_that_it_is_one() -> None:
    assert tapo.decode_reply(CAMERA) == {
        "tapo.device_type": "SMART.IPCAMERA",
        "tapo.device_model": "C210",
        "tapo.firmware_version": "1.4.7 Build 250625 Rel.58841n",
        "tapo.hardware_version": "1.0",
        "tapo.factory_default": "false",
        "tapo.owner": "0000",
        "tapo.encrypt_type": "AES",
        "tapo.http_port": "443",
        "tapo.mac": "9c:a2:f4:00:00:00",
    }


@pytest.mark.parametrize("data", [b"", bytes(40), b"\x02" + bytes(15) + b"{}", tapo.QUESTIONS[1]])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        tapo.decode_reply(data)


def test_noise_never_does_more_than_be_refused() -> None:
    never_raises_but_wire_error(tapo.decode_reply, CAMERA)
