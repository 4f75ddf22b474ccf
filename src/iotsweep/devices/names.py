"""The names that a device goes by, the most useful first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iotsweep.clean import clean
from iotsweep.model import Observation

MOST = 8  # names per device: a hostile device can announce thousands
LONGEST = 80

# Names that a person chose come first, then what the device calls itself, then what the network calls it.
_SOURCES = (
    "upnp.friendly_name",
    "mdns.txt.fn",
    "mdns.name",
    "kasa.alias",
    "wsd.name",
    "onvif.name",
    "netbios.name",
    "llmnr.name",
    "dhcp.hostname",
    "mdns.host",
    "dns.name",
    "nmap.hostname",
    "wifi.ssid",
)
_SERVICE = re.compile(r"\._[\w-]+\._(tcp|udp)(\.local)?\.?$", re.IGNORECASE)
_LOCAL = re.compile(r"\.(local|lan|home|home\.arpa|localdomain|internal|fritz\.box)\.?$", re.IGNORECASE)
_SERIAL_AT = re.compile(r"^[0-9a-f]{12}@", re.IGNORECASE)  # AirPlay: `AABBCCDDEEFF@Kitchen`
_NUMBERS_ONLY = re.compile(r"^(uuid:)?[0-9a-f:.\-]{12,}$", re.IGNORECASE)


def name_device(observations: Iterable[Observation]) -> tuple[str, ...]:
    """At most eight names, each once whatever its capitals, without service types and local domains."""
    ranked: set[tuple[bool, int, str]] = set()
    for observation in observations:
        for rank, key in enumerate(_SOURCES):
            for value in observation.values(key):
                name = _trim(value)
                if name:
                    ranked.add((bool(_NUMBERS_ONLY.match(name)), rank, name))
    names: dict[str, str] = {}
    for _, _, name in sorted(ranked):
        names.setdefault(name.casefold(), name)
    return tuple(names.values())[:MOST]


def _trim(value: str) -> str:
    name = _SERVICE.sub("", clean(value))
    name = _LOCAL.sub("", name).rstrip(".")
    name = _SERIAL_AT.sub("", name)
    return clean(name, LONGEST)
