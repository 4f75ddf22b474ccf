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
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from iotsweep.model import Consent, ConsentRole, RouterRunBy, Scope
from iotsweep.network.door import Shared
from iotsweep.network.guard import Guard
from iotsweep.network.ledger import Ledger

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
    with _far_namespace(far) as pid, _recorder(pid) as recorder:
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


@contextmanager
def _far_namespace(far: Callable[[], None] | None) -> Iterator[int]:
    ready, tell = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            assert ctypes.CDLL(None).unshare(_CLONE_NEWNET) == 0
            os.write(tell, b"!")
            while not Path("/sys/class/net/h0").exists() and far is not None and not _has_h0():
                time.sleep(0.005)
            far() if far else signal.pause()
        finally:
            os._exit(0)
    os.read(ready, 1)
    try:
        yield pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _has_h0() -> bool:
    with contextlib.suppress(OSError):
        return "h0:" in Path("/proc/self/net/dev").read_text()
    return False


def _main(target: str) -> None:
    module, name = target.split(":")
    result = asyncio.run(getattr(importlib.import_module(module), name)())
    print(json.dumps(result))


if __name__ == "__main__":
    _main(sys.argv[1])
