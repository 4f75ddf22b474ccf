"""Listening: who speaks is heard, questions are no identity, and nothing is sent."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotsweep.model import Observation, Profile
from iotsweep.network.ear import is_for_all
from iotsweep.network.frames import describe_frame
from iotsweep.probes import Probe
from iotsweep.probes._hearsay import Hearsay
from iotsweep.probes.listen import PROBE
from tests.network.laboratory import MAC, context, home, in_lab, scope, shared
from tests.probes.fake_network import FakeDoor, at_once, make_context
from tests.probes.unasked import (
    CAMERA,
    FIREWALLA,
    PHONE,
    PRINTER,
    SENSOR,
    arp,
    dhcp_request,
    ethernet,
    ipv6,
    mdns_announcement,
    name,
    play,
    solicitation,
    udp,
)

HOST_NAME, CLASS, ASKED = (12, b"ipcam-7"), (60, b"udhcp 1.24.1"), (55, bytes([1, 3, 6, 15]))
LINK_LOCAL = "fe80::aa:ff:fe00:4"
ANNOUNCED = mdns_announcement("_rtsp._tcp", "Hallway camera", "cam", "10.77.0.20", ["model=C1"])
FRAMES = (
    dhcp_request(CAMERA, [HOST_NAME, CLASS, ASKED]),
    arp(PRINTER, "10.77.0.21", "10.77.0.1"),
    udp(CAMERA, "10.77.0.20", "224.0.0.251", 5353, 5353, ANNOUNCED),
    arp(PHONE, "0.0.0.0", "10.77.0.22"),
    solicitation(SENSOR, "::", LINK_LOCAL),
    arp(FIREWALLA, "10.77.0.1", "10.77.0.30"),
)


def take(*frames: bytes) -> list[Observation]:
    """What is observed of these frames."""
    seen: list[Observation] = []

    async def go() -> None:
        hearsay = Hearsay(make_context(FakeDoor(), seen))
        for frame in frames:
            hearsay.take_frame(frame)
        hearsay.finish()

    at_once(go())
    return seen


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


def test_who_asks_by_arp_is_there() -> None:
    (seen,) = take(arp(PRINTER, "192.168.7.21", "192.168.7.1"))
    assert (seen.mac, seen.ip, seen.facts) == (PRINTER, "192.168.7.21", (("mac.address", PRINTER),))


def test_who_looks_whether_an_address_is_free_is_there_without_one() -> None:
    (seen,) = take(arp(PHONE, "0.0.0.0", "192.168.7.22"))
    assert (seen.mac, seen.ip) == (PHONE, None)


def test_a_dhcp_request_tells_name_class_and_what_was_asked_for() -> None:
    (seen,) = take(dhcp_request(CAMERA, [HOST_NAME, CLASS, ASKED, (61, b"\1" + bytes.fromhex("02aa00000001"))]))
    assert seen.mac == CAMERA
    assert dict(seen.facts) == {
        "mac.address": CAMERA,
        "dhcp.hostname": "ipcam-7",
        "dhcp.vendor_class": "udhcp 1.24.1",
        "dhcp.options": "1,3,6,15",
        "dhcp.client_id": CAMERA,
        "dhcp.message": "request",
    }


def test_a_question_names_its_sender_and_nothing_else() -> None:
    question = b"\0" * 5 + b"\1" + b"\0" * 6 + name("_hue", "_tcp", "local") + b"\0\x0c\0\1"
    for port in (5353, 5355):
        (seen,) = take(udp(PHONE, "192.168.7.9", "224.0.0.251", port, port, question))
        assert seen.facts == (("mac.address", PHONE),)
    search = b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: roku:ecp\r\n\r\n'
    (seen,) = take(ipv6(PHONE, LINK_LOCAL, "ff02::c", 17, b"\x80\0\x07\x6c\0\0\0\0" + search))
    assert seen.facts == (("ip.v6", LINK_LOCAL), ("mac.address", PHONE))


def test_who_joins_by_ipv6_is_there_with_the_address_that_it_takes() -> None:
    (seen,) = take(solicitation(SENSOR, "::", LINK_LOCAL))
    assert (seen.mac, seen.facts) == (SENSOR, (("ip.v6", LINK_LOCAL), ("mac.address", SENSOR)))


def test_an_announcement_by_ipv6_alone_is_taken_in() -> None:
    announced = mdns_announcement("_hap._tcp", "Doorbell", "bell", "192.168.7.30", ["md=DB1"])
    seen = take(ipv6(SENSOR, LINK_LOCAL, "ff02::fb", 17, b"\x14\xe9\x14\xe9\0\0\0\0" + announced))
    facts = dict(seen[-1].facts)
    assert (seen[-1].mac, seen[-1].ip) == (SENSOR, "192.168.7.30")
    assert (facts["mdns.service"], facts["mdns.name"], facts["mdns.txt.md"]) == ("_hap._tcp", "Doorbell", "DB1")


def test_a_computer_that_registers_its_name_tells_it() -> None:
    letters = b"".join(bytes([0x41 + (byte >> 4), 0x41 + (byte & 15)]) for byte in b"ATTIC-PC".ljust(15) + b"\0")
    asked = b"\0\1\x29\x10\0\1\0\0\0\0\0\1" + b"\x20" + letters + b"\0" + b"\0\x20\0\1"
    record = b"\xc0\x0c\0\x20\0\1\0\0\0\0\0\6\0\0" + bytes([192, 168, 7, 40])
    seen = take(udp(PHONE, "192.168.7.40", "192.168.7.255", 137, 137, asked + record))
    assert ("netbios.name", "ATTIC-PC") in seen[-1].facts


def test_the_same_thing_is_told_once_and_our_own_frames_never() -> None:
    one = arp(PRINTER, "192.168.7.21", "192.168.7.1")
    assert len(take(one, one, one)) == 1
    assert take(arp("02:00:00:00:00:02", "192.168.7.2", "192.168.7.1")) == []


def test_an_address_of_another_network_is_no_device_here() -> None:
    (seen,) = take(udp(PHONE, "8.8.8.8", "255.255.255.255", 68, 6666, b"x"), arp(PHONE, "192.168.7.9", "192.168.7.1"))
    assert seen.ip == "192.168.7.9"


@given(st.binary(max_size=120), st.sampled_from(FRAMES), st.integers(0, 119))
def test_no_frame_makes_it_fail(noise: bytes, frame: bytes, place: int) -> None:
    take(noise, frame[:place] + noise, frame[: 14 + place % 40] + noise + frame[40:])


def test_frames_between_others_are_not_kept() -> None:
    own = bytes.fromhex(MAC.replace(":", ""))
    other = bytes.fromhex("02aa00000009")
    assert not is_for_all(ethernet(other, PHONE, 0x0800, b""), own)
    assert not is_for_all(ethernet(bytes(6), MAC, 0x0800, b""), own)
    assert is_for_all(FRAMES[0], own)
    assert is_for_all(ethernet(own, PHONE, 0x0806, b""), own)
    assert not is_for_all(b"", own)


# --- on a wire -----------------------------------------------------------------------------------------------


async def check_that_nothing_is_sent() -> dict[str, Any]:
    async with home([], far=lambda: play(FRAMES)) as recorder:
        own = replace(scope(), profile=Profile.QUIET)
        seen = context("listen", own, shared(own), seconds=2)
        await PROBE.run(seen.context)
        return {
            "pairs": seen.pairs(),
            "facts": [dict(observation.facts) for observation in seen.observations],
            "sent": len(recorder.frames()),
            "limits": seen.context.limits,
        }


def test_devices_are_heard_and_not_one_frame_is_sent() -> None:
    result = in_lab("tests.probes.test_listen:check_that_nothing_is_sent")
    assert result["sent"] == 0
    pairs = {tuple(pair) for pair in result["pairs"]}
    assert {("10.77.0.20", CAMERA), ("10.77.0.21", PRINTER), (None, PHONE), (None, SENSOR)} <= pairs
    assert any(facts.get("dhcp.hostname") == "ipcam-7" for facts in result["facts"])
    assert result["limits"] == [
        "It listened for 2 seconds. What sent nothing in that time was not heard and may still be here."
    ]


def _scan(saved: Path, *options: str) -> list[str]:
    fixed = ["scan", "--interface", "eth0", "--no-input", "--consent", "owner", "--plain", "--save", str(saved)]
    return [sys.executable, "-m", "iotsweep", *fixed, *options]


async def _run_scan(*options: str, end_after: float = 0, ordinary: bool = False) -> dict[str, Any]:
    """A whole command on this wire, what it left behind and what it sent."""
    async with home([], far=lambda: play(FRAMES)) as recorder:
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder) / "visit.json"
            prefix = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if ordinary else []
            process = await asyncio.create_subprocess_exec(
                *prefix, *_scan(saved, *options), env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            if end_after:
                assert process.stderr
                while b"Found" not in await process.stderr.readline():
                    pass
                await asyncio.sleep(end_after)
                process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
            report = json.loads(saved.read_text()) if saved.exists() else {}
        sent = [describe_frame(frame) for _, frame, _ in recorder.frames()]
        return {
            "code": process.returncode,
            "output": (out + err).decode(),
            "report": report,
            "sent": sorted({frame.protocol for frame in sent}),
        }


async def check_quiet() -> dict[str, Any]:
    return await _run_scan("--profile", "quiet", "--for", "5s")


async def check_quiet_without_rights() -> dict[str, Any]:
    return await _run_scan("--profile", "quiet", "--for", "5s", ordinary=True)


async def check_quiet_ended_by_hand() -> dict[str, Any]:
    return await _run_scan("--profile", "quiet", "--for", "10m", end_after=1.5)


async def check_waking() -> dict[str, Any]:
    """A printer speaks; a camera that slept wakes up once the printer was shown. Ctrl-C ends it after that."""
    with tempfile.TemporaryDirectory() as folder:
        wake, saved = Path(folder) / "wake", Path(folder) / "visit.json"

        def far() -> None:
            while not wake.exists():
                play(FRAMES[1:2], seconds=0.1)
            play((FRAMES[0], FRAMES[2]))

        async with home([], far=far):
            process = await asyncio.create_subprocess_exec(
                *_scan(saved, "--profile", "quiet"), env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            assert process.stderr
            lines: list[str] = []
            while not any("10.77.0.20" in line for line in lines):
                lines.append((await process.stderr.readline()).decode())
                assert lines[-1], lines
                if "10.77.0.21" in lines[-1]:
                    wake.touch()
            process.send_signal(signal.SIGINT)
            out, _ = await process.communicate()
            return {"code": process.returncode, "lines": lines, "output": out.decode(), "saved": saved.exists()}


async def check_thorough() -> dict[str, Any]:
    return await _run_scan("--profile", "thorough")


def macs(report: dict[str, Any]) -> set[str]:
    """The devices of a saved report."""
    return {mac for finding in report["findings"] for mac in finding["device"]["macs"]}


def test_a_quiet_check_reports_who_was_heard_and_sends_nothing_but_group_membership() -> None:
    result = in_lab("tests.probes.test_listen:check_quiet")
    assert result["code"] == 0, result["output"]
    assert set(result["sent"]) <= {"igmp"}
    assert {CAMERA, PRINTER, PHONE, SENSOR, FIREWALLA} <= macs(result["report"])
    assert "wave at the places" in result["output"]
    assert "doorbell alone" in result["output"]
    assert "tells its owner about new devices" in result["output"]


def test_without_rights_a_quiet_check_hears_the_groups_and_says_what_it_lost() -> None:
    result = in_lab("tests.probes.test_listen:check_quiet_without_rights")
    assert result["code"] == 0, result["output"]
    assert set(result["sent"]) <= {"igmp", "arp"}
    found = {ip for finding in result["report"]["findings"] for ip in finding["device"]["ipv4"]}
    assert "10.77.0.20" in found
    lost = [row["why"] for row in result["report"]["not_checked"] if row["what"] == "listen"]
    assert any("does not hear ARP, DHCP, NetBIOS" in sentence for sentence in lost)


def test_ending_a_quiet_check_by_hand_gives_a_whole_report() -> None:
    result = in_lab("tests.probes.test_listen:check_quiet_ended_by_hand")
    assert result["code"] == 0, result["output"]
    assert result["report"]["partial"] is None
    assert {CAMERA, PRINTER} <= macs(result["report"])
    assert not any(run["failed"] for run in result["report"]["runs"])


def test_a_camera_that_wakes_up_is_shown_at_once_and_ctrl_c_ends_listening_with_a_whole_report() -> None:
    result = in_lab("tests.probes.test_listen:check_waking")
    found = [line.strip() for line in result["lines"] if line.startswith("Found 10.77")]
    assert found == ["Found 10.77.0.21.", "Found 10.77.0.20."]
    assert result["code"] == 0
    assert result["saved"]
    assert "not complete" not in result["output"]
    assert "ipcam-7" in result["output"]


def test_a_thorough_check_listens_first_and_stops_before_it_asks_where_a_monitor_is_heard() -> None:
    result = in_lab("tests.probes.test_listen:check_thorough")
    assert result["code"] == 2, result["output"]
    assert set(result["sent"]) <= {"igmp"}
    assert "We saw Firewalla" in result["output"]
    assert "--despite-monitor" in result["output"]
    assert result["report"] == {}
