"""Whole commands in namespaces: stopped at any moment, with a full disk, without rights, and when the network goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.lab

ROOT = Path(__file__).resolve().parents[2]
IOTSWEEP = (sys.executable, "-m", "iotsweep")
AGREED = ("scan", "--interface", "eth0", "--no-input", "--consent", "owner")
# A home of one host that answers, on the other end of a cable that can be pulled.
CABLE = """
ip link set lo up
ip link add eth0 type veth peer name far0
unshare --net sleep 60 & far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link set far0 netns $far
nsenter -t $far -n ip addr add 192.168.50.3/24 dev far0
nsenter -t $far -n ip link set far0 up
ip addr add 192.168.50.2/24 dev eth0 && ip link set eth0 up
until ip neigh | grep -q lladdr; do ping -c1 -W1 192.168.50.3 >/dev/null 2>&1 || :; sleep 0.05; done
"""


def start(*command: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start a command as an ordinary user's shell would."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, cwd=folder or ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=-1, stderr=-1, text=True
    )


def shell(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a network of its own, with a mount table of its own."""
    command = ["unshare", "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec", script, "sh"]
    with start(*command, *arguments) as process:
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("sign", ["devices are answering", "Found 192.168.", "Done: reading what UPnP devices say"])
def test_a_check_that_is_stopped_is_saved_and_says_that_it_is_partial(
    tmp_path: Path, number: signal.Signals, sign: str
) -> None:
    saved = tmp_path / "visit.json"
    with start(*IOTSWEEP, "demo", "--plain", "--save", str(saved)) as process:
        assert process.stderr
        said = ""
        while sign not in said:
            said += process.stderr.readline() or pytest.fail(said)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    report = json.loads(saved.read_text())
    assert sign.startswith("Done") or "stopped by hand" in report["partial"]
    assert ("Notice: This check is not complete" in out) == bool(report["partial"])
    assert "Traceback" not in out + err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_while_it_starts_sends_nothing(tmp_path: Path, number: signal.Signals) -> None:
    saved = tmp_path / "visit.json"
    with start(*IOTSWEEP, "demo", "--save", str(saved)) as process:
        _wait_until_signals_are_heard(process.pid)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not saved.exists()


def _wait_until_signals_are_heard(pid: int) -> None:
    """Until the process has a handler for SIGTERM (proc(5): SigCgt)."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        caught = Path(f"/proc/{pid}/status").read_text().split("SigCgt:")[1].split()[0]
        if int(caught, 16) & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.005)
    raise AssertionError("the command never listened to signals")


def test_a_full_disk_loses_nothing() -> None:
    script = 'mount -t tmpfs -o size=64k none /mnt; cd "$1"; shift; "$@" --save /mnt/visit.json'
    done = shell(script, str(ROOT), *IOTSWEEP, "demo", "--replay")
    assert done.returncode == 1, done.stderr
    assert "/mnt/visit.json could not be written (No space left on device)" in done.stderr
    assert len(json.loads(done.stdout)["findings"]) >= 14


def test_a_file_size_limit_loses_nothing(tmp_path: Path) -> None:
    done = shell('ulimit -f 16; "$@" --save "$0" | cat', *IOTSWEEP, "demo", "--replay")
    assert "could not be written (File too large)" in done.stderr
    assert len(json.loads(done.stdout)["findings"]) >= 14


def test_an_interface_that_goes_away_ends_the_check_and_keeps_what_was_seen(tmp_path: Path) -> None:
    saved = tmp_path / "visit.json"
    pull = """
saved=$1; shift
"$@" --plain --save "$saved" 2>"$saved.err" & scan=$!
until grep -q "Found 192.168.50.3" "$saved.err"; do sleep 0.02; done
ip link del eth0
wait $scan
"""
    done = shell(CABLE + pull, str(saved), *IOTSWEEP, *AGREED)
    assert done.returncode == 1, done.stdout + done.stderr
    why = "eth0 went away or lost its address before the end; everything seen until then is kept."
    assert f"Notice: This check is not complete: {why} Connect this laptop" in done.stdout
    report = _read(saved)
    assert report["partial"].startswith(why)
    assert [finding["device"]["ipv4"] for finding in report["findings"]] == [["192.168.50.3"]]
    assert "Traceback" not in done.stdout + done.stderr


def test_a_moment_without_network_does_not_end_the_check(tmp_path: Path) -> None:
    saved = tmp_path / "visit.json"
    roam = """
saved=$1; shift
"$@" --plain --save "$saved" 2>"$saved.err" & scan=$!
until grep -q "Found 192.168.50.3" "$saved.err"; do sleep 0.02; done
ip link set eth0 down && ip link set eth0 up
wait $scan || :
"""
    shell(CABLE + roam, str(saved), *IOTSWEEP, *AGREED)
    assert _read(saved)["partial"] is None


def test_without_administrator_rights_it_works_and_says_what_that_loses(tmp_path: Path) -> None:
    saved = tmp_path / "visit.json"
    ordinary = "setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all"
    done = shell(CABLE + f'saved=$1; shift; {ordinary} "$@" --save "$saved"', str(saved), *IOTSWEEP, *AGREED)
    assert done.returncode == 0, done.stdout + done.stderr
    report = _read(saved)
    assert report["tool"]["privileged"] is False
    assert [finding["device"]["ipv4"] for finding in report["findings"]] == [["192.168.50.3"]]
    assert "administrator rights" in " ".join(each["why"] for each in report["not_checked"])
    assert "administrator rights" in done.stdout


def test_a_place_that_may_not_be_looked_into_is_refused_before_the_check(tmp_path: Path) -> None:
    script = 'mount -t tmpfs none /mnt; mkdir -m 0 /mnt/closed; "$@"'
    no_rights = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    done = shell(script, *no_rights, *IOTSWEEP, "demo", "--replay", "--save", "/mnt/closed/visit.json")
    assert done.returncode == 2
    assert done.stderr == (
        "iotsweep: /mnt/closed/visit.json cannot be used (Permission denied): choose another place\n"
    )


def _read(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text())
    return report
