"""Hikvision SADP replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import sadp
from iotsweep.wire.error import WireError

REPLY = b"""<?xml version="1.0" encoding="UTF-8"?>
<ProbeMatch><Uuid>1</Uuid><Types>inquiry</Types><DeviceType>123456</DeviceType>
<DeviceDescription>DS-2CD2320D-I</DeviceDescription><DeviceSN>DS-2CD2320D-I20180919AACHC52932642</DeviceSN>
<CommandPort>8000</CommandPort><HttpPort>80</HttpPort><MAC>44-47-cc-37-ce-81</MAC>
<IPv4Address>192.168.1.64</IPv4Address><SoftwareVersion>V5.5.6build 180326</SoftwareVersion>
<Activated>true</Activated><Salt>secret</Salt><PasswordResetAbility>flase</PasswordResetAbility></ProbeMatch>
"""


def test_a_camera_gives_model_serial_and_mac() -> None:
    facts = sadp.decode_reply(REPLY)
    assert facts["sadp.device_description"] == "DS-2CD2320D-I"
    assert facts["sadp.mac"] == "44:47:cc:37:ce:81"
    assert facts["sadp.activated"] == "true"
    assert set(facts) <= set(sadp.KEYS)


def test_salt_and_password_fields_are_never_kept() -> None:
    assert not any("secret" in value or "flase" in value for value in sadp.decode_reply(REPLY).values())


def test_an_unasked_greeting_counts_too() -> None:
    hello = REPLY.replace(b"ProbeMatch>", b"Hello>")
    assert sadp.decode_reply(hello)["sadp.mac"] == "44:47:cc:37:ce:81"


@pytest.mark.parametrize("data", [b"", sadp.encode_question("1"), b"<ProbeMatch/>", b"<!DOCTYPE a><ProbeMatch/>"])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        sadp.decode_reply(data)


def test_only_an_inquiry_is_ever_written() -> None:
    assert b"<Types>inquiry</Types>" in sadp.encode_question("1")
