"""A laptop and a home in namespaces of their own, with every frame that the laptop sends recorded at the other end.

`in_lab("tests.network.test_x:check_y")` runs that coroutine in a fresh user and network namespace, without root and
without a way out, and returns what it returns (JSON). Inside, `home(...)` builds the other side of the wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from iotsweep.model import Consent, ConsentRole, Observation, RouterRunBy, Scope
from iotsweep.network.door import Door, Shared
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger
from iotsweep.probes.context import Context, Hosts

ADDRESS, MAC, FAR_MAC = "10.77.0.5", "02:00:00:00:00:05", "02:00:00:00:00:99"
_CLONE_NEWNET = 0x40000000
_REPOSITORY = Path(__file__).parents[2]

Frame = bytes


def in_lab(target: str, timeout: float = 60) -> Any:  # noqa: ANN401
    """Run `module:coroutine` in a private namespace and give back its JSON result; skip where there are none."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-Urn", "true"], capture_output=True).returncode:
        pytest.skip("this system makes no private network namespaces")
    environment = {**os.environ, "PYTHONPATH": f"{_REPOSITORY / 'src'}:{_REPOSITORY}"}
    command = ["unshare", "-Urn", "--kill-child", sys.executable, "-W", "error", "-m", __name__, target]
    done = subprocess.run(
        command, cwd=_REPOSITORY, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)


def scope(network: str = "10.77.0.0/24", router_run_by: RouterRunBy = RouterRunBy.OURSELVES) -> Scope:
    """The laptop's side of the lab, with consent."""
    consent = Consent(ConsentRole.OWNER, "2026-01-01T00:00:00.000000Z", "by option", router_run_by)
    return Scope(network, "eth0", ADDRESS, MAC, "10.77.0.1", consent=consent)


def shared(of: Scope) -> Shared:
    """What the doors of one sweep share."""
    return Shared(Guard(of), Ledger())


@dataclass
class Seen:
    """A probe's context in the lab, and what it observed."""

    context: Context
    observations: list[Observation]

    def pairs(self) -> list[tuple[str | None, str | None]]:
        """Address and MAC of every observation, in order."""
        return [(observation.ip, observation.mac) for observation in self.observations]


def context(probe: str, of: Scope, common: Shared, seconds: float = 20, **more: Any) -> Seen:  # noqa: ANN401
    """What the pipeline would give to `probe`."""
    observations: list[Observation] = []
    deadline = asyncio.get_running_loop().time() + seconds
    door = Door(probe, of, common)
    return Seen(Context(probe, of, door, Hosts(), deadline, emit=observations.append, **more), observations)


def run(*command: str) -> None:
    """One command of the lab, which has to work."""
    subprocess.run(command, check=True, capture_output=True)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Until `true()`, or fail."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the lab did not become ready"
        time.sleep(0.01)


@asynccontextmanager
async def home(
    addresses: list[str], *, far: Callable[[], None] | None = None, prefix: int = 24
) -> AsyncIterator[Recorder]:
    """A home whose `addresses` the kernel answers for, or that `far()` plays on its end of the wire, recorded."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "eth0", "address", MAC, "type", "veth", "peer", "name", "h0", "address", FAR_MAC)
    with _far_namespace(far) as other, _recorder(other.pid) as recorder:
        pid = other.pid
        inside = ["nsenter", "-t", str(pid), "-n", "ip"]
        run("ip", "link", "set", "h0", "netns", str(pid))
        run("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=1")
        run("nsenter", "-t", str(pid), "-n", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        batch = "".join(f"addr add {address}/{prefix} dev h0\n" for address in addresses)
        subprocess.run([*inside, "-batch", "-"], input=batch, text=True, check=True)
        run(*inside, "link", "set", "h0", "up")
        run(*inside, "link", "set", "lo", "up")
        run("ip", "addr", "add", f"{ADDRESS}/{prefix}", "dev", "eth0")
        run("ip", "link", "set", "eth0", "up")
        wait_until(lambda: Path("/sys/class/net/eth0/operstate").read_text().strip() == "up")
        recorder.start()
        other.start()
        yield recorder


class Recorder:
    """dumpcap at the home's end of the wire."""

    def __init__(self, pid: int, folder: str) -> None:
        self._file = Path(folder) / "frames.pcap"
        self._pid = pid
        self._dumpcap: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Record from now on."""
        command = ["nsenter", "-t", str(self._pid), "-n", "dumpcap", "-q", "-P", "-B", "16", "-s", "200", "-i", "h0"]
        command += ["-f", f"ether src {MAC}", "-w", str(self._file)]
        self._dumpcap = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(lambda: self._file.exists() and self._file.stat().st_size >= 24)
        time.sleep(0.1)  # dumpcap writes its header a moment before it starts to capture

    def frames(self) -> list[tuple[float, Frame, int]]:
        """Time, first bytes and whole length of every frame that the laptop sent so far; ends the recording."""
        self.stop()
        return list(_read_pcap(self._file.read_bytes()))

    def stop(self) -> None:
        """End the recording with everything written."""
        if self._dumpcap is not None:
            time.sleep(0.2)
            self._dumpcap.terminate()
            self._dumpcap.wait()
            self._dumpcap = None


def _read_pcap(data: bytes) -> Iterator[tuple[float, Frame, int]]:
    start = 24
    while start + 16 <= len(data):
        seconds, parts, kept, length = struct.unpack_from("=IIII", data, start)
        yield seconds + parts / 1e6, data[start + 16 : start + 16 + kept], length
        start += 16 + kept


@contextmanager
def _recorder(pid: int) -> Iterator[Recorder]:
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(pid, folder)
        try:
            yield recorder
        finally:
            recorder.stop()


@dataclass
class _Far:
    """The process that holds the home's namespace."""

    pid: int
    go: int

    def start(self) -> None:
        """The wire is up: play."""
        os.write(self.go, b"!")


@contextmanager
def _far_namespace(far: Callable[[], None] | None) -> Iterator[_Far]:
    ready, tell = os.pipe()
    wait, go = os.pipe()
    pid = os.fork()
    if not pid:
        _play(far, tell, wait)
    os.read(ready, 1)
    try:
        yield _Far(pid, go)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _play(far: Callable[[], None] | None, tell: int, wait: int) -> NoReturn:
    try:
        assert ctypes.CDLL(None).unshare(_CLONE_NEWNET) == 0
        os.write(tell, b"!")
        os.read(wait, 1)
        far() if far else signal.pause()
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _main(target: str) -> None:
    module, name = target.split(":")
    result = asyncio.run(getattr(importlib.import_module(module), name)())
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    _main(sys.argv[1])
