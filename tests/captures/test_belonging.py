"""Whom a message belongs to: never the router that passed it on, never who only asked."""

from __future__ import annotations

from pathlib import Path

from iotsweep.captures import Heard, read_captures
from iotsweep.devices import gather
from iotsweep.model import Observation, Profile
from iotsweep.vendors import load_vendors
from tests.captures.making import (
    CAMERA,
    CAMERA_IP,
    PHONE,
    PHONE_IP,
    ROUTER,
    ROUTER_IP,
    SERVER_IP,
    arp,
    dhcp,
    ethernet,
    ipv4,
    ipv6,
    packed,
    pcap,
    said,
    sent,
    tcp,
    udp,
    write,
)
from tests.wire.mdns_packets import printer

OUT = sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), b"\x17\3\3\0\1x")
BACK = sent(ROUTER, SERVER_IP, CAMERA_IP, (443, 40000), b"HTTP/1.1 200 OK\r\nServer: far\r\n\r\n", CAMERA)


def read(folder: Path, *frames: bytes) -> Heard:
    return read_captures([write(folder, pcap(*frames))])


def of(heard: Heard, mac: bytes) -> list[Observation]:
    return [o for o in heard.observations if o.mac == mac.hex(":")]


def test_what_comes_from_beyond_the_home_is_not_the_routers(tmp_path: Path) -> None:
    heard = read(tmp_path, OUT, BACK, arp(ROUTER, ROUTER_IP, CAMERA_IP))
    assert not any(o.first("http.server") for o in heard.observations)
    assert {(o.ip, o.first("ip.forwards")) for o in of(heard, ROUTER)} == {(ROUTER_IP, "yes")}


def test_the_scope_is_read_off_the_frames_and_nobody_consented(tmp_path: Path) -> None:
    scope = read(tmp_path, OUT, BACK, arp(ROUTER, ROUTER_IP, CAMERA_IP)).scope
    assert (scope.network, scope.gateway, scope.profile, scope.consent) == (
        "192.168.1.0/24",
        ROUTER_IP,
        Profile.QUIET,
        None,
    )
    assert scope.interface == "the capture visit.pcap"


def test_a_dhcp_server_tells_the_network_and_the_router(tmp_path: Path) -> None:
    options = {53: b"\5", 1: packed("255.255.252.0"), 3: packed(ROUTER_IP), 12: b"porch"}
    frame = said(ROUTER, ROUTER_IP, CAMERA_IP, 67, 68, dhcp(CAMERA, options, 2, CAMERA_IP), CAMERA)
    heard = read(tmp_path, frame)
    assert (heard.scope.network, heard.scope.gateway) == ("192.168.0.0/22", ROUTER_IP)
    assert {(o.ip, o.first("dns.name"), o.first("dhcp.hostname")) for o in of(heard, CAMERA)} == {
        (CAMERA_IP, "porch", None),
        (CAMERA_IP, None, None),
    }


def test_a_name_with_a_machines_digits_is_the_devices_own(tmp_path: Path) -> None:
    frame = said(ROUTER, ROUTER_IP, CAMERA_IP, 67, 68, dhcp(CAMERA, {53: b"\5", 12: b"maker_cam_060a02"}, 2, CAMERA_IP))
    assert "maker_cam_060a02" in [o.first("dhcp.hostname") for o in of(read(tmp_path, frame), CAMERA)]


def test_a_capture_without_addresses_has_no_network(tmp_path: Path) -> None:
    heard = read(tmp_path, ethernet(CAMERA, b"\xff" * 6, 0x888E, bytes(46)))
    assert (heard.scope.network, heard.scope.gateway) == ("unknown network", None)
    assert [o.mac for o in heard.observations] == [CAMERA.hex(":")]


def test_a_device_that_frames_were_only_sent_to_is_there_too(tmp_path: Path) -> None:
    heard = read(tmp_path, BACK)
    assert {(o.mac, o.ip) for o in heard.observations} == {(ROUTER.hex(":"), None), (CAMERA.hex(":"), CAMERA_IP)}


def test_a_router_has_its_own_address_and_none_that_it_passed_on(tmp_path: Path) -> None:
    behind = said(ROUTER, "10.9.9.9", CAMERA_IP, 1900, 50000, b"HTTP/1.1 200 OK\r\nST: a\r\nUSN: b\r\n\r\n", CAMERA)
    heard = read(tmp_path, OUT, BACK, behind, arp(ROUTER, ROUTER_IP, CAMERA_IP))
    assert {o.ip for o in of(heard, ROUTER)} == {ROUTER_IP}


def test_a_device_with_a_public_address_of_its_own_is_no_router(tmp_path: Path) -> None:
    public = "129.10.227.207"
    asks = sent(CAMERA, public, SERVER_IP, (40000, 80), b"GET / HTTP/1.1\r\nUser-Agent: Maker Cam\r\n\r\n")
    heard = read(tmp_path, arp(CAMERA, public, "129.10.227.129"), asks)
    assert "Maker Cam" in [o.first("http.user_agent") for o in of(heard, CAMERA)]
    assert not any(o.first("ip.forwards") for o in of(heard, CAMERA))


