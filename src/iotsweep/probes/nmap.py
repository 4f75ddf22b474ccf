"""nmap's service detection, when asked for, on the devices that nothing else gave a name to."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from pathlib import Path

from iotsweep.model import Observation, Profile
from iotsweep.network.guard import NEVER_PORTS
from iotsweep.network.ledger import AT_THE_SOCKET
from iotsweep.network.link import has_link_rights
from iotsweep.probes import Stage
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.error import WireError
from iotsweep.wire.nmap_xml import LARGEST, Service, decode_nmap

# Where packages put nmap. Never PATH: under sudo it may be the user's, and what it names would run as root.
_PROGRAMS = (
    "/usr/bin/nmap",
    "/usr/local/bin/nmap",
    "/opt/homebrew/bin/nmap",
    "/opt/local/bin/nmap",
    r"C:\Program Files (x86)\Nmap\nmap.exe",
    r"C:\Program Files\Nmap\nmap.exe",
)

# Control ports of plugs and lights, whose small servers take one connection and may hang on an unknown request: Kasa
# 9999 (`nmap -sV` silences it), Tuya 6668, Yeelight 55443, LIFX 56700, miIO 54321, WeMo 49152-49155, ESPHome 6053,
# Magic Home 5577.
PLUG_PORTS = frozenset({9999, 6668, 55443, 56700, 54321, 49152, 49153, 49154, 49155, 6053, 5577})

_MOST_PORTS = 128
_HOSTS_AT_ONCE = 4
_LONGEST, _SHORTEST = 90, 5  # seconds per host
_GRACE = 3  # seconds for nmap to write its output
_FIELDS = ("service", "product", "version", "extrainfo", "devicetype", "ostype", "hostname", "tunnel")


class NmapProbe:
    """Runs nmap in its own process, one host each, with fixed arguments."""

    name = "nmap"
    says = "asking nmap about the devices without a name"
    stage = Stage.DEEP
    profiles = frozenset({Profile.STANDARD, Profile.THOROUGH})
    yields = ("tcp.*", *(f"nmap.{field}" for field in _FIELDS), "nmap.cpe")
    sends = (
        "nmap -sV --version-light to the open and the catalogue's ports of devices without a name, two connections "
        "at a time; no scripts, no OS detection, never a plug's control port."
    )
    side_effects = "Some small devices log or dislike unknown requests; a network monitor can name nmap."
    needs_administrator = False
    on_request = True

    async def run(self, context: Context) -> None:
        """Ask nmap about every suspect. Raises ProbeSkipped when nmap is not installed."""
        program = find_nmap()
        if context.door.counted == AT_THE_SOCKET:
            context.limit("What nmap itself sends is not counted without administrator rights.")
        room = asyncio.Semaphore(_HOSTS_AT_ONCE)

        async def ask(address: str) -> None:
            async with room:
                await _ask(context, program, address)

        async with asyncio.TaskGroup() as asking:
            for address in context.suspects():
                asking.create_task(ask(address))


def find_nmap(programs: tuple[str, ...] = _PROGRAMS) -> str:
    """nmap's absolute path, from the system's own folders. Raises ProbeSkipped with the remedy."""
    for program in programs:
        if Path(program).is_file():
            if _may_run(Path(program)):
                return program
            raise ProbeSkipped(
                f"{program} can be changed by other users, so it is not run as administrator: install nmap from "
                "your system's own packages, or scan without sudo."
            )
    raise ProbeSkipped(
        "nmap is not installed: install it from https://nmap.org or your system's packages, or leave it out."
    )


def _may_run(program: Path) -> bool:
    """As root, only what nobody but root can change."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return True
    facts = [path.stat() for path in (program.resolve(), program.resolve().parent)]
    return all(fact.st_uid == 0 and not fact.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for fact in facts)


def choose_ports(context: Context, address: str) -> tuple[int, ...]:
    """The ports known open, then the catalogue's, without the forbidden and the delicate; few for gentle kinds."""
    seen = context.hosts.seen(address)
    ports = dict.fromkeys([*_open_ports(seen), *context.ports])
    gentle = [context.gentle_ports[kind] for kind in context.likely_kinds(seen) if kind in context.gentle_ports]
    allowed = set(ports).intersection(*gentle) - NEVER_PORTS - PLUG_PORTS
    return tuple(port for port in ports if port in allowed)[:_MOST_PORTS]


def _open_ports(seen: tuple[Observation, ...]) -> list[int]:
    keys = [
        key[4:] for observation in seen for key, value in observation.facts if key[:4] == "tcp." and value == "open"
    ]
    return [int(port) for port in keys if port.isdecimal()]


async def _ask(context: Context, program: str, address: str) -> None:
    ports = choose_ports(context, address)
    seconds = int(min(_LONGEST, context.remaining() - _GRACE))
    if not ports or seconds < _SHORTEST:
        reason = "no port is left that it may ask" if not ports else "the time was over"
        context.limit(f"nmap did not ask {address}: {reason}.")
        return
    for port in ports:
        context.door.check(address, port)
    request = {"program": program, "address": address, "ports": ports, "seconds": seconds}
    with context.door.claim(address):
        output, fault = await run_process({**request, "privileged": has_link_rights()}, seconds + _GRACE)
    try:
        services = decode_nmap(output) if output else ()
    except WireError as error:
        services, fault = (), str(error)
    if fault:
        context.limit(f"nmap could not tell about {address}: {fault}.")
    for service in services:
        if service.ip == address and service.protocol == "tcp":
            context.observe(_facts(service), ip=address, mac=context.hosts.mac(address), raw=output)


def _facts(service: Service) -> dict[str, str | tuple[str, ...]]:
    facts: dict[str, str | tuple[str, ...]] = {f"nmap.{field}": getattr(service, field) for field in _FIELDS}
    return {**facts, f"tcp.{service.port}": "open", "nmap.cpe": service.cpe}


async def run_process(request: dict[str, object], seconds: float) -> tuple[bytes, str | None]:
    """nmap's XML, or why there is none. The process and all its children are ended when this ends, however it ends."""
    source = str(Path(__file__).parents[2])
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-s", "-m", "iotsweep.probes.nmap_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": source, "PATH": os.defpath, "LC_ALL": "C", **_system_variables()},
        limit=LARGEST,
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors = await child.communicate(json.dumps(request).encode())
    except TimeoutError:
        return b"", "it did not end in time"
    finally:
        await _end(child)
    return output, None if child.returncode == 0 else errors.decode("utf-8", "replace")[:300] or "it failed"


def _system_variables() -> dict[str, str]:
    """What Windows needs to start any program at all."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP") if name in os.environ}


async def _end(child: asyncio.subprocess.Process) -> None:
    """End a process and the nmap that it started."""
    if child.returncode is not None:
        return
    import psutil

    try:
        family = psutil.Process(child.pid).children(recursive=True)
    except psutil.Error:
        family = []
    child.kill()
    for member in family:
        try:
            member.kill()
        except psutil.Error:
            continue
    await child.wait()


PROBE = NmapProbe()
