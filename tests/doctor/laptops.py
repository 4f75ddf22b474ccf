"""Laptops as facts: one for each system on which nothing has to be mended."""

from __future__ import annotations

from iotsweep.doctor.facts import LINUX, MACOS, WINDOWS, Facts
from iotsweep.network.interfaces import Interface

HOME = Interface("wlan0", "192.168.7.2", 24, "02:00:00:00:00:02", gateway="192.168.7.1")
VPN = Interface("wg0", "10.8.0.2", 24, "", passed_over="it is a VPN or tunnel")


def laptop(system: str) -> Facts:
    """A laptop of `system` that is ready for a visit."""
    return Facts(
        system=system,
        interfaces=(HOME,),
        privileged=True,
        npcap=True if system == WINDOWS else None,
        local_network_denied=False if system == MACOS else None,
        hostname="laptop",
        user="anna",
        clock_synchronised=True,
        time="2026-11-22 10:00:00",
        nmap="/usr/bin/nmap",
        catalogue_version="2026.11.22",
        catalogue_fingerprints=1900,
        vendors_date="2026-10-01",
        today="2026-11-22",
        free_bytes=80_000_000_000,
        disk_encrypted=True,
    )


READY = tuple(laptop(system) for system in (LINUX, MACOS, WINDOWS))
