"""The bytes that practice devices answer with."""

from __future__ import annotations

import json
import struct
import xml.etree.ElementTree as ET  # our own documents

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.practice import dns
from iotsweep.practice.home import Datagram, Home, Page, PracticeDevice, Stream
from iotsweep.practice.listeners import Reply, UdpListener
from iotsweep.practice.loading import DEFAULT_HOME, find_home, load_home
from iotsweep.practice.responders import datagrams, listeners, pages, streams
from iotsweep.practice.responders.description import describe

PEER = ("192.168.31.77", 5353)
PROGRAM = ("192.168.31.77", 40000)
GROUP = ("224.0.0.251", 5353)
HOME: Home = load_home(find_home(DEFAULT_HOME))


def device(name: str) -> PracticeDevice:
    return next(each for each in HOME.devices if each.id == name)


def ask(name: str, port: int, question: bytes, sender: tuple[str, int] = PEER) -> list[Reply]:
    found = [each for each in listeners(device(name), HOME) if isinstance(each, UdpListener) and each.port == port]
    return found[0].answer(question, sender)


def question(*names: str, kind: int = dns.PTR, unicast: bool = False, number: int = 0) -> bytes:
    family = 0x8001 if unicast else 1
    body = b"".join(dns.encode_name(dns.name(each)) + struct.pack("!HH", kind, family) for each in names)
    return struct.pack("!6H", number, 0, len(names), 0, 0, 0) + body


def search(target: str, mx: str = "1") -> bytes:
    lines = ["M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', f"MX: {mx}", f"ST: {target}"]
    return "\r\n".join([*lines, "", ""]).encode()


def probe(types: str) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08'
        '/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header><w:MessageID>uuid:42'
        f"</w:MessageID></e:Header><e:Body><d:Probe>{types}</d:Probe></e:Body></e:Envelope>"
    ).encode()


# --- mDNS -------------------------------------------------------------------------------------------------


def test_enumeration_is_answered_with_every_type_once() -> None:
    (reply,) = ask("lights", 5353, question("_services._dns-sd._udp.local"))
    assert reply.to == GROUP
    assert reply.data.count(b"\x04_hue") == 1
    assert reply.data.count(b"\x04_hap") == 1


def test_a_typed_question_brings_all_that_belongs_to_the_service() -> None:
    (reply,) = ask("lights", 5353, question("_HUE._tcp.local"))
    assert b"bridgeid=001788fffe4a5b6c" in reply.data
    assert bytes([192, 168, 31, 51]) in reply.data
    assert struct.unpack_from("!6H", reply.data)[1] == 0x8400


def test_all_questions_of_a_packet_are_answered_at_once() -> None:
    (reply,) = ask("lights", 5353, question("_hue._tcp.local", "_ipp._tcp.local", "_hap._tcp.local"))
    assert struct.unpack_from("!6H", reply.data)[3] == 2


def test_a_question_that_wants_it_alone_is_answered_alone() -> None:
    (reply,) = ask("lights", 5353, question("_hue._tcp.local", unicast=True))
    assert reply.to == PEER


def test_a_program_that_is_no_mdns_peer_gets_its_id_and_question_back() -> None:
    (reply,) = ask("lights", 5353, question("_hue._tcp.local", number=7), PROGRAM)
    assert reply.to == PROGRAM
    assert struct.unpack_from("!6H", reply.data)[:3] == (7, 0x8400, 1)


def test_what_the_asker_knows_already_is_not_said_again() -> None:
    kind = dns.name("_hue._tcp.local")
    known = dns.pointer(kind, (b"Hue Bridge - 4A5B6C", *kind)).encode()
    asked = bytearray(question("_hue._tcp.local") + known)
    asked[7] = 1
    assert ask("lights", 5353, bytes(asked)) == []


def test_nothing_is_said_to_questions_about_others() -> None:
    assert ask("lights", 5353, question("_ipp._tcp.local")) == []


def test_an_answer_takes_as_long_as_a_real_one() -> None:
    (reply,) = ask("lights", 5353, question("_hue._tcp.local"))
    assert 0.02 <= reply.delay <= 0.12


def test_an_address_is_given_for_a_name_and_a_name_for_an_address() -> None:
    (forward,) = ask("phone", 5353, question("iphone.local", kind=dns.A))
    (backward,) = ask("phone", 5353, question("70.31.168.192.in-addr.arpa"))
    assert bytes([192, 168, 31, 70]) in forward.data
    assert b"\x06iPhone\x05local" in backward.data


@given(st.binary(max_size=300))
def test_no_bytes_make_the_responders_crash(data: bytes) -> None:
    for each in HOME.devices:
        for listener in listeners(each, HOME):
            if isinstance(listener, UdpListener):
                listener.answer(data, PROGRAM)


@given(st.binary(max_size=120))
def test_any_bytes_are_a_query_or_a_dns_error(data: bytes) -> None:
    for message in (data, struct.pack("!6H", 0, 0, 3, 1, 0, 0) + data):
        try:
            dns.decode_query(message)
        except dns.DnsError:
            continue


