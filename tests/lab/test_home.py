"""The lab itself: its homes are whole, closed, and go away; and its watcher sees what a scanner does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab.conduct import most_connections, never_touched, outside_scope
from tests.lab.home import ROOT, Home, unshare
from tests.lab.homes import FAMILY, HOMES
from tests.lab.node import NETWORK, Layout
from tests.lab.services import failing_services
from tests.lab.watcher import watching

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("layout", HOMES.values(), ids=lambda layout: layout.name)
def test_every_device_of_a_home_has_an_address_and_a_mac_of_its_own(layout: Layout) -> None:
    assert len({node.address for node in layout.nodes}) == len({node.mac for node in layout.nodes}) == len(layout.nodes)
    assert len({node.name for node in layout.nodes}) == len(layout.nodes)


def test_the_family_home_has_25_devices_of_at_least_15_kinds() -> None:
    assert len(FAMILY.nodes) == 25
    assert len({node.kinds[0] for node in FAMILY.nodes if node.kinds}) >= 15


@pytest.mark.parametrize("name", HOMES)
def test_every_service_of_a_home_answers(name: str, request: pytest.FixtureRequest) -> None:
    assert failing_services(request.getfixturevalue(name)) == []


def test_a_service_that_stopped_is_noticed(second: Home) -> None:
    assert second.run(["sh", "-c", "kill -STOP $(pidof lighttpd)"], "axis").returncode == 0
    try:
        assert "axis http 80" in failing_services(second)
    finally:
        second.run(["sh", "-c", "kill -CONT $(pidof lighttpd)"], "axis")


def test_nothing_leaves_the_home(family: Home) -> None:
    real = {path.name for path in Path("/sys/class/net").iterdir()} - {"lo", "eth0"}
    inside = family.run(["ip", "-brief", "link"]).stdout
    assert [line.split("@")[0].split()[0] for line in inside.splitlines()] == ["lo", "eth0"]
    assert not any(name in inside for name in real)
    assert family.run(["ping", "-c1", "-W1", "1.1.1.1"]).returncode != 0


def test_a_command_that_takes_too_long_ends_with_all_that_it_started(second: Home) -> None:
    started = time.monotonic()
    done = second.run(["sh", "-c", "echo begun; sleep 300 & sleep 300"], timeout=0.5)
    assert done.returncode != 0
    assert done.stdout == "begun\n"
    assert time.monotonic() - started < 10


def test_the_watcher_sees_every_probe_of_a_scanner(family: Home, tmp_path: Path) -> None:
    with watching(family, tmp_path) as watch:
        family.run(["nmap", "-n", "-sT", "-p", "22,9100", "192.168.178.11", "192.168.178.24"])
    asked = {(packet.address, packet.port) for packet in watch.sent if packet.protocol == "tcp"}
    assert asked == {(f"192.168.178.{host}", port) for host in (11, 24) for port in (22, 9100)}
    assert len(never_touched(watch.packets)) >= 2
    assert outside_scope(watch.packets, NETWORK) == []
    assert most_connections(watch.packets).keys() == {"192.168.178.11", "192.168.178.24"}


_OPENER = """
import time
from tests.lab.home import Home
with Home("second") as home:
    print(home._keeper, flush=True)
    time.sleep(60)
"""


def test_nothing_of_a_home_outlives_the_one_who_opened_it() -> None:
    with subprocess.Popen([sys.executable, "-c", _OPENER], stdout=subprocess.PIPE, text=True, cwd=ROOT) as opener:
        assert opener.stdout
        keeper = int(opener.stdout.readline())
        opener.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{keeper}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{keeper}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="is about giving up administrator rights")
def test_a_home_needs_no_administrator() -> None:
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *_as_user(), "true"]
    assert subprocess.run(command, check=False).returncode == 0


def _as_user() -> list[str]:
    command = unshare()
    return command if "--user" in command else [command[0], "--user", "--map-root-user", *command[1:]]
