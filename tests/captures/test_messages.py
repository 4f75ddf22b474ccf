"""What devices say is read by the same decoders as in a sweep; what they ask is never what they are."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from iotsweep.captures import read_captures
from iotsweep.model import Observation
from iotsweep.wire import kasa, sadp, tutk
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.captures.making import (
    CAMERA,
    CAMERA_IP,
    EVERYBODY,
    PHONE,
    PHONE_IP,
    ROUTER,
    ROUTER_IP,
    SERVER_IP,
    arp,
    dhcp,
    ethernet,
    hello,
    ipv4,
    labels,
    packed,
    pcap,
    question,
    said,
    sent,
    tcp,
    write,
)
from tests.wire.mdns_packets import IPP, printer, query

SSDP = (
    b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nNT: upnp:rootdevice\r\n"
    b"USN: uuid:1::upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 Cam/1\r\n\r\n"
)
DESCRIPTION = (
    b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
    b"<deviceType>urn:x:device:Basic:1</deviceType><manufacturer>Maker</manufacturer><modelName>C1</modelName></device></root>"
)


def read(folder: Path, *frames: bytes) -> list[Observation]:
    return list(read_captures([write(folder, pcap(*frames))]).observations)


def values(observations: list[Observation], key: str, mac: bytes = CAMERA) -> list[str]:
    return [value for o in observations if o.mac == mac.hex(":") for value in o.values(key)]


def test_names_that_a_device_asks_for_are_kept_once_in_lower_case(tmp_path: Path) -> None:
    frames = [said(CAMERA, CAMERA_IP, ROUTER_IP, 50000 + n, 53, question("API.Maker.example", n)) for n in range(3)]
    greeting = sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), hello("mqtt.maker.example"))
    seen = read(tmp_path, *frames, greeting)
    assert values(seen, "dns.query") == ["api.maker.example"]
    assert values(seen, "tls.sni") == ["mqtt.maker.example"]


@pytest.mark.parametrize(
    "name", ["1.1.168.192.in-addr.arpa", "printer.local", "wpad", "nas.lan", "bad name.example", "x" * 63]
)
def test_questions_about_the_home_itself_are_left_out(tmp_path: Path, name: str) -> None:
    assert not values(read(tmp_path, said(CAMERA, CAMERA_IP, ROUTER_IP, 50000, 53, question(name))), "dns.query")


def test_a_greeting_in_two_segments_is_put_together(tmp_path: Path) -> None:
    whole = hello("mqtt.maker.example")
    parts = (
        sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), whole[:50], at=100),
        sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), whole[:50], at=100),
        sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), whole[50:], at=150),
    )
    assert values(read(tmp_path, *parts), "tls.sni") == ["mqtt.maker.example"]


def test_a_new_connection_from_the_same_port_is_looked_at_again(tmp_path: Path) -> None:
    ports = (40000, 443)
    data = [sent(CAMERA, CAMERA_IP, SERVER_IP, ports, b"\x17\3\3" + bytes(20), at=n) for n in range(20)]
    begin = ethernet(CAMERA, ROUTER, 0x0800, ipv4(CAMERA_IP, SERVER_IP, 6, tcp(*ports, b"", 9, flags=2)))
    greeting = sent(CAMERA, CAMERA_IP, SERVER_IP, ports, hello("late.maker.example"), at=10)
    assert not values(read(tmp_path, *data, greeting), "tls.sni")
    assert values(read(tmp_path, *data, begin, greeting), "tls.sni") == ["late.maker.example"]


def test_only_so_many_names_of_one_device_are_kept(tmp_path: Path) -> None:
    frames = [said(CAMERA, CAMERA_IP, ROUTER_IP, 5000, 53, question(f"n{n}.maker.example")) for n in range(450)]
    heard = read_captures([write(tmp_path, pcap(*frames))])
    assert len(values(list(heard.observations), "dns.query")) == 400
    assert any("more than 400 names" in limit for limit in heard.runs[0].limits)


def test_who_searches_is_not_what_it_searches_for(tmp_path: Path) -> None:
    search = b'M-SEARCH * HTTP/1.1\r\nST: urn:Belkin:device:**\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n\r\n'
    frames = [
        said(PHONE, PHONE_IP, "239.255.255.250", 50000, 1900, search),
        said(PHONE, PHONE_IP, "224.0.0.251", 5353, 5353, query(("_hue", "_tcp", "local"), IPP)),
        said(PHONE, PHONE_IP, "224.0.0.252", 50001, 5355, question("PRINTER")),
        said(PHONE, PHONE_IP, "255.255.255.255", 50002, 137, question("A" * 32, kind=32)),
    ]
    for question_ in QUESTIONS:
        frames += [
            said(PHONE, PHONE_IP, "255.255.255.255", 50003, question_.port, q) for q in question_.asked(PHONE_IP)
        ]
    assert {o.facts for o in read(tmp_path, *frames)} == {(("mac.address", PHONE.hex(":")),)}


def test_announcements_are_read_once_however_often_they_come(tmp_path: Path) -> None:
    frame = said(CAMERA, CAMERA_IP, "239.255.255.250", 1900, 1900, SSDP)
    assert values(read(tmp_path, *[frame] * 5), "ssdp.server") == ["Linux UPnP/1.0 Cam/1"]


def test_multicast_dns_is_put_together_as_in_a_sweep(tmp_path: Path) -> None:
    seen = read(tmp_path, said(CAMERA, CAMERA_IP, "224.0.0.251", 5353, 5353, printer(CAMERA_IP)))
    told = next(o for o in seen if o.first("mdns.service"))
    assert (told.mac, told.ip, told.first("mdns.host"), told.first("mdns.txt.ty")) == (
        CAMERA.hex(":"),
        CAMERA_IP,
        "BRN30055C",
        "Brother HL",
    )
    assert not told.first("mdns.from")


def test_a_client_tells_of_itself_when_it_joins(tmp_path: Path) -> None:
    options = {53: b"\3", 12: b"porch-cam", 55: bytes([1, 3, 6, 15]), 60: b"udhcp 1.22.1", 61: b"\1" + CAMERA}
    seen = read(tmp_path, said(CAMERA, "0.0.0.0", "255.255.255.255", 68, 67, dhcp(CAMERA, options), EVERYBODY))
    joined = next(o for o in seen if o.first("dhcp.hostname"))
    assert joined.mac == CAMERA.hex(":")
    assert dict(joined.facts) == {
        "dhcp.hostname": "porch-cam",
        "dhcp.vendor_class": "udhcp 1.22.1",
        "dhcp.options": "1,3,6,15",
        "dhcp.client_id": CAMERA.hex(":"),
        "dhcp.message": "request",
    }


def test_a_server_of_the_home_is_read_by_its_first_words(tmp_path: Path) -> None:
    page = (
        b"HTTP/1.1 401 Unauthorized\r\nServer: CamServer\r\n"
        b'WWW-Authenticate: Basic realm="Cam"\r\nContent-Length: 0\r\n\r\n'
    )
    stream = b"RTSP/1.0 200 OK\r\nServer: Rtsp 1\r\nPublic: OPTIONS\r\n\r\n"
    accepted = ethernet(CAMERA, PHONE, 0x0800, ipv4(CAMERA_IP, PHONE_IP, 6, tcp(554, 40002, b"", flags=0x12)))
    seen = read(
        tmp_path,
        sent(CAMERA, CAMERA_IP, PHONE_IP, (80, 40001), page, PHONE),
        accepted,
        sent(CAMERA, CAMERA_IP, PHONE_IP, (554, 40002), stream, PHONE),
        sent(CAMERA, CAMERA_IP, PHONE_IP, (22, 40003), b"SSH-2.0-dropbear_2019\r\n", PHONE),
    )
    assert values(seen, "http.server") == ["CamServer"]
    assert values(seen, "http.realm") == ["Cam"]
    assert values(seen, "rtsp.server") == ["Rtsp 1"]
    assert values(seen, "tcp.554") == ["open"]
    assert values(seen, "ssh.banner")


def test_a_description_that_comes_in_pieces_is_read(tmp_path: Path) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(DESCRIPTION) + DESCRIPTION
    pieces = [whole[place : place + 90] for place in range(0, len(whole), 90)]
    frames = [
        sent(CAMERA, CAMERA_IP, PHONE_IP, (49152, 40001), piece, PHONE, at=1 + 90 * number)
        for number, piece in enumerate(pieces)
    ]
    assert values(read(tmp_path, *frames), "upnp.model_name") == ["C1"]


def test_the_certificate_of_a_server_of_the_home_is_read(tmp_path: Path) -> None:
    import ssl

    pem = Path("src/iotsweep/practice/certificates/hue-bridge.pem").read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])
    chain = len(der).to_bytes(3, "big") + der
    messages = (
        b"\2\0\0\x26"
        + bytes(38)
        + b"\x0b"
        + (len(chain) + 3).to_bytes(3, "big")
        + len(chain).to_bytes(3, "big")
        + chain
    )
    record = b"\x16\3\3" + len(messages).to_bytes(2, "big") + messages
    frames = [
        sent(CAMERA, CAMERA_IP, PHONE_IP, (443, 40001), record[:200], PHONE, at=1),
        sent(CAMERA, CAMERA_IP, PHONE_IP, (443, 40001), record[200:], PHONE, at=201),
    ]
    assert values(read(tmp_path, *frames), "tls.subject")


def test_makers_announcements_are_read_and_secrets_not_kept(tmp_path: Path) -> None:
    reply = kasa.encode(b'{"system":{"get_sysinfo":{"model":"HS110(EU)","mac":"50:C7:BF:01:02:03","alias":"Lamp"}}}')
    over_tcp = struct.pack("!I", len(reply)) + reply
    seen = read(tmp_path, said(CAMERA, CAMERA_IP, PHONE_IP, 9999, 50000, reply, PHONE))
    assert values(seen, "kasa.model") == ["HS110(EU)"]
    assert all(not o.sha256 for o in seen)
    again = read(tmp_path, sent(CAMERA, CAMERA_IP, PHONE_IP, (9999, 40001), over_tcp, PHONE))
    assert values(again, "kasa.model") == ["HS110(EU)"]


def test_only_a_device_signs_on_as_a_device(tmp_path: Path) -> None:
    sign_on = b"\xf1\x12\0\x2c" + bytes(44)
    stream = b"\xf1\xd0\4\4" + bytes(1028)
    asked = b"\xf1\x20\0\x24" + bytes(36)
    assert values(read(tmp_path, said(CAMERA, CAMERA_IP, SERVER_IP, 21943, 32100, sign_on)), "pppp.role") == [
        "signs on as a device"
    ]
    assert values(read(tmp_path, said(CAMERA, CAMERA_IP, PHONE_IP, 25133, 21985, stream, PHONE)), "pppp.role") == [
        "sends a stream"
    ]
    assert not values(read(tmp_path, said(CAMERA, CAMERA_IP, SERVER_IP, 21943, 32100, asked)), "pppp.role")


def test_computers_tell_their_names_unasked(tmp_path: Path) -> None:
    encoded = (
        b"\x20" + b"".join(bytes([0x41 + (c >> 4), 0x41 + (c & 15)]) for c in b"HALL-PC".ljust(15) + b"\0") + b"\0"
    )
    registration = struct.pack("!6H", 1, 0x2910, 1, 0, 0, 1) + encoded + b"\0\x20\0\1\xc0\x0c\0\x20\0\1" + bytes(12)
    datagram = b"\x11\x02" + bytes(12) + encoded + encoded
    for port, message in ((137, registration), (138, datagram)):
        seen = read(tmp_path, said(PHONE, PHONE_IP, "192.168.1.255", port, port, message, EVERYBODY))
        assert values(seen, "netbios.name", PHONE) == ["HALL-PC"]


def test_a_name_server_of_the_home_names_only_who_is_there(tmp_path: Path) -> None:
    def answer(ip: str) -> bytes:
        head = struct.pack("!6H", 1, 0x8180, 1, 1, 0, 0) + labels("porch.home") + b"\0\1\0\1"
        return head + b"\xc0\x0c\0\1\0\1" + bytes(4) + b"\0\4" + packed(ip)

    seen = read(
        tmp_path,
        arp(CAMERA, CAMERA_IP, ROUTER_IP),
        said(ROUTER, ROUTER_IP, PHONE_IP, 53, 50000, answer(CAMERA_IP), PHONE),
        said(ROUTER, ROUTER_IP, PHONE_IP, 53, 50001, answer("192.168.1.99"), PHONE),
    )
    assert [(o.ip, o.first("dns.name")) for o in seen if o.first("dns.name")] == [(CAMERA_IP, "porch")]


def test_what_a_client_calls_itself_is_kept_without_the_page_it_asked_for(tmp_path: Path) -> None:
    request = b"GET /private/page?token=1 HTTP/1.1\r\nHost: fw.maker.example:8080\r\nUser-Agent: MakerCam/2.1\r\n\r\n"
    seen = read(tmp_path, sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 80), request))
    assert values(seen, "http.user_agent") == ["MakerCam/2.1"]
    assert values(seen, "http.host") == ["fw.maker.example"]
    assert "token" not in str(seen)


def test_control_characters_in_names_never_arrive(tmp_path: Path) -> None:
    options = {53: b"\3", 12: "a\x1b[2J\u202eb".encode()}
    seen = read(tmp_path, said(CAMERA, "0.0.0.0", "255.255.255.255", 68, 67, dhcp(CAMERA, options), EVERYBODY))
    assert values(seen, "dhcp.hostname") == ["a[2Jb"]


def test_decoders_that_know_only_answers_are_those_of_the_probes() -> None:
    assert {sadp.PORT, tutk.PORT, 9999} <= {question.port for question in QUESTIONS}
