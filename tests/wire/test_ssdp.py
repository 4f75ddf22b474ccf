"""SSDP messages."""

from __future__ import annotations

import pytest

from iotsweep.wire.error import WireError
from iotsweep.wire.ssdp import SsdpKind, decode_message, encode_search, to_facts

REPLY = (
    b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n"
    b"SERVER: Linux UPnP/1.0 Sonos/70.3\r\nLOCATION: http://192.168.50.20:1400/xml/device_description.xml\r\n"
    b"X-RINCON-HOUSEHOLD: Sonos_1\r\nEXT:\r\n\r\n"
)
NOTIFY = (
    b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: roku:ecp\r\nNTS: ssdp:alive\r\nUSN: uuid:roku:1\r\n\r\n"
)


def test_a_reply_gives_its_facts_and_its_makers_own_headers() -> None:
    assert to_facts(decode_message(REPLY)) == {
        "ssdp.st": "upnp:rootdevice",
        "ssdp.usn": "uuid:1::upnp:rootdevice",
        "ssdp.server": "Linux UPnP/1.0 Sonos/70.3",
        "ssdp.location": "http://192.168.50.20:1400/xml/device_description.xml",
        "ssdp.header.x-rincon-household": "Sonos_1",
    }


def test_an_announcement_counts_like_a_reply() -> None:
    assert to_facts(decode_message(NOTIFY)) == {"ssdp.st": "roku:ecp", "ssdp.usn": "uuid:roku:1"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [(encode_search("ssdp:all", 2), SsdpKind.SEARCH), (NOTIFY.replace(b"alive", b"byebye"), SsdpKind.GONE)],
)
def test_a_search_and_a_goodbye_identify_nobody(data: bytes, kind: SsdpKind) -> None:
    message = decode_message(data)
    assert message.kind is kind
    assert to_facts(message) == {}


def test_lone_line_feeds_and_a_missing_end_are_tolerated() -> None:
    sloppy = REPLY.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\0\0"
    assert to_facts(decode_message(sloppy))["ssdp.usn"] == "uuid:1::upnp:rootdevice"


def test_a_search_is_written_as_the_specification_says() -> None:
    assert encode_search("roku:ecp", 2) == (
        b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: roku:ecp\r\n\r\n'
    )


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 404 Not Found\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_message(data)
