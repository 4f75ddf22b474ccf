"""nmap on request: fixed arguments, only allowed ports, nothing left running."""

from __future__ import annotations

import asyncio
import socket
import stat
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from iotsweep.model import Consent, ConsentRole, Scope
from iotsweep.network.door import Shared
from iotsweep.network.frames import describe_frame
from iotsweep.network.guard import NEVER_PORTS, Guard
from iotsweep.network.ledger import Ledger
from iotsweep.network.tap import open_tap
from iotsweep.probes import Probe
from iotsweep.probes.context import ProbeSkipped
from iotsweep.probes.nmap import PLUG_PORTS, PROBE, choose_ports, find_nmap, run_process
from iotsweep.probes.nmap_process import RequestError, make_arguments
from tests.network.laboratory import Seen, context, home, in_lab, scope, shared

_LOCAL = Scope(
    "127.0.0.0/24", "lo", "127.0.0.1", "", None, consent=Consent(ConsentRole.OWNER, "2026-01-01T00:00:00Z", "by option")
)
_GOOD = {"address": "10.77.0.9", "ports": [80, 22], "seconds": 30, "privileged": True}


def _context(**more: Any) -> Seen:  # noqa: ANN401
    return context("nmap", _LOCAL, Shared(Guard(_LOCAL), Ledger()), **more)


def test_it_is_a_probe_that_runs_only_on_request() -> None:
    assert isinstance(PROBE, Probe)
    assert PROBE.on_request


def test_the_arguments_are_fixed() -> None:
    address, ports, arguments = make_arguments(_GOOD)
    assert (address, ports) == ("10.77.0.9", "22,80")
    assert arguments == "-sS -sV --version-light -Pn -n --max-retries 2 --max-parallelism 2 --host-timeout 30s"
    assert "-sT" in make_arguments({**_GOOD, "privileged": False})[2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "10.77.0.9 --script vuln"},
        {"address": "10.77.0.0/24"},
        {"address": "-iL/etc/passwd"},
        {"ports": []},
        {"ports": ["80,443 -O"]},
        {"ports": [0]},
        {"ports": [70000]},
        {"ports": None},
        {"seconds": 0},
        {"seconds": "30s --script x"},
    ],
)
def test_nothing_but_addresses_ports_and_numbers_reaches_nmap(wrong: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        make_arguments({**_GOOD, **wrong})


async def test_delicate_and_forbidden_ports_are_left_out_even_when_open() -> None:
    seen = _context(ports=(554, 9999, 8001, 6668, 80))
    seen.context.observe({"tcp.8443": "open", "tcp.9100": "open", "tcp.55443": "open"}, ip="127.0.0.9")
    assert choose_ports(seen.context, "127.0.0.9") == (8443, 554, 80)
    assert not set(choose_ports(seen.context, "127.0.0.9")) & (NEVER_PORTS | PLUG_PORTS)


async def test_a_gentle_kind_is_asked_its_few_ports_only() -> None:
    seen = _context(
        ports=(554, 80, 443), gentle_ports={"plug": (80,)}, likely_kinds=lambda _: frozenset({"plug", "camera"})
    )
    assert choose_ports(seen.context, "127.0.0.9") == (80,)


def test_without_nmap_the_remedy_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProbeSkipped, match="install it"):
        find_nmap((str(tmp_path / "nmap"),))


def test_an_nmap_that_others_can_change_is_not_run_as_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nmap"
    program.write_text("#!/bin/sh\n")
    program.chmod(program.stat().st_mode | stat.S_IWOTH)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(ProbeSkipped, match="without sudo"):
        find_nmap((str(program),))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert find_nmap((str(program),)) == str(program)


async def test_a_cancelled_check_leaves_no_process() -> None:
    with socket.create_server(("127.0.0.2", 0), backlog=8) as silent:
        port = silent.getsockname()[1]
        request = {"program": find_nmap(), "address": "127.0.0.2", "ports": [port], "seconds": 60, "privileged": False}
        task = asyncio.create_task(run_process(request, 60))
        before = set(psutil.Process().children(recursive=True))
        end = time.monotonic() + 20
        while not any("nmap" in child.name() for child in psutil.Process().children(recursive=True)):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.1)
        left = [child for child in psutil.Process().children(recursive=True) if child not in before]
        assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]


async def test_a_program_that_is_not_nmap_is_a_limit_and_no_crash(tmp_path: Path) -> None:
    false = tmp_path / "nmap"
    false.write_text("#!/bin/sh\nexit 1\n")
    false.chmod(0o755)
    output, fault = await run_process({**_GOOD, "address": "127.0.0.2", "program": str(false), "privileged": False}, 20)
    assert output == b""
    assert fault


def play_device() -> None:
    """An SSH server's greeting at 22 and a web page at 80."""
    import threading

    def serve(port: int, greeting: bytes, reply: bytes) -> None:
        server = socket.create_server(("", port), backlog=16)
        while True:
            threading.Thread(target=answer, args=(server.accept()[0], greeting, reply), daemon=True).start()

    def answer(own: socket.socket, greeting: bytes, reply: bytes) -> None:
        with own:
            own.settimeout(3)
            own.sendall(greeting)
            try:
                if own.recv(1000):
                    own.sendall(reply)
            except OSError:
                return

    page = b"HTTP/1.0 200 OK\r\nServer: lighttpd/1.4.59\r\nContent-Length: 2\r\n\r\nhi"
    for place in ((22, b"SSH-2.0-dropbear_2022.83\r\n", b""), (80, b"", page)):
        threading.Thread(target=serve, args=place, daemon=True).start()
    threading.Event().wait()


async def check_nmap() -> dict[str, Any]:
    own = scope()
    common = shared(own)
    async with home(["10.77.0.10", "10.77.0.11"], far=play_device) as recorder:
        await asyncio.sleep(0.3)
        seen = context("nmap", own, common, 60, ports=(22, 80, 9999), is_named=lambda ip: ip != "10.77.0.10")
        seen.context.hosts.add("10.77.0.10")
        seen.context.observe({"tcp.9100": "open"}, ip="10.77.0.10")
        async with open_tap(own, common):
            await PROBE.run(seen.context)
        frames = [describe_frame(frame) for _, frame, _ in recorder.frames()]
    facts = [dict(observation.facts) for observation in seen.observations[1:]]
    sent = common.ledger.sent("nmap")
    return {
        "facts": facts,
        "limits": seen.context.limits,
        "ports": sorted({frame.port for frame in frames if frame.protocol == "tcp"}),
        "addresses": sorted({frame.address for frame in frames if frame.protocol == "tcp"}),
        "tcp": len([frame for frame in frames if frame.protocol == "tcp"]),
        "counted": sum(place.packets for place in sent.destinations if place.protocol == "tcp"),
    }


@pytest.mark.lab
def test_nmap_names_services_and_every_packet_is_laid_to_it() -> None:
    result = in_lab(f"{__name__}:check_nmap", timeout=90)
    assert result["limits"] == []
    products = {fact["nmap.product"]: fact for fact in result["facts"]}
    assert products["Dropbear sshd"]["tcp.22"] == "open"
    assert products["Dropbear sshd"]["nmap.version"] == "2022.83"
    assert products["lighttpd"]["nmap.cpe"] == "cpe:/a:lighttpd:lighttpd:1.4.59"
    assert result["ports"] == [22, 80]
    assert result["addresses"] == ["10.77.0.10"]
    assert result["counted"] == result["tcp"] > 0
