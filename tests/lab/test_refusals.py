"""What a scan refuses sends nothing; what is stopped half-way is kept."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.lab.home import Home, interrupt
from tests.lab.scans import SCAN
from tests.lab.watcher import Watch, watching

pytestmark = pytest.mark.lab

# A cable of its own with a public address; the last line counts the frames that it carried.
_PUBLIC = """
ip link add pub0 type veth peer name pub1 && ip link set pub1 up
echo 1 > /proc/sys/net/ipv6/conf/pub0/disable_ipv6
ip addr add 93.184.215.14/24 dev pub0 && ip link set pub0 up
before=$(awk '/pub0/ {print $11}' /proc/net/dev)
"$@"; code=$?
after=$(awk '/pub0/ {print $11}' /proc/net/dev)
echo "frames $((after - before))"
exit $code
"""


def _try(home: Home, folder: Path, *options: str) -> tuple[int, str, Watch]:
    with watching(home, folder) as watch:
        done = home.python(*SCAN, *options)
    return done.returncode, done.stdout + done.stderr, watch


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--consent", "owner", "--network", "8.8.8.0/24"),
        ("--consent", "owner", "--network", "192.168.0.0/16"),
        ("--consent", "owner", "--network", "10.0.0.0/24"),
    ],
    ids=["no consent", "a public network", "more than a /20", "a network that the laptop is not on"],
)
def test_a_refused_scan_sends_nothing(second: Home, tmp_path: Path, options: Sequence[str]) -> None:
    code, output, watch = _try(second, tmp_path, *options)
    assert code == 2, output
    assert "Traceback" not in output
    assert watch.sent == ()


def test_an_interface_with_a_public_address_is_refused_and_stays_silent(second: Home) -> None:
    scan = [sys.executable, *SCAN[:3], "--interface", "pub0", "--no-input", "--consent", "owner"]
    done = second.run(["unshare", "--net", "sh", "-c", _PUBLIC, "sh", *scan])
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "frames 0"


def test_an_interface_that_does_not_exist_is_refused(second: Home) -> None:
    done = second.python("-m", "iotsweep", "scan", "--interface", "wlan7", "--no-input", "--consent", "owner")
    assert done.returncode == 2
    assert "wlan7" in done.stderr


def test_a_scan_that_is_interrupted_keeps_what_it_saw(second: Home, tmp_path: Path) -> None:
    saved = tmp_path / "visit.json"
    second.run(["ip", "neigh", "flush", "dev", "eth0"])
    with (
        watching(second, tmp_path / "wire") as watch,
        second.start([sys.executable, *SCAN, "--consent", "owner", "--plain", "--save", str(saved)]) as process,
    ):
        _wait_until_something_was_sent(second)
        interrupt(process)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130, out + err
    report = json.loads(saved.read_text())
    assert report["partial"]
    assert report["observations"]
    assert saved.stat().st_mode & 0o777 == 0o600
    assert watch.sent


def _wait_until_something_was_sent(home: Home) -> None:
    """Until the laptop has talked to a few devices: that is half-way through a scan."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        neighbours = home.run(["ip", "-4", "neigh"]).stdout
        if sum("lladdr" in line for line in neighbours.splitlines()) >= 5:
            return
        time.sleep(0.05)
    raise AssertionError("the scan never talked to anybody")
