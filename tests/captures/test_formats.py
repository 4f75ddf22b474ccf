"""Capture files of every form give the same frames; broken ones give what they hold, and say so."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path

import pytest

from iotsweep.captures import CaptureError, read_captures
from iotsweep.captures.files import Source
from tests.captures.making import CAMERA, CAMERA_IP, ROUTER_IP, arp, block, pcap, pcapng, write

FRAME = arp(CAMERA, CAMERA_IP, ROUTER_IP)


def macs(path: Path) -> list[str | None]:
    return [observation.mac for observation in read_captures([path]).observations]


@pytest.mark.parametrize(
    "data",
    [
        pcap(FRAME),
        pcap(FRAME, order=">"),
        pcap(FRAME, magic=0xA1B23C4D),
        pcap(FRAME, magic=0xA1B23C4D, order=">"),
        pcapng(FRAME),
        pcapng(FRAME, order=">"),
        gzip.compress(pcap(FRAME)),
        gzip.compress(pcap(FRAME)[:50]) + gzip.compress(pcap(FRAME)[50:]),
        gzip.compress(pcapng(FRAME)) + bytes(512),
    ],
)
def test_every_form_gives_the_same_device_at_the_same_time(tmp_path: Path, data: bytes) -> None:
    heard = read_captures([write(tmp_path, data)])
    assert [(o.mac, o.ip) for o in heard.observations] == [("50:c7:bf:01:02:03", CAMERA_IP)]
    assert heard.started.startswith("2023-11-14T22:13:20.")
    assert heard.partial is None


def test_kuznetzovs_longer_record_headers_are_read(tmp_path: Path) -> None:
    data = struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1)
    data += struct.pack("<IIII", 1_700_000_000, 0, len(FRAME), len(FRAME)) + bytes(8) + FRAME
    assert macs(write(tmp_path, data)) == ["50:c7:bf:01:02:03"]


def test_simple_and_old_packet_blocks_are_read_and_unknown_blocks_passed_over(tmp_path: Path) -> None:
    simple = block(3, struct.pack("<I", len(FRAME)) + FRAME)
    old = block(2, struct.pack("<HHIIII", 0, 0, 0, 0, len(FRAME), len(FRAME)) + FRAME)
    for packet in (simple, old):
        assert macs(write(tmp_path, pcapng() + block(0x0BAD, bytes(3_000_000)) + packet)) == ["50:c7:bf:01:02:03"]


def test_the_clock_of_an_interface_is_kept(tmp_path: Path) -> None:
    nano = struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HHq", 14, 8, 3600)
    heard = read_captures([write(tmp_path, pcapng(FRAME, options=nano, ticks=1_700_000_000 * 10**9))])
    assert heard.started == "2023-11-14T23:13:20.000000Z"


def test_an_absurd_clock_is_no_crash(tmp_path: Path) -> None:
    absurd = struct.pack("<HHB3x", 9, 1, 0xFF) + struct.pack("<HHq", 14, 8, 2**62)
    assert read_captures([write(tmp_path, pcapng(FRAME, options=absurd))]).started.startswith("9999-")


def test_two_sections_of_different_byte_order_are_one_capture(tmp_path: Path) -> None:
    other = arp(bytes.fromhex("50c7bf010204"), "192.168.1.11", ROUTER_IP)
    assert len(macs(write(tmp_path, pcapng(FRAME) + pcapng(other, order=">")))) == 2


def test_a_capture_that_ends_in_the_middle_of_a_frame_keeps_the_others_and_says_so(tmp_path: Path) -> None:
    for data in (pcap(FRAME, FRAME)[:-5], pcapng(FRAME, FRAME)[:-5]):
        heard = read_captures([write(tmp_path, data)])
        assert len(heard.observations) == 1
        assert any("it ends in the middle of a" in limit for limit in heard.runs[0].limits)
        assert heard.partial is None


def test_a_packed_capture_that_was_cut_off_keeps_what_it_holds(tmp_path: Path) -> None:
    frames = [arp(bytes([2, 0, 0, 0, number >> 8, number & 255]), "10.0.0.1", "10.0.0.2") for number in range(3000)]
    packed = gzip.compress(pcap(*frames))
    heard = read_captures([write(tmp_path, packed[: len(packed) // 2])])
    assert 100 < len(heard.observations) < 3000
    assert any("its packed content ends too early" in limit for limit in heard.runs[0].limits)


def test_a_frame_that_cannot_be_ends_the_reading_with_a_sentence(tmp_path: Path) -> None:
    damaged = pcap(FRAME) + struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 0x7FFFFFFF) + bytes(100)
    heard = read_captures([write(tmp_path, damaged)])
    assert len(heard.observations) == 1
    assert "visit.pcap: it is damaged: a frame of 2147483647 bytes" in (heard.partial or "")


def _close_unread(source: Source) -> str:
    source._file.close()
    source._hasher.shutdown()
    return "0" * 64


def test_ten_gigabytes_of_nothing_end_soon_and_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, pcap(FRAME))
    with path.open("r+b") as file:
        file.truncate(10 << 30)
    monkeypatch.setattr(Source, "close", _close_unread)  # hashing ten gigabytes takes a while
    tracemalloc.start()
    heard = read_captures([path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(heard.observations) == 1
    assert "the rest of it is empty" in heard.runs[0].limits[1]
    assert peak < 20 << 20


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", bytes(5000), gzip.compress(b"hello"), b"\xd4\xc3\xb2\xa1"]
)
def test_what_is_no_capture_is_refused_by_name_with_the_remedy(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CaptureError, match=r"^visit\.pcap .*pcap and pcapng captures"):
        read_captures([write(tmp_path, data)])


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"gone\.pcap cannot be read .*: give the name of a file"):
        read_captures([tmp_path / "gone.pcap"])


def test_the_report_names_the_file_its_hash_and_its_frames(tmp_path: Path) -> None:
    import hashlib

    data = pcap(FRAME, FRAME)
    limits = read_captures([write(tmp_path, data)]).runs[0].limits
    assert hashlib.sha256(data).hexdigest() in limits[0]
    assert "visit.pcap" in limits[0]
    assert "2 frames" in limits[0]


def test_whoever_stops_the_reading_keeps_what_was_read(tmp_path: Path) -> None:
    asked = iter([False] * 3)
    heard = read_captures([write(tmp_path, pcap(FRAME))], lambda: next(asked, True))
    assert "stopped by hand" in (heard.partial or "")
