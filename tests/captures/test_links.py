"""The same device is found whatever the link: tags, cooked captures, bare packets, Wi-Fi heard over the air."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from iotsweep.captures import read_captures
from tests.captures.making import (
    CAMERA,
    CAMERA_IP,
    EVERYBODY,
    ROUTER,
    ROUTER_IP,
    ethernet,
    ipv4,
    packed,
    pcap,
    question,
    said,
    udp,
    write,
)

ASKED = ipv4(CAMERA_IP, ROUTER_IP, 17, udp(50000, 53, question("api.maker.example")))
NAMED = ("dns.query", "api.maker.example")


def facts(tmp_path: Path, data: bytes) -> set[tuple[str | None, str | None, tuple[tuple[str, str], ...]]]:
    return {(o.mac, o.ip, o.facts) for o in read_captures([write(tmp_path, data)]).observations}


@pytest.mark.parametrize("tags", [(), (0x8100,), (0x88A8, 0x8100), (0x9100, 0x8100, 0x8100)])
def test_tags_are_passed_over(tmp_path: Path, tags: tuple[int, ...]) -> None:
    frame = ethernet(CAMERA, ROUTER, 0x0800, ASKED, tags)
    assert ("50:c7:bf:01:02:03", CAMERA_IP, (NAMED,)) in facts(tmp_path, pcap(frame))


def test_a_frame_of_nothing_but_tags_is_counted_and_not_read(tmp_path: Path) -> None:
    heard = read_captures([write(tmp_path, pcap(ethernet(CAMERA, ROUTER, 0x0800, ASKED, (0x8100,) * 40)))])
    assert "1 frames of visit.pcap could not be read" in heard.runs[0].limits
    assert [o.mac for o in heard.observations] == ["50:c7:bf:01:02:03"]


def test_a_frame_that_comes_tagged_and_untagged_is_one_message(tmp_path: Path) -> None:
    both = pcap(ethernet(CAMERA, ROUTER, 0x0800, ASKED), ethernet(CAMERA, ROUTER, 0x0800, ASKED, (0x8100,)))
    heard = read_captures([write(tmp_path, both)])
    assert sum(o.facts == (NAMED,) for o in heard.observations) == 1


def test_a_cooked_capture_tells_the_sender(tmp_path: Path) -> None:
    one = struct.pack("!HHH8sH", 0, 1, 6, CAMERA, 0x0800) + ASKED
    two = struct.pack("!HHIHBB8s", 0x0800, 0, 2, 1, 0, 6, CAMERA) + ASKED
    tagged = struct.pack("!HHH8sHHH", 0, 1, 6, CAMERA, 0x8100, 7, 0x0800) + ASKED
    for link, frame in ((113, one), (276, two), (113, tagged)):
        assert ("50:c7:bf:01:02:03", CAMERA_IP, (NAMED,)) in facts(tmp_path, pcap(frame, link=link))


@pytest.mark.parametrize(
    ("link", "front"), [(12, b""), (14, b""), (101, b""), (228, b""), (0, b"\2\0\0\0"), (108, b"\0\0\0\2")]
)
def test_bare_packets_name_devices_by_address_alone(tmp_path: Path, link: int, front: bytes) -> None:
    told = facts(tmp_path, pcap(front + ASKED, link=link))
    assert (None, CAMERA_IP, (NAMED,)) in told
    assert (None, CAMERA_IP, (("ip.v4", CAMERA_IP),)) in told


def test_over_the_air_only_hardware_addresses_and_access_points_names_are_taken(tmp_path: Path) -> None:
    radiotap = struct.pack("<BBHI", 0, 0, 8, 0)
    access_point, station = bytes.fromhex("a42bb0000001"), bytes.fromhex("50c7bf010203")
    beacon = b"\x80\0\0\0" + EVERYBODY + access_point + access_point + bytes(2) + bytes(12) + b"\0\4Home"
    search = b"\x40\0\0\0" + EVERYBODY + station + EVERYBODY + bytes(2) + b"\0\x0bGrandma5GHz"
    told = facts(tmp_path, pcap(radiotap + beacon, radiotap + search, link=127))
    assert ("a4:2b:b0:00:00:01", None, (("wifi.bssid", "a4:2b:b0:00:00:01"), ("wifi.ssid", "Home"))) in told
    assert ("50:c7:bf:01:02:03", None, (("mac.address", "50:c7:bf:01:02:03"),)) in told
    assert "Grandma" not in str(told)


def test_whatever_the_driver_put_in_front_a_sender_is_found(tmp_path: Path) -> None:
    search = b"\x40\0\0\0" + EVERYBODY + CAMERA + EVERYBODY + bytes(2)
    avs = struct.pack("!II", 0x80211001, 64) + bytes(56)
    per_packet = struct.pack("<BBHI", 0, 0, 12, 105) + bytes(4)
    for link, front in ((105, b""), (119, bytes(144)), (163, avs), (192, per_packet)):
        told = facts(tmp_path, pcap(front + search, link=link))
        assert ("50:c7:bf:01:02:03", None, (("mac.address", "50:c7:bf:01:02:03"),)) in told, link


def test_a_device_is_found_by_any_frame_that_it_sends(tmp_path: Path) -> None:
    frames = {
        "802.1X": ethernet(CAMERA, ROUTER, 0x888E, bytes(46)),
        "LLC XID": ethernet(CAMERA, EVERYBODY, 6, b"\0\1\xaf\x81\1\0"),
        "SNAP": ethernet(CAMERA, EVERYBODY, 8, b"\xaa\xaa\3\0\0\0\x88\x8e"),
        "spanning tree": ethernet(CAMERA, bytes.fromhex("0180c2000000"), 38, b"BB\3" + bytes(35)),
        "LLDP": ethernet(CAMERA, bytes.fromhex("0180c200000e"), 0x88CC, bytes(46)),
        "PPPoE": ethernet(CAMERA, ROUTER, 0x8863, bytes(46)),
        "Wake-on-LAN": ethernet(CAMERA, EVERYBODY, 0x0842, bytes(46)),
        "a damaged packet": ethernet(CAMERA, ROUTER, 0x0800, b"\x65" + bytes(45)),
        "fourteen bytes": ROUTER + CAMERA + b"\x08\0",
    }
    for form, frame in frames.items():
        assert ("50:c7:bf:01:02:03", None, (("mac.address", "50:c7:bf:01:02:03"),)) in facts(tmp_path, pcap(frame)), (
            form
        )


def test_a_capture_from_the_air_says_that_neighbours_can_be_in_it(tmp_path: Path) -> None:
    frame = struct.pack("<BBHI", 0, 0, 8, 0) + b"\x40\0\0\0" + EVERYBODY + CAMERA + EVERYBODY + bytes(2)
    assert "neighbours" in read_captures([write(tmp_path, pcap(frame, link=127))]).runs[0].limits[-1]


def test_frames_of_an_unknown_link_are_counted_and_named(tmp_path: Path) -> None:
    limits = read_captures([write(tmp_path, pcap(b"abc", link=147))]).runs[0].limits
    assert "1 frames of visit.pcap could not be read" in limits
    assert any("(147)" in limit for limit in limits)


def test_later_fragments_are_not_taken_for_a_beginning(tmp_path: Path) -> None:
    body = udp(50000, 53, question("api.maker.example"))
    frame = ethernet(CAMERA, ROUTER, 0x0800, ipv4(CAMERA_IP, ROUTER_IP, 17, body, fragment=5))
    assert not any(NAMED in facts for _, _, facts in facts(tmp_path, pcap(frame)))


def test_a_group_is_no_device(tmp_path: Path) -> None:
    odd = said(EVERYBODY, "255.255.255.255", "224.0.0.1", 1, 53, question("api.maker.example"))
    assert not any(mac for mac, _, _ in facts(tmp_path, pcap(odd)))
    assert packed("224.0.0.1")
