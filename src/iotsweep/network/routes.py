"""The default gateways, as each system tells them: Linux from /proc, macOS from `route`, Windows from `route print`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

_UP_AND_GATEWAY = 0x3  # RTF_UP | RTF_GATEWAY of linux/route.h
_MACOS_FIELD = re.compile(r"^\s*(gateway|interface): (\S+)\s*$", re.MULTILINE | re.ASCII)
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Route:
    """One default route. `through` is the interface's name, or on Windows this laptop's address on it."""

    gateway: str
    through: str
    metric: int = 0


def read_routes() -> tuple[Route, ...]:
    """The default routes of this system, best first; none when it does not tell."""
    try:
        if sys.platform.startswith("linux"):
            found = decode_proc_route(Path("/proc/net/route").read_text(encoding="ascii", errors="replace"))
        elif sys.platform == "darwin":
            found = decode_macos_route(_run("/sbin/route", "-n", "get", "default"))
        elif sys.platform == "win32":
            found = decode_windows_routes(_run(r"C:\Windows\System32\route.exe", "print", "-4"))
        else:
            found = ()
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(sorted(found, key=lambda route: route.metric))


def decode_proc_route(text: str) -> tuple[Route, ...]:
    """The default routes of Linux's /proc/net/route, whose addresses are hexadecimal in host order."""
    return tuple(_each_proc_route(text))


def decode_macos_route(text: str) -> tuple[Route, ...]:
    """The default route that `route -n get default` prints on macOS and the BSDs."""
    fields = dict(_MACOS_FIELD.findall(text))
    gateway, through = fields.get("gateway", ""), fields.get("interface", "")
    return (Route(gateway, through),) if _is_ipv4(gateway) and through else ()


def decode_windows_routes(text: str) -> tuple[Route, ...]:
    """The default routes that `route print -4` prints on Windows, in any language."""
    return tuple(_each_windows_route(text))


def _each_proc_route(text: str) -> Iterator[Route]:
    for line in text.splitlines()[1:]:
        words = line.split()
        try:
            through, destination, gateway, flags = words[0], int(words[1], 16), words[2], int(words[3], 16)
            metric, mask = int(words[6]), int(words[7], 16)
            address = IPv4Address(int.from_bytes(bytes.fromhex(gateway), sys.byteorder))
        except (IndexError, ValueError):
            continue
        if not destination and not mask and flags & _UP_AND_GATEWAY == _UP_AND_GATEWAY:
            yield Route(str(address), through, metric)


def _each_windows_route(text: str) -> Iterator[Route]:
    for line in text.splitlines():
        words = line.split()
        if len(words) == 5 and words[:2] == ["0.0.0.0", "0.0.0.0"] and _is_ipv4(words[2]) and _is_ipv4(words[3]):
            yield Route(words[2], words[3], int(words[4]) if words[4].isdecimal() else 0)


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_SECONDS).stdout