def test_a_device_with_a_public_address_is_known_without_arp_by_packets_that_no_router_passed_on(
    tmp_path: Path,
) -> None:
    public = "129.10.227.207"
    asks = sent(CAMERA, public, SERVER_IP, (40000, 80), b"GET / HTTP/1.1\r\nUser-Agent: Maker Cam\r\n\r\n")
    answer = ethernet(ROUTER, CAMERA, 0x0800, ipv4(SERVER_IP, public, 6, tcp(80, 40000, b"HTTP/1.1 200 OK"), lives=47))
    for frames in ((asks, answer), (answer, asks)):
        heard = read(tmp_path, *frames)
        assert "Maker Cam" in [o.first("http.user_agent") for o in of(heard, CAMERA)]
        assert {o.ip for o in of(heard, CAMERA)} == {public}
        assert not any(o.first("ip.forwards") for o in of(heard, CAMERA))
        assert {(o.ip, o.first("ip.forwards")) for o in of(heard, ROUTER)} == {(None, "yes")}
        assert heard.scope.network == "129.10.227.0/24"


def test_two_devices_with_public_addresses_that_speak_to_each_other_are_no_routers(tmp_path: Path) -> None:
    one, other = "129.10.227.207", "129.10.227.14"
    heard = read(
        tmp_path,
        sent(CAMERA, one, other, (554, 40000), b"RTSP/1.0 200 OK\r\nServer: Maker\r\n\r\n", PHONE),
        sent(PHONE, other, one, (40000, 554), b"x", CAMERA),
    )
    assert {o.ip for o in of(heard, CAMERA)} == {one}
    assert "Maker" in [o.first("rtsp.server") for o in of(heard, CAMERA)]
    assert not any(o.first("ip.forwards") for o in heard.observations)


def test_a_phone_that_leaks_its_mobile_address_is_no_router(tmp_path: Path) -> None:
    leak = sent(PHONE, "21.34.56.78", SERVER_IP, (40000, 443), b"x")
    heard = read(tmp_path, leak, arp(PHONE, PHONE_IP, ROUTER_IP), leak)
    assert {(o.ip, o.first("ip.forwards")) for o in of(heard, PHONE)} == {(PHONE_IP, None)}


def test_who_answers_for_far_addresses_is_a_router_and_does_not_have_them(tmp_path: Path) -> None:
    hijack = sent(ROUTER, "8.8.8.8", "129.10.227.207", (53, 40000), b"x", CAMERA)
    heard = read(tmp_path, arp(ROUTER, ROUTER_IP, CAMERA_IP), hijack, OUT, BACK)
    assert {(o.ip, o.first("ip.forwards")) for o in of(heard, ROUTER)} == {(ROUTER_IP, "yes")}


def test_devices_that_had_one_address_one_after_the_other_are_two(tmp_path: Path) -> None:
    camera = sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 80), b"GET / HTTP/1.1\r\nUser-Agent: Maker Cam\r\n\r\n")
    phone = sent(PHONE, CAMERA_IP, SERVER_IP, (40000, 80), b"GET / HTTP/1.1\r\nUser-Agent: Phone\r\n\r\n")
    heard = read(tmp_path, arp(CAMERA, CAMERA_IP, ROUTER_IP), camera, arp(PHONE, CAMERA_IP, ROUTER_IP), phone)
    assert {o.ip for o in of(heard, CAMERA)} == {None}
    assert {o.ip for o in of(heard, PHONE)} == {CAMERA_IP}
    assert "Maker Cam" in [o.first("http.user_agent") for o in of(heard, CAMERA)]
    assert any(CAMERA_IP in limit and "for the last" in limit for limit in heard.runs[-1].limits)
    devices = gather(heard.observations, heard.scope, load_vendors())
    assert [len(each.macs) for each in devices if each.macs] == [1] * sum(bool(each.macs) for each in devices)


def test_a_home_may_use_the_addresses_that_providers_share(tmp_path: Path) -> None:
    heard = read(tmp_path, sent(CAMERA, "100.64.7.9", SERVER_IP, (40000, 443), b"\x17\3\3\0\1x"))
    assert {(o.ip, o.first("ip.forwards")) for o in of(heard, CAMERA)} == {("100.64.7.9", None)}
    assert heard.scope.network == "100.64.7.0/24"


def test_an_ipv6_address_is_its_devices_and_not_that_of_the_internet(tmp_path: Path) -> None:
    own, far = bytes.fromhex("fe80" + "0" * 12 + "52c7bffffe010203"), bytes.fromhex("2606280002200001024818935c8170ff")
    group = bytes.fromhex("ff02" + "0" * 27 + "1")
    solicited = ipv6(own, group, 58, b"\x87\0\0\0" + bytes(4) + own)
    advertised = ethernet(
        ROUTER, b"\x33\x33\0\0\0\1", 0x86DD, ipv6(own[:8] + bytes(7) + b"\1", group, 58, b"\x86" + bytes(15))
    )
    passed = ethernet(ROUTER, CAMERA, 0x86DD, ipv6(far, own, 17, udp(443, 5000, b"x")))
    heard = read(tmp_path, ethernet(CAMERA, b"\x33\x33\0\0\0\1", 0x86DD, solicited), advertised, passed)
    assert {o.first("ip.v6") for o in of(heard, CAMERA)} == {"fe80::52c7:bfff:fe01:203"}
    assert {o.first("ip.v6") for o in of(heard, ROUTER)} == {"fe80::1"}


def test_an_announcement_for_another_host_says_who_told_it(tmp_path: Path) -> None:
    reply = printer("192.168.1.77")
    heard = read(tmp_path, arp(PHONE, PHONE_IP, ROUTER_IP), said(PHONE, PHONE_IP, "224.0.0.251", 5353, 5353, reply))
    told = [o for o in heard.observations if o.first("mdns.service")]
    assert [(o.mac, o.ip, o.first("mdns.from"), o.first("mdns.port")) for o in told] == [
        (None, "192.168.1.77", PHONE_IP, "631")
    ]