def test_a_name_that_points_to_itself_is_refused() -> None:
    with pytest.raises(dns.DnsError):
        dns.decode_query(struct.pack("!6H", 0, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\x0c\0\x01")


# --- the router's DNS -------------------------------------------------------------------------------------


def test_the_router_knows_the_names_that_devices_gave() -> None:
    (reply,) = ask("router", 53, question("51.31.168.192.in-addr.arpa", number=9), PROGRAM)
    assert b"\x0bPhilips-hue\x04home" in reply.data
    assert struct.unpack_from("!6H", reply.data)[:4] == (9, 0x8400, 1, 1)


def test_the_router_knows_no_name_of_the_internet() -> None:
    (reply,) = ask("router", 53, question("example.com", kind=dns.A), PROGRAM)
    assert struct.unpack_from("!6H", reply.data)[1] & 0xF == 3


# --- SSDP and UPnP ----------------------------------------------------------------------------------------


def test_a_search_for_all_brings_every_target() -> None:
    replies = ask("living-room-tv", 1900, search("ssdp:all"))
    assert len(replies) == 5
    assert all(b"LOCATION: http://192.168.31.32:1432/\r\n" in reply.data for reply in replies)


def test_a_search_for_something_else_brings_nothing() -> None:
    assert ask("living-room-tv", 1900, search("roku:ecp")) == []


def test_a_slow_device_still_keeps_to_what_the_asker_waits_for() -> None:
    assert all(reply.delay <= 1 for reply in ask("living-room-tv", 1900, search("ssdp:all", mx="1")))
    assert all(reply.delay <= 1 for reply in ask("living-room-tv", 1900, search("ssdp:all", mx="x")))


def test_an_announcement_of_another_device_is_not_answered() -> None:
    assert ask("lights", 1900, search("ssdp:all").replace(b"M-SEARCH", b"NOTIFY")) == []
    assert ask("lights", 1900, search("ssdp:all").replace(b"MAN", b"MEN")) == []


def test_a_description_is_well_formed_and_names_the_product() -> None:
    upnp = device("lights").upnp
    assert upnp
    root = ET.fromstring(describe(upnp))
    found = root.find("./{*}device/{*}modelName")
    assert found is not None
    assert found.text == "Philips hue bridge 2015"


# --- WS-Discovery -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("types", ["", "<d:Types>dn:NetworkVideoTransmitter</d:Types>", "<d:Types>x:Device</d:Types>"])
def test_a_camera_answers_the_questions_that_cameras_answer(types: str) -> None:
    (reply,) = ask("hall-camera", 3702, probe(types), PROGRAM)
    root = ET.fromstring(reply.data.decode())
    assert "hardware/C200" in "".join(root.itertext())
    assert "uuid:42" in "".join(root.itertext())


def test_a_camera_does_not_answer_for_a_printer() -> None:
    assert ask("hall-camera", 3702, probe("<d:Types>wprt:PrintDeviceType</d:Types>"), PROGRAM) == []


# --- vendor datagrams -------------------------------------------------------------------------------------


def test_the_plug_answers_the_question_that_its_app_asks() -> None:
    asked = bytes.fromhex("d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6")  # as python-kasa sends it
    (reply,) = ask("heater-plug", 9999, asked, PROGRAM)
    assert json.loads(datagrams.unveil(reply.data))["system"]["get_sysinfo"]["model"] == "HS110(UK)"


def test_the_plug_does_not_answer_anything_else() -> None:
    assert ask("heater-plug", 9999, datagrams.veil(b'{"system":{"set_relay_state":{"state":0}}}'), PROGRAM) == []


@given(st.binary())
def test_unveiling_undoes_veiling(data: bytes) -> None:
    assert datagrams.unveil(datagrams.veil(data)) == data


def test_a_datagram_answers_only_its_question() -> None:
    declared = Datagram(1, question="f130", answer_hex="f141", answer="!")
    assert datagrams.respond(declared, b"\xf1\x30\0\0") == b"\xf1\x41!"
    assert datagrams.respond(declared, b"\xf1\x41\0\0") is None


# --- HTTP and RTSP ----------------------------------------------------------------------------------------


def test_a_page_has_its_title_and_server() -> None:
    answer = pages.respond(Page(80, server="nginx", title="a < b"), b"GET / HTTP/1.1\r\n\r\n", {})
    assert answer.startswith(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n")
    assert b"<title>a &lt; b</title>" in answer


def test_a_sign_in_stands_before_every_page_but_not_before_the_description() -> None:
    page = Page(80, status=401, realm="camera")
    assert b'Basic realm="camera"' in pages.respond(page, b"GET / HTTP/1.1\r\n\r\n", {})
    assert pages.respond(page, b"GET /x HTTP/1.1\r\n\r\n", {}).startswith(b"HTTP/1.1 401")
    assert pages.respond(page, b"GET /d.xml HTTP/1.1\r\n\r\n", {"/d.xml": "<d/>"}).endswith(b"<d/>")


def test_an_icon_and_declared_paths_are_served() -> None:
    page = Page(80, favicon="icon", paths={"/a": "b"})
    assert pages.respond(page, b"GET /favicon.ico HTTP/1.1\r\n\r\n", {}).endswith(b"icon")
    assert pages.respond(page, b"GET /a?x=1 HTTP/1.1\r\n\r\n", {}).endswith(b"\r\n\r\nb")
    assert pages.respond(page, b"HEAD /a HTTP/1.1\r\n\r\n", {}).endswith(
        b"Content-Length: 1\r\nConnection: close\r\n\r\n"
    )
    assert pages.respond(page, b"GET /none HTTP/1.1\r\n\r\n", {}).startswith(b"HTTP/1.1 404")


def test_a_stream_tells_what_it_can_and_shows_nothing() -> None:
    stream = Stream(server="Hipcam RealServer/V1.0", realm="IPC")
    answer = streams.respond(stream, b"OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n")
    assert answer.startswith(b"RTSP/1.0 200 OK\r\nCSeq: 7\r\nServer: Hipcam RealServer/V1.0\r\n")
    assert streams.respond(stream, b"DESCRIBE / RTSP/1.0\r\nCSeq: 8\r\n\r\n").startswith(b"RTSP/1.0 401")
    assert streams.respond(Stream(), b"PLAY / RTSP/1.0\r\n\r\n").startswith(b"RTSP/1.0 404")
