"""A real `iotsweep scan` of a home with a camera that has no IPv4 address at all, beside one that has both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.lab.announcing import avahi
from tests.lab.conduct import outside_scope
from tests.lab.home import Home, home
from tests.lab.node import LAPTOP_MAC, NETWORK, Daemon, Layout, Node
from tests.lab.scans import ORDINARY, Scanned, account_problems, scan

pytestmark = pytest.mark.lab
_ACCESSORY = {"c#": "2", "ff": "0", "pv": "1.1", "s#": "1", "sf": "1"}
# No IPv4, and silent to pings at a group, as the small network stacks of many devices are (lwIP's own default).
_GO = """
set -e
ip -4 addr flush dev eth0
echo 1 > /proc/sys/net/ipv6/icmp/echo_ignore_multicast
touch /run/go
timeout 20 sh -c 'until grep -q "successfully established" /run/log/0; do sleep 0.05; done'
"""


def _camera(name: str, maker: str, identity: str) -> tuple[Daemon, ...]:
    return avahi((name, "_hap._tcp", 51826, {**_ACCESSORY, "ci": "17", "md": maker, "id": identity}))


def _waiting(daemon: Daemon) -> Daemon:
    """It speaks when its IPv4 address is gone; until then nothing is expected of it."""
    start = f"until [ -e /run/go ]; do sleep 0.02; done; {daemon.start}"
    return replace(daemon, start=f"({start})", services=(), udp=(), ready="")


def layout(_: str = "") -> Layout:
    """The home: `tests.lab.test_ipv6_only:layout:`."""
    return Layout("ipv6-only", (
        Node("hidden", "70:ee:50:12:34:56", 30,
             tuple(map(_waiting, _camera("Hidden Camera", "NSC01", "1A:2B:3C:4D:5E:6F"))), hostname="hidden"),
        Node("both", "70:ee:50:65:43:21", 31, _camera("Hall Camera", "NSC02", "1A:2B:3C:4D:5E:70"), hostname="hall"),
        Node("old", "00:08:9b:41:42:43", 32, hostname="old"),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def built() -> Iterator[Home]:
    with home("tests.lab.test_ipv6_only:layout:") as running:
        done = running.run(["sh", "-c", _GO], "hidden")
        assert done.returncode == 0, done.stderr
        assert running.run(["ip", "-4", "neigh", "flush", "dev", "eth0"]).returncode == 0  # it was there a moment ago
        yield running


@pytest.fixture(scope="module", params=[(), ORDINARY], ids=["administrator", "ordinary"])
def scanned(built: Home, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    done = scan(built, tmp_path_factory.mktemp("visit"), ["--plain"], request.param)
    assert done.report, done.output
    return done


def test_a_camera_on_ipv6_only_is_found_named_and_shown_with_its_address(built: Home, scanned: Scanned) -> None:
    finding = scanned.finding(built.layout.node("hidden"))
    assert finding["kind"] == "camera"
    assert finding["device"]["ipv4"] == []
    assert [address[:6] for address in finding["device"]["ipv6"]] == ["fe80::"]
    assert "Hidden Camera" in finding["device"]["names"]
    assert finding["device"]["ipv6"][0] in scanned.output
    assert finding["concern"] == scanned.finding(built.layout.node("both"))["concern"]


def test_a_camera_on_both_is_one_device(built: Home, scanned: Scanned) -> None:
    devices = [finding["device"] for finding in scanned.report["findings"]]
    (both,) = [device for device in devices if "Hall Camera" in device["names"]]
    assert both["macs"] == [built.layout.node("both").mac]
    assert (both["ipv4"], len(both["ipv6"])) == ([built.layout.node("both").address], 1)
    assert len([device for device in devices if device["macs"] != [LAPTOP_MAC]]) == len(built.layout.nodes)


def test_over_ipv6_only_the_group_is_asked_and_every_packet_is_in_the_account(scanned: Scanned) -> None:
    sent = [packet for packet in scanned.watch.packets if packet.outgoing and ":" in packet.address]
    asked = {(packet.protocol, packet.address, packet.port) for packet in sent if packet.protocol != "icmp6"}
    assert asked == {("udp", "ff02::fb", 5353)}
    assert outside_scope(scanned.watch.packets, NETWORK) == []
    assert account_problems(scanned) == []
    (run,) = [run for run in scanned.report["runs"] if run["probe"] == "mdns"]
    assert any(place["address"] == "ff02::fb" and place["packets"] >= 9 for place in run["sent"]["destinations"])
