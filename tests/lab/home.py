"""A home on one machine: starts it, runs commands inside its devices, takes it down whatever happens.

Nothing in it can reach a real network: its namespaces hold only `lo` and cables between each other.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import TracebackType

from tests.lab.homes import HOMES, find_layout
from tests.lab.node import LAPTOP, Layout

ROOT = Path(__file__).resolve().parents[2]
_PROGRAMS = ("unshare", "nsenter", "ip", "mount", "hostname", "ethtool", "sysctl")
_START = 90.0  # seconds; the keeper gives up before that and says why


class HomeError(Exception):
    """The home could not be built; the message holds what every unready device logged."""


def unshare() -> list[str]:
    """The command that opens new namespaces: without administrator rights it makes a user namespace as well."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def unavailable(layout: Layout | None = None) -> str | None:
    """Why no home can be built here, or None. Debian keeps daemons in sbin folders that PATH may lack."""
    _add_sbin()
    programs = (*_PROGRAMS, *(layout.programs() if layout else ()))
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    attempt = subprocess.run([*unshare(), "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False)
    return None if attempt.returncode == 0 else f"no network namespaces here: {attempt.stderr.strip()}"


@cache
def unavailable_here() -> str | None:
    """Why the homes of the lab cannot be built here, or None; asked once."""
    return next((reason for layout in HOMES.values() if (reason := unavailable(layout.here()))), None)


def _add_sbin() -> None:
    folders = os.environ.get("PATH", "").split(":")
    wanted = [folder for folder in ("/usr/local/sbin", "/usr/sbin", "/sbin") if folder not in folders]
    os.environ["PATH"] = ":".join([*folders, *wanted])


class Home:
    """One running home. Use it as a context manager."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.layout = find_layout(name)
        self.seconds = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._pids: dict[str, int] = {}
        self._keeper = 0

    def __enter__(self) -> Home:
        _add_sbin()
        command = [*unshare(), sys.executable, "-m", "tests.lab.keeper", self.name]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment()
        )
        try:
            self._settle()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free everything: the keeper is the first process of its namespace, so all others go with it."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _settle(self) -> None:
        assert self._process
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], _START)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            raise HomeError(f"the home {self.name} said nothing")
        report = json.loads(line)
        if "failed" in report:
            raise HomeError(json.dumps(report["failed"], indent=1).replace("\\n", "\n"))
        self._pids, self.seconds = report["pids"], report["seconds"]
        self._keeper = _children(self._process.pid)[0]

    def command(self, argv: Sequence[str], node: str = LAPTOP) -> list[str]:
        """`argv` as it has to be called from outside to run inside `node`."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        outer = ["nsenter", f"--target={self._keeper}", *user, "--mount", "--net", "--pid"]
        leader = f"$(cat /proc/{self._pids[node]}/task/{self._pids[node]}/children)"
        inner = 'exec nsenter --target=${leader% } --mount --net --uts --ipc --pid -- env -C "$0" "$@"'
        return [*outer, "--", "sh", "-c", f"leader={leader}; {inner}", str(ROOT), *argv]

    def start(
        self, argv: Sequence[str], node: str = LAPTOP, *, stdin: int = subprocess.DEVNULL, stderr: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """Start `argv` inside `node`."""
        return subprocess.Popen(
            self.command(argv, node), stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, text=True, env=_environment()
        )

    def run(self, argv: Sequence[str], node: str = LAPTOP, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run `argv` inside `node` to its end; never raises for its exit code."""
        with self.start(argv, node) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                _kill_all(process.pid)
                out, err = process.communicate()
        return subprocess.CompletedProcess(list(argv), process.returncode, out, err)

    def python(self, *argv: str, node: str = LAPTOP, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run this Python with `argv` inside `node`."""
        return self.run([sys.executable, *argv], node, timeout)


def interrupt(process: subprocess.Popen[str], number: int = signal.SIGINT) -> None:
    """Send a signal to the program itself, below the two nsenter that stand before it."""
    pid = process.pid
    while children := _children(pid):
        pid = children[0]
        if _name(pid) not in {"nsenter", "sh", "env"}:
            break
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _kill_all(pid: int) -> None:
    """End a process and all that it started, so that nothing keeps its output open."""
    for child in _children(pid):
        _kill_all(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _environment() -> dict[str, str]:
    """The caller's environment without its secrets and settings: only what a fresh shell has.

    Where iotsweep is installed, that is what runs, as it does for a user: compiled, with its compiled catalogue.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV") if name in os.environ}
    places = [ROOT] if _is_installed() else [ROOT / "src", ROOT]
    return {**kept, "HOME": "/run/home", "PYTHONPATH": os.pathsep.join(map(str, places))}


def _is_installed() -> bool:
    try:
        distribution("iotsweep")
    except PackageNotFoundError:
        return False
    return True


@contextlib.contextmanager
def home(name: str) -> Iterator[Home]:
    """A home whose every service answers."""
    from tests.lab.services import wait_for_services

    with Home(name) as built:
        wait_for_services(built, time.monotonic() + 30)
        yield built


def main(name: str) -> None:
    """Open a shell on the laptop of a home, to look around: `python -m tests.lab.home family`."""
    with home(name) as built:
        sys.stderr.write(f"{name}: {len(built.layout.nodes)} devices, {built.seconds} s; exit ends it\n")
        subprocess.run(built.command(["bash", "--norc"]), env=_environment(), check=False)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["family"]))
