"""Wi-Fi names near here, as the tools of Linux, Windows and macOS print the list that the system keeps anyway.

Pure, bounded, and without trust in any word of them: a name can hold whatever its owner typed, the tools' own labels
change with the language of the system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

MOST_NETWORKS = 512
MOST_TEXT = 512 * 1024  # characters
_MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
_LONGEST_NAME = 128  # characters; IEEE 802.11 allows 32 bytes, which tools write longer when they escape them

# Where cameras with their own Wi-Fi have their address, when this laptop has joined one (a9-v720, A9, aiopppp,
# AJ_HC1703L_Teardown, goprowifihack, yi-action-camera).
HOTSPOT_ADDRESSES = {
    "192.168.169.1": "small V720 cameras",
    "192.168.4.153": "small cameras of the Little Stars app",
    "192.168.238.1": "small cameras with names in BATC and BATD",
    "192.168.168.1": "small cameras of the Vue990 app",
    "192.168.200.1": "small cameras with the chip HC1703L",
    "10.5.5.9": "GoPro cameras",
    "192.168.42.1": "Yi and Xiaomi action cameras",
    "192.168.43.1": "trail cameras, and Android phones that share their connection,",
    "192.168.4.1": "ESP32 camera boards, many things that wait to be set up, and some home routers",
}

_ROUTERS_TOO = frozenset({"192.168.43.1", "192.168.4.1"})  # addresses that phones and home routers give themselves too


def find_hotspots(gateway: str | None, network: str, *, only_cameras: bool = False) -> dict[str, str]:
    """Of HOTSPOT_ADDRESSES those that fit: the gateway's, or without one every address inside `network`."""
    found = {}
    for address, what in HOTSPOT_ADDRESSES.items():
        fits = address == gateway if gateway else _is_inside(address, network)
        if fits and not (only_cameras and address in _ROUTERS_TOO):
            found[address] = what
    return found


def _is_inside(address: str, network: str) -> bool:
    try:
        return IPv4Address(address) in IPv4Network(network)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """One name. `signal` is in per cent or dBm as the system gives it; `joined`: this laptop is on it."""

    ssid: str
    bssid: str = ""  # lower case with colons; "" when the system hides it
    signal: str = ""
    channel: str = ""
    joined: bool = False


def decode_nmcli(text: str) -> tuple[WifiNetwork, ...]:
    """`nmcli -t -f IN-USE,SSID,BSSID,SIGNAL,CHAN dev wifi list --rescan no`; the first field may be left out."""
    return _bounded(_nmcli_rows(text))


def _nmcli_rows(text: str) -> Iterator[WifiNetwork]:
    for line in _lines(text):
        fields = [re.sub(r"\\(.)", r"\1", field) for field in re.split(r"(?<!\\):", _shield(line))]
        fields = [field.replace(_SHIELD, "\\") for field in fields]
        joined = len(fields) == 5 and fields.pop(0).strip() == "*"
        if len(fields) == 4 and _mac(fields[1]):
            signal = f"{fields[2]} %" if fields[2].isdigit() else ""
            yield WifiNetwork(fields[0], _mac(fields[1]), signal, fields[3], joined)


_SHIELD = "\0"  # stands for an escaped backslash, so that what follows it is read by itself


def _shield(line: str) -> str:
    return line.replace(_SHIELD, "").replace("\\\\", _SHIELD)


def decode_iw(text: str) -> tuple[WifiNetwork, ...]:
    """`iw dev <interface> scan dump`: blocks that begin with BSS and an address."""
    return _bounded(_iw_blocks(text))


def _iw_blocks(text: str) -> Iterator[WifiNetwork]:
    current: WifiNetwork | None = None
    for line in _lines(text):
        begun = re.match(r"BSS ([0-9a-f:]{17})", line)
        if begun:
            if current:
                yield current
            current = WifiNetwork("", begun[1], joined="associated" in line)
        elif current:
            current = _read_iw(current, line.strip())
    if current:
        yield current


def _read_iw(network: WifiNetwork, line: str) -> WifiNetwork:
    label, _, value = line.partition(":")
    if label == "SSID" and not network.ssid:
        return replace(network, ssid=_unescape(value.strip()))
    if label == "signal" and re.fullmatch(r"-?[0-9.]{1,7} dBm", value.strip()):
        return replace(network, signal=value.strip())
    channel = re.fullmatch(r"DS Parameter set: channel ([0-9]{1,3})", line)
    return replace(network, channel=channel[1]) if channel else network


def _unescape(name: str) -> str:
    """iw writes every byte that is no printable ASCII as \\xNN."""
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), name.encode())
    return raw.decode("utf-8", "replace")


def decode_netsh(text: str) -> tuple[WifiNetwork, ...]:
    """`netsh wlan show networks mode=bssid` in any language: SSID and BSSID stay, the other labels are not read."""
    return _bounded(_netsh_blocks(text))


def _netsh_blocks(text: str) -> Iterator[WifiNetwork]:
    name, current = "", None
    for line in _lines(text):
        label, _, value = (part.strip() for part in line.partition(":"))
        if re.fullmatch(r"SSID [0-9]{1,4}", label):
            name = value
        elif re.fullmatch(r"BSSID [0-9]{1,4}", label) and _mac(value):
            if current:
                yield current
            current = WifiNetwork(name, _mac(value))
        elif current:
            current = _read_netsh(current, value)
    if current:
        yield current


def _read_netsh(network: WifiNetwork, value: str) -> WifiNetwork:
    """The first per cent is the signal; the first plain number is the channel."""
    if not network.signal and re.fullmatch(r"[0-9]{1,3}\s?%", value):
        return replace(network, signal=f"{value.rstrip('% ').strip()} %")
    if not network.channel and re.fullmatch(r"[0-9]{1,3}", value):
        return replace(network, channel=value)
    return network


def decode_system_profiler(text: str) -> tuple[WifiNetwork, ...]:
    """`system_profiler SPAirPortDataType`: a name is the heading above a line with an 802.11 mode."""
    return _bounded(_profiler_blocks(text))


def _profiler_blocks(text: str) -> Iterator[WifiNetwork]:
    current: WifiNetwork | None = None
    heading = section = ""
    for line in map(str.strip, _lines(text)):
        value = line.rpartition(": ")[2]
        if line.endswith(":"):
            if current:
                yield current
            current, section, heading = None, heading or section, line[:-1]
        elif heading and value.startswith("802.11"):
            current, heading = WifiNetwork(heading, joined=section.startswith("Current Network")), ""
        else:
            heading = ""
            current = _read_profiler(current, value) if current else None
    if current:
        yield current


def _read_profiler(network: WifiNetwork, value: str) -> WifiNetwork:
    signal = re.match(r"(-[0-9]{1,3} dBm)", value)
    channel = re.match(r"([0-9]{1,3})(?: \(|$)", value)
    if signal and not network.signal:
        return replace(network, signal=signal[1])
    return replace(network, channel=channel[1]) if channel and not network.channel else network


def _lines(text: str) -> Iterator[str]:
    yield from (line for line in text[:MOST_TEXT].splitlines() if line.strip())


def _mac(text: str) -> str:
    found = _MAC.fullmatch(text.strip())
    return found[0].lower().replace("-", ":") if found else ""


def _bounded(networks: Iterator[WifiNetwork]) -> tuple[WifiNetwork, ...]:
    """Each network once, names of a bearable length, not too many."""
    found: dict[WifiNetwork, None] = {}
    for network in networks:
        found[replace(network, ssid=network.ssid[:_LONGEST_NAME])] = None
        if len(found) >= MOST_NETWORKS:
            break
    return tuple(found)
