"""The practice home for real: namespaces without root, devices that answer, and nothing left behind."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from iotsweep.practice import demo, kernel, serving
from iotsweep.practice.home import Home
from iotsweep.practice.kernel import PracticeError
from iotsweep.practice.loading import DEFAULT_HOME, find_home, load_home

START = """
import sys, time, socket
from iotsweep.practice.demo import run
from iotsweep.practice.loading import find_home, load_home
home = load_home(find_home("family-home"))
"""
_ENVIRONMENT = {"PYTHONPATH": "src", "PATH": os.environ.get("PATH", "/usr/bin:/bin")}


ORDINARY = 65534  # nobody
_BECOME_ORDINARY = f"""
import ctypes, os, ssl, asyncio
os.setgroups([])
os.setresgid({ORDINARY}, {ORDINARY}, {ORDINARY})
os.setresuid({ORDINARY}, {ORDINARY}, {ORDINARY})
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: as for any program that an ordinary user starts
"""


def python(script: str, *, ordinary: bool = False) -> subprocess.Popen[str]:
    """Run `script` in its own process; root becomes an ordinary user first when asked to."""
    become = _BECOME_ORDINARY if ordinary and os.geteuid() == 0 else ""
    command = [sys.executable, "-W", "error", "-c", START + become + script]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_ENVIRONMENT)


def finish(script: str, *, ordinary: bool = False) -> str:
    with python(script, ordinary=ordinary) as process:
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    return output


def processes(network: str) -> list[int]:
    """Every process that is in the network namespace `network` or was born of it."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if str((folder / "ns/net").readlink()) == network:
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def children(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(word) for word in text.split()]


def wait_gone(number: int) -> bool:
    """True when the process is gone (or only waits to be reaped) within five seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except (OSError, IndexError):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def home() -> Home:
    return load_home(find_home(DEFAULT_HOME))


@pytest.fixture
def waiting() -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A demo whose scan waits: the process, its device process, and the devices' switch namespace."""
    script = "run(home, lambda scope: (print('up', flush=True), time.sleep(60)))"
    with python(script) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        (devices,) = children(process.pid)
        yield process, devices, str(Path(f"/proc/{devices}/ns/net").readlink())
        process.kill()


@pytest.mark.lab
@pytest.mark.parametrize("ordinary", [False, True])
def test_every_device_is_there_for_root_and_for_an_ordinary_user(ordinary: bool) -> None:
    output = finish(
        """
def scan(scope):
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for device in home.devices:
        own.sendto(b"", (device.address, 9))
    time.sleep(0.5)
    return [line.split()[3] for line in open("/proc/net/arp").read().splitlines()[1:]]
print(sorted(run(home, scan)) == sorted(device.mac for device in home.devices))
""",
        ordinary=ordinary,
    )
    assert output == "True\n"


@pytest.mark.lab
def test_it_is_ready_within_two_seconds() -> None:
    output = finish("begin = time.monotonic(); print(run(home, lambda scope: time.monotonic() - begin))")
    assert float(output) < 2


@pytest.mark.lab
def test_ports_are_open_closed_or_silent_as_on_real_devices() -> None:
    output = finish(
        """
def knock(address, port):
    own = socket.socket()
    own.settimeout(0.5)
    return own.connect_ex((address, port))
places = [("192.168.31.22", 10554), ("192.168.31.22", 80), ("192.168.31.54", 80)]
print(run(home, lambda scope: [knock(*place) for place in places]))
"""
    )
    assert output == "[0, 111, 11]\n"


@pytest.mark.lab
def test_datagrams_are_answered_in_every_protocol_of_the_home() -> None:
    output = finish(
        """
import struct
from iotsweep.practice import dns
from iotsweep.practice.responders.datagrams import veil
def query(text):
    return struct.pack("!6H", 5, 0, 1, 0, 0, 0) + dns.encode_name(dns.name(text)) + struct.pack("!HH", 12, 1)
search = b'M-SEARCH * HTTP/1.1\\r\\nMAN: "ssdp:discover"\\r\\nMX: 1\\r\\nST: upnp:rootdevice\\r\\n\\r\\n'
questions = {
    ("224.0.0.251", 5353): query("_hue._tcp.local"),
    ("239.255.255.250", 1900): search,
    ("239.255.255.250", 3702): b"<MessageID>uuid:1</MessageID><Probe/>",
    ("192.168.31.255", 9999): veil(b'{"system":{"get_sysinfo":{}}}'),
    ("192.168.31.1", 53): query("51.31.168.192.in-addr.arpa"),
}
def scan(scope):
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.settimeout(1.2)
    for place, question in questions.items():
        own.sendto(question, place)
    heard = set()
    try:
        while True:
            heard.add(own.recvfrom(9000)[1])
    except TimeoutError:
        return sorted((port, address.rsplit(".", 1)[1]) for address, port in heard)
print(run(home, scan))
"""
    )
    named = [(53, "1"), (1900, "1"), (1900, "32"), (1900, "41"), (1900, "51"), (3702, "20"), (3702, "21")]
    assert output == f"{[*named, (5353, '51'), (9999, '50')]}\n"


