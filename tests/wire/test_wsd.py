"""WS-Discovery messages and ONVIF scopes."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.wsd import (
    decode_matches,
    decode_metadata,
    encode_get,
    encode_probe,
    encode_resolve,
    to_facts,
)

CAMERA = b"""<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:n1="http://www.onvif.org/ver10/network/wsdl"
 xmlns:n2="http://www.onvif.org/ver10/network/wsdl" xmlns:t="http://www.onvif.org/ver10/device/wsdl"><e:Body>
<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference>
<d:Types>n1:NetworkVideoTransmitter n2:Other t:Device</d:Types>
<d:Scopes>onvif://www.onvif.org/name/Front%20Door onvif://www.onvif.org/hardware/C210
 onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/location/ onvif://www.onvif.org/MAC/44:47:cc:37:ce:81</d:Scopes>
<d:XAddrs>http://0.0.0.0/ http://192.168.50.22:2020/onvif/device_service http://[::1</d:XAddrs>
</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"""
METADATA = b"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="w" xmlns:p="p"><s:Body>
<w:ThisDevice><w:FriendlyName>PC</w:FriendlyName></w:ThisDevice><w:ThisModel><w:Manufacturer>Acme</w:Manufacturer>
<w:ModelName>M1</w:ModelName></w:ThisModel><p:Computer>ANNA-PC/Workgroup:HOME</p:Computer></s:Body></s:Envelope>"""


def test_a_camera_gives_types_by_their_usual_prefix_and_its_scopes_taken_apart() -> None:
    (match,) = decode_matches(CAMERA)
    facts = to_facts(match)
    assert facts["wsd.types"] == ["dn:NetworkVideoTransmitter", "dn:Other", "tds:Device"]
    assert facts["onvif.name"] == ["Front Door"]
    assert facts["onvif.hardware"] == ["C210"]
    assert facts["onvif.profile"] == ["Streaming"]
    assert facts["onvif.mac"] == ["44:47:cc:37:ce:81"]
    assert "onvif.location" not in facts


def test_addresses_that_lead_nowhere_are_left_out() -> None:
    (match,) = decode_matches(CAMERA)
    assert to_facts(match)["wsd.xaddrs"] == ["http://192.168.50.22:2020/onvif/device_service"]


@pytest.mark.parametrize("types", ["", "dn:NetworkVideoTransmitter", "tds:Device", "wsdp:Device"])
def test_a_search_is_well_formed_and_matches_nobody(types: str) -> None:
    assert decode_matches(encode_probe("id", types)) == ()
    assert types.encode() in encode_probe("id", types)


def test_an_address_given_by_a_device_cannot_add_xml() -> None:
    evil = "</a:To><evil/>&"
    for message in (encode_get("id", evil), encode_resolve("id", evil)):
        assert b"<evil" not in message
        assert decode_matches(message) == ()


def test_a_computers_own_description_is_read() -> None:
    assert decode_metadata(METADATA) == {
        "wsd.name": "PC",
        "wsd.manufacturer": "Acme",
        "wsd.model": "M1",
        "wsd.computer": "ANNA-PC/Workgroup:HOME",
    }


@pytest.mark.parametrize(
    "data", [b"", b"<a", b"<!DOCTYPE a><a/>", b"<a>" * 20_000], ids=["empty", "cut", "dtd", "deep"]
)
def test_hostile_xml_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_matches(data)
