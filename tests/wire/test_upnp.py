"""UPnP device descriptions."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.upnp import decode_description, to_facts

ROUTER = b"""<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>Router & more</friendlyName>
<manufacturer>AVM</manufacturer><modelName>FRITZ!Box</modelName><modelNumber>7590</modelNumber><UDN>uuid:1</UDN>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><manufacturer>AVM</manufacturer>
<modelName>FRITZ!Box</modelName><modelNumber>7590</modelNumber></device>
<device><deviceType>urn:x:device:Camera:1</deviceType><manufacturer>Other</manufacturer><modelName>Cam</modelName></device>
</deviceList></device></root>\0"""


def test_the_root_comes_first_with_every_device_type() -> None:
    root, _ = to_facts(decode_description(ROUTER))
    assert root["upnp.model_name"] == ["FRITZ!Box"]
    assert root["upnp.friendly_name"] == ["Router & more"]
    assert root["upnp.device_type"] == [
        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        "urn:schemas-upnp-org:device:WANDevice:1",
        "urn:x:device:Camera:1",
    ]


def test_an_embedded_device_of_another_make_stands_by_itself() -> None:
    _, camera = to_facts(decode_description(ROUTER))
    assert camera["upnp.manufacturer"] == ["Other"]
    assert camera["upnp.device_type"] == ["urn:x:device:Camera:1"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<root/>",
        b"<root>",
        b"<!DOCTYPE r [<!ENTITY a 'b'>]><root><device/></root>",
        b"<a>" * 90_000,
        b"x" * 300_000,
    ],
    ids=["empty", "no device", "cut", "dtd", "deep", "huge"],
)
def test_hostile_xml_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_description(data)