@pytest.mark.lab
def test_the_laptop_has_no_other_way_out_than_the_practice_router() -> None:
    output = finish(
        """
def scan(scope):
    own = socket.socket()
    own.settimeout(0.3)
    return socket.if_nameindex(), own.connect_ex(("192.0.2.1", 80))
names, refused = run(home, scan)
print([name for _, name in names if name in {"lo", "eth0"}] == ["lo", "eth0"], refused != 0)
"""
    )
    assert output == "True True\n"


@pytest.mark.lab
def test_a_file_saved_by_an_ordinary_user_is_their_own() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        finish(f"run(home, lambda scope: open({str(folder / 'saved')!r}, 'w').close())", ordinary=True)
        assert (folder / "saved").stat().st_uid == (os.geteuid() or ORDINARY)


@pytest.mark.lab
def test_the_devices_end_with_the_scan() -> None:
    output = finish(
        """
import os, pathlib
def scan(scope):
    return int(pathlib.Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text())
child = run(home, scan)
print(pathlib.Path(f"/proc/{child}").exists())
"""
    )
    assert output == "False\n"


@pytest.mark.lab
def test_the_devices_end_when_the_scan_fails() -> None:
    with python("run(home, lambda scope: 1 / 0)") as process:
        _, errors = process.communicate(timeout=30)
    assert "ZeroDivisionError" in errors
    assert process.returncode == 1


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whatever_ends_the_scan_ends_the_devices(
    waiting: tuple[subprocess.Popen[str], int, str], number: signal.Signals
) -> None:
    process, devices, network = waiting
    process.send_signal(number)
    process.wait(10)
    assert wait_gone(devices)
    assert processes(network) == []


@pytest.mark.lab
def test_the_devices_do_not_hear_a_ctrl_c(waiting: tuple[subprocess.Popen[str], int, str]) -> None:
    process, devices, _ = waiting
    os.kill(devices, signal.SIGINT)
    assert not wait_gone_soon(devices)
    assert process.poll() is None


def wait_gone_soon(number: int) -> bool:
    time.sleep(0.2)
    return not Path(f"/proc/{number}").exists()


@pytest.mark.lab
def test_root_is_back_on_its_own_network_afterwards() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can go back")
    output = finish(
        """
import os
before = os.readlink("/proc/self/ns/net")
inside = run(home, lambda scope: os.readlink("/proc/self/ns/net"))
print(before == os.readlink("/proc/self/ns/net"), before == inside)
"""
    )
    assert output == "True False\n"


def test_a_system_without_namespaces_is_answered_with_a_reason(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(flags: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(kernel, "_unshare", refuse)
    with pytest.raises(PracticeError, match=r"does not let programs make private networks.*not permitted"):
        demo.run(home, lambda scope: pytest.fail("the scan must not run on the real network"))


def test_a_limit_of_namespaces_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "get_errno", lambda: errno.ENOSPC)
    with pytest.raises(OSError, match="the limit of namespaces is reached"):
        kernel.enter_network(-1)


def test_another_system_than_linux_is_answered_with_a_reason(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(PracticeError, match="need Linux"):
        demo.run(home, lambda scope: pytest.fail("the scan must not run on the real network"))


def test_apparmor_is_named_as_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = tmp_path / "restrict"
    setting.write_text("1\n")
    monkeypatch.setattr(kernel, "_APPARMOR", setting)
    assert "AppArmor" in kernel.why_not()


@pytest.mark.parametrize(
    ("says", "words"),
    [("", "ended before they were ready"), ("no bridge", "no bridge"), (None, "were not ready within 0.2 seconds")],
)
def test_devices_that_do_not_come_up_are_a_reason_and_are_ended(
    home: Home, monkeypatch: pytest.MonkeyPatch, says: str | None, words: str
) -> None:
    def play(home: Home, laptop: int, ready: int, alive: int) -> None:
        if says is None:
            time.sleep(60)
        os.write(ready, (says or "").encode())

    monkeypatch.setattr(demo, "enter_private_network", lambda: None)
    monkeypatch.setattr(demo, "play", play)
    monkeypatch.setattr(demo, "_READY_WITHIN", 0.2)
    before = children(os.getpid())
    with pytest.raises(PracticeError, match=words):
        demo.run(home, lambda scope: pytest.fail("the scan must not run on the real network"))
    assert children(os.getpid()) == before


def test_the_scope_is_the_home_and_consented_to(home: Home) -> None:
    scope = demo.scope_of(home)
    assert (scope.network, scope.interface, scope.gateway) == (home.network, "eth0", home.gateway)
    assert scope.consent is not None


def test_what_the_device_process_meets_is_said_on_the_pipe(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "bridge switch: Operation not permitted")

    monkeypatch.setattr(serving, "build", refuse)
    ready, say = os.pipe()
    serving.play(home, 0, say, 0)
    assert b"bridge switch" in os.read(ready, 512)
    os.close(ready)
    os.close(say)
