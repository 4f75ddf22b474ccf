"""The allow-list: what a sweep may say, and that nothing which changes, wakes or opens a device gets past it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.network.guard import Guard, GuardError
from iotsweep.wire import dhip, govee, netbios, pppp, sadp, tuya, tvt
from iotsweep.wire.dns import encode_ptr_query
from iotsweep.wire.mdns_question import encode_asks, encode_questions
from iotsweep.wire.mdns_types import TYPES
from iotsweep.wire.pppp_scramble import PHRASES, scramble
from iotsweep.wire.ssdp import encode_search
from iotsweep.wire.vendor_questions import NEVER_ASKED, QUESTIONS, allowed_datagrams
from iotsweep.wire.wsd import encode_get, encode_probe, encode_resolve
from tests.fakes import SCOPE

HOST, GATEWAY, EVERYBODY = "192.168.7.30", "192.168.7.1", "255.255.255.255"
ID = "0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(SCOPE)


def _dhip(method: str) -> bytes:
    body = json.dumps({"method": method, "params": {}}).encode()
    return bytes.fromhex("2000000044484950") + struct.pack("<8xIIII", len(body), 0, len(body), 0) + body


def _xmeye(message: int) -> bytes:
    return bytes.fromhex("ff000000000000000000000000") + b"\0" + struct.pack("<H", message) + bytes(4)


def _sadp(kind: str) -> bytes:
    return sadp.encode_question(ID).replace(b"inquiry", kind.encode())


# What each protocol could be made to do, and must not (the makers' own protocol descriptions and their clients).
NEVER_SENT: dict[str, tuple[int, bytes]] = {
    "PPPP, open a session": (32108, bytes.fromhex("f14100144241544400000000000262ca574f4e4a4d000000")),
    "PPPP, agree to a session": (32108, bytes.fromhex("f14200144241544400000000000262ca574f4e4a4d000000")),
    "PPPP, data": (32108, bytes.fromhex("f1d00008d100000000000000")),
    "PPPP, register": (32108, bytes.fromhex("f1100000")),
    "PPPP, close": (32108, bytes.fromhex("f1f00000")),
    "PPPP, echo in a maker's scrambling": (32108, scramble("SHIX", bytes.fromhex("f1410000"))),
    "SADP, change": (37020, _sadp("update")),
    "SADP, reset": (37020, _sadp("reset")),
    "SADP, code": (37020, _sadp("getcode")),
    "SADP, activate": (37020, _sadp("activate")),
    "SADP, inquiry with another id": (37020, sadp.encode_question(ID)),
    "DHIP, change": (37810, _dhip("DHDiscover.setConfig")),
    "DHIP, set up": (37810, _dhip("DevInit.account")),
    "DHIP, find the password": (37810, _dhip("PasswdFind.getDescript")),
    "DHIP, new password": (37810, _dhip("Security.modifyPwdOutSession")),
    "XMEye, change": (34569, _xmeye(0x05FC)),
    "XMEye, log in": (34569, _xmeye(0x03E8)),
    "TVT, change": (23456, tvt.QUESTION[:8] + b"\3\0" + tvt.QUESTION[10:]),
    "Reolink, connect": (2015, b"<P2P><C2D_C><uid>95270000</uid></C2D_C></P2P>"),
    "Reolink, wake": (2026, bytes.fromhex("aaaa0000")),
    "Little Stars, start video": (8070, bytes.fromhex("3067")),
    "Little Stars, start video (second port)": (8080, bytes.fromhex("4276")),
    "WiZ, register": (38899, b'{"method":"registration","params":{"phoneIp":"1.2.3.4","register":true}}'),
    "WiZ, switch": (38899, b'{"method":"setPilot","params":{"state":false}}'),
    "Magic Home, restart": (48899, b"AT+Z\r"),
    "Magic Home, another server": (48899, b"AT+SOCKB=TCP,5577,example.org\r"),
    "Gree, bind": (7000, b'{"t":"pack","i":1,"cid":"app","pack":"bind"}'),
    "Gree, bind in the clear": (7000, b'{"mac":"502cc6a2bdb5","t":"bind","uid":0}'),
    "Tuya, another address": (7000, tuya.encode_question("192.168.7.9")),
    "Govee, switch": (4003, b'{"msg":{"cmd":"turn","data":{"value":0}}}'),
    "Govee, switch at the asking port": (4001, b'{"msg":{"cmd":"turn","data":{"value":0}}}'),
    "Broadlink, join a network": (80, bytes(0x26) + b"\x14" + bytes(0x59)),
    "Broadlink, open a session": (80, bytes(0x26) + b"\x65" + bytes(0x11)),
    "Kasa, unbind": (9999, b'{"cnCloud":{"unbind":null}}'),
    "miIO, a command": (54321, bytes.fromhex("21310040") + bytes(60)),
    "LIFX, switch": (56700, struct.pack("<H", 36) + bytes(30) + struct.pack("<H", 117) + bytes(2)),
    "Yeelight, switch": (1982, b'{"id":1,"method":"set_power","params":["off"]}\r\n'),
    "TUTK, a search": (32761, bytes.fromhex("6e4c9d8c40d140ca3d2da82d00e7cada")),
    "SNMP, set": (161, bytes.fromhex("302602010104067075626c6963a319")),
    "SSDP, an announcement": (1900, b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n"),
    "WS-Discovery, a greeting": (3702, encode_probe(ID).replace(b"Probe", b"Hello")),
    "WS-Transfer by datagram": (3702, encode_get(ID, f"urn:uuid:{ID}")),
    "mDNS, an announcement": (5353, bytes.fromhex("000084000000000100000000") + b"\0\0\1\0\1\0\0\0\0\0\0"),
    "NetBIOS, register a name": (137, bytes.fromhex("000029100001000000000001") + netbios.QUESTION[12:]),
    "DNS, a name on the internet": (53, bytes.fromhex("000101000001000000000000076578616d706c6503636f6d0000010001")),
    "anything to a port without a question": (4000, b"hello"),
    "nothing at all to a camera's control port": (8070, b""),
}


@pytest.mark.parametrize("name", NEVER_SENT)
def test_what_changes_wakes_or_opens_a_device_is_refused(guard: Guard, name: str) -> None:
    port, data = NEVER_SENT[name]
    for address in (HOST, GATEWAY, EVERYBODY, "192.168.7.255"):
        with pytest.raises(GuardError):
            guard.check_payload(address, port, data)


def test_every_listed_question_may_leave_and_to_its_own_port_only(guard: Guard) -> None:
    allowed = allowed_datagrams(SCOPE.address)
    for port, datagrams in allowed.items():
        for data in datagrams:
            guard.check_payload(HOST, port, data)
            for other in allowed.keys() - {port}:
                if data not in allowed[other]:
                    with pytest.raises(GuardError):
                        guard.check_payload(HOST, other, data)


def _one_byte_off() -> Iterator[tuple[int, bytes]]:
    for question in QUESTIONS:
        for data in question.asked(SCOPE.address):
            for place in range(len(data)):
                yield question.port, data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            yield question.port, data + b"\0"
            yield question.port, data[:-1]


def test_a_question_with_one_byte_changed_is_refused(guard: Guard) -> None:
    allowed = allowed_datagrams(SCOPE.address)
    for port, data in _one_byte_off():
        if data not in allowed[port]:
            with pytest.raises(GuardError):
                guard.check_payload(HOST, port, data)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(sorted({*allowed_datagrams(SCOPE.address), *NEVER_ASKED, 9, 53, 137, 161, 1900, 3702, 5355})),
    st.binary(max_size=200),
)
def test_no_other_bytes_leave_whatever_the_port(port: int, data: bytes) -> None:
    if data in allowed_datagrams(SCOPE.address).get(port, frozenset()) or (port == 9 and not data):
        return
    with pytest.raises(GuardError):
        Guard(SCOPE).check_payload(HOST, port, data)


def test_the_search_goes_out_under_every_known_phrase_and_no_other(guard: Guard) -> None:
    for phrase in PHRASES:
        guard.check_payload(EVERYBODY, pppp.PORT, scramble(phrase, pppp.SEARCH))
    with pytest.raises(GuardError):
        guard.check_payload(EVERYBODY, pppp.PORT, scramble("another", pppp.SEARCH))


def test_the_open_protocols_keep_their_shape(guard: Guard) -> None:
    guard.check_payload("239.255.255.250", 1900, encode_search("urn:Belkin:device:**", 2))
    for types in ("", "dn:NetworkVideoTransmitter", "tds:Device", "wsdp:Device"):
        guard.check_payload("239.255.255.250", 3702, encode_probe(ID, types))
        guard.check_payload(HOST, 3702, encode_probe(ID, types))
    guard.check_payload("239.255.255.250", 3702, encode_resolve(ID, f"urn:uuid:{ID}"))
    guard.check_payload(HOST, 137, netbios.QUESTION)
    guard.check_payload(HOST, 9, b"")
    guard.check_payload("239.255.255.250", govee.PORT, govee.QUESTION)
    guard.check_payload("239.255.255.251", dhip.PORT, dhip.encode_question())


_QUESTION = encode_questions(TYPES)[0]


def test_over_ipv6_multicast_dns_questions_go_to_their_group_and_nothing_else_leaves(guard: Guard) -> None:
    for packet in (*encode_questions(TYPES), *encode_asks([(("Köhler's v1.2 cam", "_hap", "_tcp", "local"), 33)])):
        guard.check_payload("ff02::fb", 5353, packet)
    for address in ("ff02::1", "ff05::fb", "ff02::fb%eth0", "ff02::c", "fe80::1", "fd00::1", "2001:db8::1", "::1"):
        for data in (_QUESTION, b""):
            with pytest.raises(GuardError):
                guard.check_payload(address, 5353, data)
    for port in (53, 80, 1900, 3702, 5355, 9, 9100):
        with pytest.raises(GuardError):
            guard.check_payload("ff02::fb", port, _QUESTION)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        _QUESTION[:12],
        _QUESTION[:2] + b"\x84\0" + _QUESTION[4:],  # an announcement
        _QUESTION[:2] + b"\x28\0" + _QUESTION[4:],  # an update
        _QUESTION[:4] + bytes(2) + _QUESTION[6:],  # no question
        _QUESTION[:7] + b"\1" + _QUESTION[8:],  # with an answer
        _QUESTION[:9] + b"\1" + _QUESTION[10:],  # with a claim to a name
        _QUESTION[:11] + b"\1" + _QUESTION[12:],
        _QUESTION + bytes(4096),
        _QUESTION + b"\0",
        _QUESTION[:-2] + b"\x80\1",  # for an answer to this laptop alone
        encode_questions([("example", "com")])[0],
        encode_questions([("_hap", "_tcp", "local"), ("example", "com")])[0],
        *(data for _, data in NEVER_SENT.values()),
    ],
)
def test_to_the_group_of_ipv6_goes_no_datagram_but_a_question(guard: Guard, data: bytes) -> None:
    with pytest.raises(GuardError):
        guard.check_payload("ff02::fb", 5353, data)


def test_nobody_claims_a_name_over_ipv4_either(guard: Guard) -> None:
    guard.check_payload("224.0.0.251", 5353, _QUESTION)
    with pytest.raises(GuardError):
        guard.check_payload("224.0.0.251", 5353, _QUESTION[:9] + b"\1" + _QUESTION[10:])


def test_only_the_router_is_asked_for_names_and_only_of_this_network(guard: Guard) -> None:
    guard.check_payload(GATEWAY, 53, encode_ptr_query(HOST, 7))
    with pytest.raises(GuardError):
        guard.check_payload(HOST, 53, encode_ptr_query(HOST, 7))
    with pytest.raises(GuardError):
        guard.check_payload(GATEWAY, 53, encode_ptr_query("8.8.8.8", 7))


def test_a_deep_search_goes_to_the_device_that_was_named_and_to_no_other(guard: Guard) -> None:
    search, named = scramble("another", pppp.SEARCH), Guard(SCOPE, HOST)
    named.check_payload(HOST, pppp.PORT, search)
    for one, address in ((named, GATEWAY), (named, EVERYBODY), (named, "192.168.7.255"), (guard, HOST)):
        with pytest.raises(GuardError):
            one.check_payload(address, pppp.PORT, search)
    for outside in ("8.8.8.8", "192.168.7.255", SCOPE.address):
        with pytest.raises(GuardError):
            Guard(SCOPE, outside).check_payload(outside, pppp.PORT, search)


@pytest.mark.parametrize("name", NEVER_SENT)
def test_the_device_that_was_named_is_sent_nothing_else_either(name: str) -> None:
    port, data = NEVER_SENT[name]
    with pytest.raises(GuardError):
        Guard(SCOPE, HOST).check_payload(HOST, port, data)


@settings(max_examples=300, deadline=None, database=None)
@given(st.binary(min_size=3, max_size=5))
def test_only_true_searches_reach_the_device_that_was_named(data: bytes) -> None:
    from iotsweep.wire.pppp_keys import is_search

    if not is_search(data) and data not in allowed_datagrams(SCOPE.address)[pppp.PORT]:
        with pytest.raises(GuardError):
            Guard(SCOPE, HOST).check_payload(HOST, pppp.PORT, data)
