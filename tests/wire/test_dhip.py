"""Dahua DHIP replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import dhip
from iotsweep.wire.error import WireError

HEADER = bytes.fromhex("20000000444849500000000000000000a502000000000000a502000000000000")
GOOD = HEADER + (
    b'{"mac":"00:1f:54:a9:2e:58","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceClass":"IPC",'
    b'"DeviceType":"W461ASC","HttpPort":80,"MachineName":"Porch","Port":37777,"SerialNo":"1","Vendor":"Lorex",'
    b'"Version":"2.800","IPv4Address":{"IPAddress":"192.168.1.9"}}}}\n'
)
BROKEN = HEADER + (
    b'{ "mac" : "00:11:22:33:44:55", "params" : { "deviceInfo" : { "DeviceType" : "Virtual (JSON)", "Version" : '
    b'"1.0000, "VideoInputChannels" : 1, "Vendor" : "General" } } }'
)


def test_the_question_is_the_search_of_dahuas_own_tool() -> None:
    asked = dhip.encode_question()
    assert asked[:32].hex() == "200000004448495000000000000000003a000000000000003a00000000000000"
    assert asked[32:] == b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}'


def test_a_camera_gives_type_vendor_and_mac() -> None:
    facts = dhip.decode_reply(GOOD)
    assert facts["dhip.device_type"] == "W461ASC"
    assert facts["dhip.vendor"] == "Lorex"
    assert facts["dhip.mac"] == "00:1f:54:a9:2e:58"


def test_json_with_a_missing_quote_still_gives_what_it_holds() -> None:
    assert dhip.decode_reply(BROKEN) == {
        "dhip.device_type": "Virtual (JSON)",
        "dhip.version": "1.0000",
        "dhip.video_input_channels": "1",
        "dhip.vendor": "General",
        "dhip.mac": "00:11:22:33:44:55",
    }


@pytest.mark.parametrize("data", [b"", HEADER, dhip.encode_question(), HEADER + b"deviceInfo"])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        dhip.decode_reply(data)
