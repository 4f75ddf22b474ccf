"""TP-Link discovery replies."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from iotsweep.practice.home import PracticeDevice, Truth, Vendor
from iotsweep.practice.responders.vendors import listeners
from iotsweep.wire import aes, rsa, tapo
from iotsweep.wire.error import WireError

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


def say(
    inside: Mapping[str, object],
    key: str = "",
    secret: bytes = b"k" * 16 + b"i" * 16,
    beside: Mapping[str, object] = MappingProxyType({"device_type": "SMART.IPCAMERA"}),
) -> bytes:
    """A camera's answer, its veiled part encrypted for `key` as python-kasa reads it."""
    locked = rsa.encrypt(rsa.read_public(key or tapo.KEY_PAIR.write_public()), secret, b"seed" * 5)
    veiled = aes.encrypt_cbc(secret[:16], secret[16:32].ljust(16, b"-"), json.dumps(dict(inside)).encode())
    parts = {"sym_schm": "AES", "key": base64.b64encode(locked).decode(), "data": base64.b64encode(veiled).decode()}
    return _frame({**beside, "encrypt_info": parts})


def _frame(result: dict[str, object]) -> bytes:
    body = json.dumps({"error_code": 0, "result": result}).encode()
    return struct.pack("!BBHHBBII", 2, 0, 1, len(body), 0x11, 0, 0, zlib.crc32(body)) + body


def test_a_practice_camera_encrypts_for_the_key_of_the_question_and_the_answer_is_read() -> None:
    vendor = Vendor("tapo", name="SMART.IPCAMERA", model="C210")
    camera = PracticeDevice("desk", Truth(), "192.168.1.31", "9c:a2:f4:31:31:01", vendors=(vendor,))
    asked = tapo.encode_question(with_key=True)
    (reply,) = next(iter(listeners(camera))).answer(asked, ("192.168.1.90", 50000))
    assert b"Practice Flat" not in reply.data, "a camera veils this part"
    facts = tapo.decode_reply(reply.data)
    assert facts["tapo.connect_ssid"] == "Practice Flat"
    assert facts["tapo.connect_type"] == "wireless"
    assert facts["tapo.owner"] == "0123456789ABCDEF0123456789ABCDEF"
    assert facts["tapo.last_alarm_time"] == "1795330800"
    assert facts["tapo.last_alarm_type"] == "motion"
    assert facts["tapo.sd_status"] == "normal"
    assert set(facts) <= set(tapo.KEYS)


def test_an_alarm_that_never_was_is_not_told() -> None:
    assert "tapo.last_alarm_time" not in tapo.decode_reply(say({"last_alarm_time": "0", "sd_status": "offline"}))
    assert tapo.decode_reply(say({"last_alarm_time": "0", "sd_status": "offline"}))["tapo.sd_status"] == "offline"


def test_what_was_encrypted_for_somebody_else_costs_nothing_of_the_rest() -> None:
    other = rsa.KeyPair((*tapo.KEY_PAIR.primes[:3], 2**511 + 111)).write_public()  # nobody can read what it locks
    assert tapo.decode_reply(say({"owner": "x"}, key=other)) == {"tapo.device_type": "SMART.IPCAMERA"}


@pytest.mark.parametrize(
    "veiled",
    [
        None,
        "x",
        {"key": "", "data": ""},
        {"key": "?", "data": "?"},
        {"key": 5, "data": []},
        {"key": "A" * 344, "data": "A" * 64},
        {"key": "/" * 342 + "==", "data": "A" * 64},
        {"key": "A" * 30_000, "data": "A" * 30_000},
    ],
)
def test_a_veiled_part_that_is_none_costs_nothing_of_the_rest(veiled: object) -> None:
    reply = _frame({"device_type": "SMART.IPCAMERA", "encrypt_info": veiled})
    assert tapo.decode_reply(reply) == {"tapo.device_type": "SMART.IPCAMERA"}


@pytest.mark.parametrize("secret", [b"", b"short", b"k" * 16, b"k" * 40])
def test_an_aes_key_of_another_size_costs_nothing_of_the_rest(secret: bytes) -> None:
    locked = rsa.encrypt(tapo.KEY_PAIR.modulus, secret, b"seed" * 5)
    parts = {"key": base64.b64encode(locked).decode(), "data": base64.b64encode(bytes(32)).decode()}
    assert tapo.decode_reply(_frame({"device_type": "X", "encrypt_info": parts})) == {"tapo.device_type": "X"}


@pytest.mark.parametrize("data", [b"", bytes(40), b"\x02" + bytes(15) + b"{}", tapo.QUESTIONS[1]])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        tapo.decode_reply(data)
