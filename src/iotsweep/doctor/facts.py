"""What is known about this laptop at one moment. Everything may be unknown: None is never taken for a no."""

from __future__ import annotations

from dataclasses import dataclass, field

from iotsweep.network.interfaces import Interface

LINUX, MACOS, WINDOWS = "linux", "macos", "windows"


@dataclass(frozen=True, slots=True)
class Facts:
    """One laptop. `system` is "linux", "macos", "windows" or another system's own name."""

    system: str
    interfaces: tuple[Interface, ...] = ()
    privileged: bool = False
    npcap: bool | None = None  # Windows
    firewalls: tuple[str, ...] = ()  # names of firewalls that are switched on
    local_network_denied: bool | None = None  # macOS 15 and later: None where it cannot be told
    antivirus: tuple[str, ...] = ()
    hostname: str = ""
    user: str = ""
    clock_synchronised: bool | None = None
    time: str = ""  # UTC, as this laptop has it
    mdns_programs: tuple[str, ...] | None = ()  # programs that answer at UDP port 5353; None: cannot be told
    file_sharing: tuple[str, ...] = ()
    nmap: str | None = None  # where it is
    remote_programs: tuple[str, ...] = ()  # cloud sync, chat and remote control that talk while a check runs
    catalogue_version: str = ""
    catalogue_fingerprints: int = 0
    vendors_date: str = ""
    today: str = ""  # ISO date
    free_bytes: int | None = None
    disk_encrypted: bool | None = None
    unknown: tuple[str, ...] = field(default=())  # what could not be read, one sentence each


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `fix` is exact, or "" when nothing has to be done. `limits`: it makes a check weaker."""

    name: str
    finding: str
    fix: str = ""

    @property
    def limits(self) -> bool:
        """Whether something should be mended."""
        return bool(self.fix)
