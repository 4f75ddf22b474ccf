"""Whatever is in a capture: no crash, bounded memory, and a count of what could not be read."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.captures import CaptureError, read_captures
from iotsweep.captures.lan import MOST_OF_ONE, Lan
from iotsweep.captures.memory import Recent
from iotsweep.wire.frames import Link
from tests.captures.making import (
    CAMERA,
    CAMERA_IP,
    PHONE,
    PHONE_IP,
    ROUTER_IP,
    SERVER_IP,
    arp,
    dhcp,
    hello,
    pcap,
    pcapng,
    question,
    said,
    sent,
    write,
)
from tests.wire.mdns_packets import printer

FRAMES = (
    arp(CAMERA, CAMERA_IP, ROUTER_IP),
    said(CAMERA, CAMERA_IP, ROUTER_IP, 50000, 53, question("api.maker.example")),
    said(CAMERA, CAMERA_IP, "224.0.0.251", 5353, 5353, printer(CAMERA_IP)),
    said(CAMERA, "0.0.0.0", "255.255.255.255", 68, 67, dhcp(CAMERA, {53: b"\3", 12: b"cam", 81: b"\4\0\0\3cam\0"})),
    sent(CAMERA, CAMERA_IP, SERVER_IP, (40000, 443), hello("mqtt.maker.example")),
    sent(CAMERA, CAMERA_IP, PHONE_IP, (80, 40001), b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", PHONE),
)
LINKS = (0, 1, 12, 101, 105, 113, 127, 192, 276)


def never_breaks(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            read_captures([write(Path(folder), data)])
        except CaptureError:
            return


@settings(max_examples=120, deadline=None, database=None)
@given(
    st.sampled_from([pcap(*FRAMES), pcapng(*FRAMES), pcap(*FRAMES, order=">")]),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=8)), max_size=12),
    st.integers(0, 2000),
)
def test_a_damaged_capture_never_breaks_anything(data: bytes, damages: list[tuple[int, bytes]], length: int) -> None:
    whole = bytearray(data)
    for place, noise in damages:
        whole[place % len(whole) : place % len(whole) + len(noise)] = noise
    never_breaks(bytes(whole[: max(4, len(whole) - length % len(whole))]))


@settings(max_examples=120, deadline=None, database=None)
@given(st.lists(st.binary(max_size=200), max_size=8), st.sampled_from(LINKS))
def test_frames_of_noise_never_break_anything(frames: list[bytes], link: int) -> None:
    never_breaks(pcap(*frames, link=link))


@settings(max_examples=60, deadline=None, database=None)
@given(st.binary(max_size=400), st.sampled_from([53, 67, 137, 138, 1900, 3702, 5353, 5355, 6666, 9999, 32100, 40000]))
def test_messages_of_noise_never_break_anything(payload: bytes, port: int) -> None:
    never_breaks(
        pcap(
            said(CAMERA, CAMERA_IP, PHONE_IP, port, port, payload, PHONE),
            sent(CAMERA, CAMERA_IP, PHONE_IP, (port, 40000), payload, PHONE),
        )
    )


def test_a_name_that_loops_is_left_out(tmp_path: Path) -> None:
    looping = b"\0\1\1\0\0\1" + bytes(6) + b"\xc0\x0c\0\1\0\1"
    heard = read_captures([write(tmp_path, pcap(said(CAMERA, CAMERA_IP, ROUTER_IP, 50000, 53, looping)))])
    assert not any(o.first("dns.query") for o in heard.observations)


def test_an_instance_that_is_pointed_to_from_elsewhere_is_no_crash(tmp_path: Path) -> None:
    data = bytearray(printer(CAMERA_IP))
    data[data.index(b"_tcp") + 1] = 0  # the type's name, so that it no longer leads to its instance
    never_breaks(pcap(said(CAMERA, CAMERA_IP, "224.0.0.251", 5353, 5353, bytes(data))))


def test_a_sender_with_thousands_of_addresses_keeps_some(tmp_path: Path) -> None:
    lan = Lan()
    for number in range(5000):
        lan.bind(CAMERA, bytes([10, 0, number >> 8, number & 255]), (0, Link(1)), sure=True)
    assert len(lan.places[CAMERA].ips) == MOST_OF_ONE


def test_what_was_lately_seen_is_forgotten_in_time() -> None:
    recent = Recent(4)
    assert not recent.has("first")
    assert recent.has("first")
    for number in range(20):
        recent.has(number)
    assert not recent.has("first")


def test_ten_times_the_frames_take_no_more_memory(tmp_path: Path) -> None:
    import tracemalloc

    chance = random.Random(3)
    few, many = tmp_path / "few.pcap", tmp_path / "many.pcap"
    frames = [
        sent(CAMERA, CAMERA_IP, SERVER_IP, (chance.randrange(1024, 65536), 443), b"\x17\3\3" + bytes(900), at=n)
        for n in range(3000)
    ]
    few.write_bytes(pcap(*frames))
    many.write_bytes(pcap(*frames * 10))
    peaks = []
    for path in (few, many):
        tracemalloc.start()
        read_captures([path])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
