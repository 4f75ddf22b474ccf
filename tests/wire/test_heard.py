"""The decoders of what is heard unasked: whatever comes in, an answer or a WireError."""

from __future__ import annotations

import pytest

from iotsweep.wire import dhcp, dns, ethernet, ip, netbios_heard, pppp_heard, radiotap, tls_hello
from iotsweep.wire.error import WireError
from tests.captures.making import CAMERA, hello, ipv4, question
from tests.captures.making import dhcp as make_dhcp
from tests.wire.fuzz import never_raises_but_wire_error

MESSAGE = make_dhcp(CAMERA, {53: b"\1", 12: b"cam", 61: b"\0cam-1", 77: b"class", 81: b"\4\0\0\3cam\4home\0"})


def test_every_decoder_answers_or_raises_a_wire_error() -> None:
    never_raises_but_wire_error(lambda data: dhcp.to_facts(dhcp.decode_dhcp(data)), MESSAGE)
    never_raises_but_wire_error(tls_hello.decode_server_name, hello("a.example"))
    never_raises_but_wire_error(dns.decode_question, question("a.example"))
    name = b"\x20" + b"CA" * 16
    never_raises_but_wire_error(netbios_heard.decode_registration, b"\0\1\x29\x10\0\1" + bytes(6) + name + bytes(17))
    never_raises_but_wire_error(netbios_heard.decode_datagram, b"\x11" + bytes(13) + name + bytes(20))
    never_raises_but_wire_error(pppp_heard.decode_traffic, b"\xf1\x12\0\x2c" + bytes(44))


def test_every_reader_of_frames_answers_or_raises_a_wire_error() -> None:
    packet, tagged = ipv4("10.0.0.1", "10.0.0.2", 17, b"x" * 9), b"\x81\0\0\1\x08\0"
    never_raises_but_wire_error(lambda data: ip.read_ipv4(data, 0, len(data)), packet)
    never_raises_but_wire_error(lambda data: ip.read_ipv6(data, 0, len(data)), b"\x60\0\0\0\0\x10\0" + bytes(60))
    never_raises_but_wire_error(lambda data: ethernet.find_network(data, 12, len(data)), bytes(12) + tagged)
    never_raises_but_wire_error(lambda data: ethernet.read_cooked(data, 0, len(data)), bytes(14) + tagged)
    never_raises_but_wire_error(lambda data: ethernet.read_cooked_2(data, 0, len(data)), b"\x81\0" + bytes(30))


@pytest.mark.parametrize("link", sorted(radiotap.LINKS))
def test_every_wifi_frame_answers_or_raises_a_wire_error(link: int) -> None:
    never_raises_but_wire_error(lambda data: radiotap.decode_wifi(data, 0, len(data), link), bytes(200))


def test_a_client_says_its_names_in_every_form() -> None:
    facts = dhcp.to_facts(dhcp.decode_dhcp(MESSAGE))
    assert (facts["dhcp.client_id"], facts["dhcp.user_class"], facts["dhcp.fqdn"]) == ("cam-1", "class", "cam.home")
    assert facts["dhcp.message"] == "discover"


def test_a_question_names_what_is_asked_and_an_answer_is_none() -> None:
    assert dns.decode_question(question("API.Maker.example")) == ("api.maker.example",)
    with pytest.raises(WireError):
        dns.decode_question(b"\0\1\x81\x80" + question("a.example")[4:])


def test_a_greeting_without_a_name_is_told_from_one_that_is_cut_off() -> None:
    whole = hello("mqtt.maker.example")
    assert tls_hello.decode_server_name(whole) == "mqtt.maker.example"
    with pytest.raises(WireError):
        tls_hello.decode_server_name(whole[:60])


def test_link_local_and_private_addresses_are_of_the_home() -> None:
    inside = ("10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.0.1", "169.254.1.1")
    outside = ("8.8.8.8", "172.32.0.1", "100.64.0.1", "193.168.0.1")
    assert all(ip.is_private(bytes(map(int, text.split(".")))) for text in inside)
    assert not any(ip.is_private(bytes(map(int, text.split(".")))) for text in outside)
