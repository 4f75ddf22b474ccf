"""Reads the facts about this laptop from its own files, process table and commands. Sends nothing."""

from __future__ import annotations

import getpass
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from iotsweep.doctor import outputs
from iotsweep.doctor.facts import LINUX, MACOS, WINDOWS, Facts
from iotsweep.doctor.programs import ANTIVIRUS, MDNS, SHARING, TALKING, name_programs, plain_name
from iotsweep.network.interfaces import read_interfaces
from iotsweep.network.link import has_link_rights

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.vendors import Vendors

_SECONDS = 5
_MDNS_PORT = 5353
_NPCAP = Path(r"C:\Windows\System32\Npcap\wpcap.dll")
_FIREWALL_KEY = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_NMAP = (
    "/opt/homebrew/bin/nmap",
    "/usr/local/bin/nmap",
    r"C:\Program Files (x86)\Nmap\nmap.exe",
    r"C:\Program Files\Nmap\nmap.exe",
)


def read_facts(catalogue: Catalogue, vendors: Vendors) -> Facts:
    """This laptop now. What cannot be read is None or empty, and never an error."""
    system = {"darwin": MACOS, "win32": WINDOWS}.get(sys.platform, LINUX if sys.platform == "linux" else sys.platform)
    running = read_programs()
    privileged = has_link_rights()
    now = datetime.now(UTC)
    return Facts(
        system=system,
        interfaces=read_interfaces(),
        privileged=privileged,
        npcap=_NPCAP.exists() if system == WINDOWS else None,
        firewalls=read_firewalls(system),
        local_network_denied=_local_network(privileged) if system == MACOS else None,
        antivirus=name_programs(running, ANTIVIRUS),
        hostname=platform.node(),
        user=_read_user(),
        clock_synchronised=_read_clock(system),
        time=now.strftime("%Y-%m-%d %H:%M:%S"),
        mdns_programs=read_mdns_programs(system, running),
        file_sharing=_read_sharing(system, running),
        nmap=shutil.which("nmap") or next((path for path in _NMAP if Path(path).exists()), None),
        remote_programs=name_programs(running, TALKING),
        catalogue_version=catalogue.version,
        catalogue_fingerprints=len(catalogue.fingerprints),
        vendors_date=vendors.date,
        today=now.date().isoformat(),
        free_bytes=_read_free(),
        disk_encrypted=_read_encryption(system),
    )


def read_programs() -> tuple[str, ...]:
    """The names of all running programs."""
    import psutil

    return tuple(process.info["name"] or "" for process in psutil.process_iter(["name"]))


def read_firewalls(system: str) -> tuple[str, ...]:
    """The firewalls that are switched on, as far as an ordinary user can see."""
    if system == LINUX:
        paths = (outputs.UFW, outputs.IPTABLES, outputs.NFTABLES, outputs.FIREWALLD)
        return outputs.linux_firewalls({path: _read_file(path) for path in paths})
    if system == MACOS:
        text = _run("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
        return ("macOS firewall",) if outputs.macos_firewall(text) else ()
    if system == WINDOWS:
        text = _run(r"C:\Windows\System32\reg.exe", "query", _FIREWALL_KEY, "/s", "/v", "EnableFirewall")
        return ("Windows firewall",) if outputs.windows_firewall(text) else ()
    return ()


def read_mdns_programs(system: str, running: tuple[str, ...]) -> tuple[str, ...] | None:
    """Who uses UDP port 5353. On macOS the system itself always does, which harms nothing."""
    import psutil

    if system == MACOS:
        return ()
    known = set(name_programs(running, MDNS))
    try:
        owners = {entry.pid for entry in psutil.net_connections("udp") if entry.laddr and entry.laddr[1] == _MDNS_PORT}
    except (psutil.Error, OSError):
        return tuple(sorted(known)) or None
    for pid in owners - {os.getpid(), None}:
        try:
            name = psutil.Process(pid).name()
        except psutil.Error:
            continue
        known.add(MDNS.get(plain_name(name), name))
    if not known and None in owners:
        known.add("a program of another user")
    return tuple(sorted(known))


def _read_sharing(system: str, running: tuple[str, ...]) -> tuple[str, ...]:
    if system == WINDOWS:
        return outputs.windows_shares(_run(r"C:\Windows\System32\net.exe", "share"))
    return name_programs(running, SHARING)


def _read_clock(system: str) -> bool | None:
    if system != LINUX:
        return None
    return outputs.clock_is_set(_run("/usr/bin/timedatectl", "show", "-p", "NTPSynchronized", "--value"))


def _read_encryption(system: str) -> bool | None:
    if system == MACOS:
        return outputs.filevault_is_on(_run("/usr/bin/fdesetup", "status"))
    if system == LINUX and any((_read_file(str(path)) or "").startswith("CRYPT-") for path in _mapped_disks()):
        return True
    return None  # hardware encryption and BitLocker do not show to an ordinary user


def _mapped_disks() -> list[Path]:
    """Linux: the device mapper's own names for its disks; dm-crypt's begin with CRYPT- (cryptsetup)."""
    return sorted(Path("/sys/block").glob("dm-*/dm/uuid"))


def _local_network(privileged: bool) -> bool | None:
    return None if outputs.terminal_needs_permission(os.environ, privileged) else False


def _read_user() -> str:
    """Whoever sits there, also under sudo."""
    return os.environ.get("SUDO_USER") or _or_nothing(getpass.getuser)


def _or_nothing(read: Callable[[], str]) -> str:
    try:
        return read()
    except (OSError, KeyError, ImportError):
        return ""


def _read_free() -> int | None:
    try:
        return shutil.disk_usage(Path.cwd()).free
    except OSError:
        return None


def _read_file(path: str) -> str | None:
    """A file's text; "" for one that is there and may not be read, or is a folder; None when it is not there."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError:
        return ""


def _run(*command: str) -> str:
    """What a fixed command prints; "" when it cannot be run or hangs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
