"""The decoders of what is heard unasked: whatever comes in, an answer or a WireError."""

from __future__ import annotations

import pytest

from iotsweep.wire import dhcp, dns, ip, tls_hello
from iotsweep.wire.error import WireError
from tests.captures.making import CAMERA, hello, question
from tests.captures.making import dhcp as make_dhcp

MESSAGE = make_dhcp(CAMERA, {53: b"\1", 12: b"cam", 61: b"\0cam-1", 77: b"class", 81: b"\4\0\0\3cam\4home\0"})


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
    inside = ("10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.0.1", "169.254.1.1", "100.64.0.1")
    outside = ("8.8.8.8", "172.32.0.1", "100.128.0.1", "193.168.0.1")
    assert all(ip.is_private(bytes(map(int, text.split(".")))) for text in inside)
    assert not any(ip.is_private(bytes(map(int, text.split(".")))) for text in outside)
