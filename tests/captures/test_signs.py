"""Signs of other networks in a capture: the same facts as in listening, and the same sentences in the report."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotsweep.captures import Heard, read_captures
from iotsweep.cli.app import app
from tests.captures.making import (
    CAMERA,
    CAMERA_IP,
    EVERYBODY,
    PHONE,
    ROUTER,
    arp,
    dhcp,
    ethernet,
    ipv6,
    pcap,
    said,
    write,
)
from tests.captures.making import packed as ip4
from tests.wire.test_switches import cdp, lldp

LLDP = ethernet(ROUTER, bytes.fromhex("0180c200000e"), 0x88CC, lldp())
SNAP = bytes.fromhex("01000ccccccc") + PHONE + bytes.fromhex("0040aaaa0300000c2000")
CDP = SNAP + cdp()
OWN, ALL_NODES = bytes.fromhex("fe80") + bytes(13) + b"\1", bytes.fromhex("ff02") + bytes(13) + b"\1"


def tagged(mac: bytes, vlan: int) -> bytes:
    plain = arp(mac, CAMERA_IP, "192.168.1.1")
    return plain[:12] + struct.pack("!HH", 0x8100, vlan) + plain[12:]


def offer(mac: bytes, server: str, message: int = 5) -> bytes:
    options = {53: bytes([message]), 54: ip4(server), 1: ip4("255.255.255.0")}
    return said(mac, server, "255.255.255.255", 67, 68, dhcp(CAMERA, options, 2, CAMERA_IP), EVERYBODY)


def advertisement(mac: bytes, lifetime: int = 1800) -> bytes:
    body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, lifetime, 0, 0)
    return ethernet(mac, b"\x33\x33\0\0\0\1", 0x86DD, ipv6(OWN, ALL_NODES, 58, body))


def read(folder: Path, *frames: bytes) -> Heard:
    return read_captures([write(folder, pcap(*frames))])


def told(heard: Heard, key: str) -> list[tuple[str | None, str]]:
    return [(one.mac, value) for one in heard.observations for value in one.values(key)]


def test_each_divided_network_of_a_device_is_told_once_and_a_mere_priority_is_not(tmp_path: Path) -> None:
    heard = read(tmp_path, *[tagged(CAMERA, 20), tagged(CAMERA, 20), tagged(CAMERA, 30), tagged(PHONE, 0xE000)] * 2)
    assert told(heard, "vlan.tag") == [(CAMERA.hex(":"), "20"), (CAMERA.hex(":"), "30")]


def test_a_switch_is_told_under_the_address_that_its_frames_have(tmp_path: Path) -> None:
    heard = read(tmp_path, LLDP, LLDP, CDP)
    assert told(heard, "lldp.name") == [(ROUTER.hex(":"), "switch-1")]
    assert told(heard, "lldp.vlan") == [(ROUTER.hex(":"), "20"), (ROUTER.hex(":"), "30")]
    assert told(heard, "cdp.platform") == [(PHONE.hex(":"), "cisco AIR")]


def test_who_gives_out_addresses_and_who_is_a_way_out_is_told(tmp_path: Path) -> None:
    heard = read(tmp_path, offer(ROUTER, "192.168.1.1"), offer(PHONE, "192.168.1.2", 2), advertisement(ROUTER))
    assert told(heard, "dhcp.server") == [(ROUTER.hex(":"), "192.168.1.1"), (PHONE.hex(":"), "192.168.1.2")]
    assert told(heard, "ndp.router") == [(ROUTER.hex(":"), "yes")]


def test_who_is_no_way_out_says_so_with_a_lifetime_of_zero(tmp_path: Path) -> None:
    assert told(read(tmp_path, advertisement(PHONE, 0)), "ndp.router") == []


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ((tagged(CAMERA, 20),), "divided"),
        ((SNAP + cdp(vlan=0),), "ap-1"),
        ((offer(ROUTER, "192.168.1.1"), offer(PHONE, "192.168.1.2")), "192.168.1.1, 192.168.1.2"),
        ((advertisement(ROUTER), advertisement(PHONE)), f"{PHONE.hex(':')}, {ROUTER.hex(':')}"),
    ],
)
def test_the_report_of_a_capture_says_what_of_the_home_it_may_not_show(
    tmp_path: Path, frames: tuple[bytes, ...], words: str
) -> None:
    done = CliRunner().invoke(app, ["read", str(write(tmp_path, pcap(*frames))), "--plain"])
    assert done.exit_code == 0, done.output
    assert any(words in line for line in done.output.splitlines() if line.startswith("Not checked: "))
