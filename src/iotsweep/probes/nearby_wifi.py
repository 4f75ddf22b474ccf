"""Looks at the Wi-Fi names near here, in the list that the system keeps anyway, for cameras with their own network.

Such a camera is not on the home's network. Only names that a camera-like product is known for are kept: a neighbour's
Wi-Fi is nobody's business, so all others are counted and forgotten.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

from iotsweep.model import Profile
from iotsweep.probes import Stage
from iotsweep.probes._command import read_command
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.wire.wifi import (
    MOST_TEXT,
    WifiNetwork,
    decode_iw,
    decode_netsh,
    decode_nmcli,
    decode_system_profiler,
)

TIMEOUT = 8.0  # seconds; system_profiler takes two or three
_RADIOS = Path("/sys/class/net")
_NMCLI = ("-t", "-f", "IN-USE,SSID,BSSID,SIGNAL,CHAN", "dev", "wifi", "list", "--rescan", "no")
_NETSH = ("wlan", "show", "networks", "mode=bssid")
Decode = Callable[[str], tuple[WifiNetwork, ...]]
Tool = tuple[tuple[str, ...], tuple[str, ...], Decode]  # where it can be, its arguments, how its output is read


class NearbyWifiProbe:
    """Finds cameras by the names of their own Wi-Fi networks."""

    name = "nearby-wifi"
    says = "looking at the Wi-Fi names near here"
    stage = Stage.FIND
    profiles = frozenset(Profile)
    yields = ("wifi.ssid", "wifi.bssid", "wifi.signal")
    sends = "nothing: it reads the list of Wi-Fi names that this laptop's system keeps"
    side_effects = "none; macOS may look around for Wi-Fi names itself, which is why quiet does not ask it there"
    needs_administrator = False
    on_request = False

    async def run(self, context: Context) -> None:
        """Keep the names that a fingerprint of a camera-like thing knows, count the others."""
        networks = await _read(context)
        named = [network for network in networks if network.ssid]
        kept = [network for network in named if context.records({"wifi.ssid": network.ssid})]
        for network in kept:
            # The network that this laptop has joined is that of its router, so the camera is the router itself.
            here = network.joined and _is_radio(context.scope.interface)
            context.observe(_facts(network), ip=context.scope.gateway if here else None)
        if networks:
            context.limit(
                f"{len(networks)} Wi-Fi networks are near here; {len(kept)} of them have a name that cameras with "
                "their own Wi-Fi are known for; the names of the others were not kept"
            )


def _facts(network: WifiNetwork) -> dict[str, str]:
    return {"wifi.ssid": network.ssid, "wifi.bssid": network.bssid, "wifi.signal": network.signal}


async def _read(context: Context) -> tuple[WifiNetwork, ...]:
    """What the first tool of this system that tells anything says. Raises ProbeSkipped where none can."""
    networks: tuple[WifiNetwork, ...] = ()
    for places, arguments, decode in _tools(context):
        program = next((place for place in places if Path(place).is_file()), None)
        if program and not networks:
            networks = decode(await read_command(program, *arguments, seconds=TIMEOUT, most=MOST_TEXT))
    if not networks:
        raise ProbeSkipped("the system told no Wi-Fi names, so cameras with a Wi-Fi of their own could not be seen")
    return networks


def _tools(context: Context) -> tuple[Tool, ...]:
    if sys.platform == "darwin":
        if context.scope.profile is Profile.QUIET:
            raise ProbeSkipped("macOS may look around for Wi-Fi names when it is asked, so quiet does not ask it")
        return ((("/usr/sbin/system_profiler",), ("SPAirPortDataType",), decode_system_profiler),)
    if sys.platform == "win32":
        return (((r"C:\Windows\System32\netsh.exe",), _NETSH, decode_netsh),)
    radios = _find_radios()
    if not radios:
        raise ProbeSkipped("this laptop has no Wi-Fi of its own here, so Wi-Fi names near here were not looked at")
    iw = ("/usr/sbin/iw", "/sbin/iw", "/usr/bin/iw")
    listed = tuple((iw, ("dev", radio, "scan", "dump"), decode_iw) for radio in radios)
    return ((("/usr/bin/nmcli",), _NMCLI, decode_nmcli), *listed)


def _find_radios() -> tuple[str, ...]:
    """The Wi-Fi interfaces of this network namespace: a practice home has none, whatever the machine has."""
    names = sorted(name for _, name in socket.if_nameindex())
    return tuple(name for name in names if (_RADIOS / name / "wireless").is_dir())


def _is_radio(interface: str) -> bool:
    """Whether the checked network is the Wi-Fi one; where the system does not tell, it is taken to be."""
    return not sys.platform.startswith("linux") or interface in _find_radios()


PROBE = NearbyWifiProbe()
