"""Kasa replies: JSON under an autokey XOR."""

from __future__ import annotations

import pytest

from iotsweep.wire import kasa
from iotsweep.wire.error import WireError

CAMERA = kasa.encode(
    b'{"system":{"get_sysinfo":{"err_code":0,"system":{"alias":"Hall","bind_status":false,"camera_switch":"on",'
    b'"dev_name":"Kasa Spot, 24/7 Recording","deviceId":"00","hw_ver":"4.0","latitude":51.5,'
    b'"mic_mac":"000000000001"}}}}'
)
PLUG = kasa.encode(
    b'{"system":{"get_sysinfo":{"model":"HS110(EU)","mac":"50:C7:BF:00:00:01","type":"IOT.SMARTPLUGSWITCH",'
    b'"alias":"Lamp","latitude_i":515000,"longitude_i":-1000,"sw_ver":"1.2.6","relay_state":1}}}'
)


def test_the_question_is_the_datagram_that_the_app_sends() -> None:
    assert kasa.QUESTION.hex() == "d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6"


def test_a_camera_nests_its_facts_once_more() -> None:
    assert kasa.decode_reply(CAMERA) == {
        "kasa.alias": "Hall",
        "kasa.dev_name": "Kasa Spot, 24/7 Recording",
        "kasa.hw_ver": "4.0",
        "kasa.camera_switch": "on",
        "kasa.bind_status": "false",
        "kasa.mac": "00:00:00:00:00:01",
    }


def test_where_a_plug_stands_on_the_map_is_never_kept() -> None:
    facts = kasa.decode_reply(PLUG)
    assert facts["kasa.model"] == "HS110(EU)"
    assert facts["kasa.type"] == "IOT.SMARTPLUGSWITCH"
    assert set(facts) <= set(kasa.KEYS)
    assert not any("515" in value or "-1000" in value for value in facts.values())


@pytest.mark.parametrize("data", [b"", b"x", kasa.encode(b"{}"), kasa.encode(b'{"system":{"get_sysinfo":{}}}')])
def test_what_tells_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        kasa.decode_reply(data)
