"""Wi-Fi frames as they were heard over the air (IEEE 802.11, radiotap.org): whose hardware addresses they carry.

Only management and data frames are looked at, and only their addresses and an access point's own network name:
what a phone searches for is a list of the places where its owner has been, so it is not even decoded.
"""

from __future__ import annotations

from dataclasses import dataclass

from iotsweep.wire.error import WireError

WIFI, RADIOTAP, PRISM, AVS, PPI = 105, 127, 119, 163, 192  # LINKTYPE_ of tcpdump.org
LINKS = frozenset({WIFI, RADIOTAP, PRISM, AVS, PPI})
_MANAGEMENT, _DATA = 0, 2
_BEACON, _PROBE_RESPONSE = 8, 5
# From a client: association and reassociation requests, probe requests, authentication is sent by both.
_FROM_CLIENT = frozenset({0, 2, 4})
_TO_ACCESS_POINT, _FROM_ACCESS_POINT = 1, 2
_LONGEST_SSID = 32


@dataclass(frozen=True, slots=True)
class Heard:
    """Who sent a frame; `network` is set for an access point's own announcement."""

    mac: bytes
    network: str = ""
    access_point: bool = False


def decode_wifi(data: bytes, start: int, end: int, link: int) -> Heard:
    """The sender of one frame. Raises WireError for control frames and for what is cut off."""
    place = start + _prefix(data, start, end, link)
    if place + 24 > end:
        raise WireError("a Wi-Fi frame without a sender")
    control, flags = data[place], data[place + 1]
    kind, subtype = control >> 2 & 3, control >> 4
    if control & 3:
        raise WireError("a Wi-Fi frame of an unknown version")
    sender = data[place + 10 : place + 16]
    if kind == _DATA:
        return _data_sender(data, place, flags, sender)
    if kind != _MANAGEMENT:
        raise WireError("a Wi-Fi control frame")
    if subtype in {_BEACON, _PROBE_RESPONSE}:
        return Heard(sender, _network_name(data, place + 36, end), access_point=True)
    return Heard(sender, access_point=subtype not in _FROM_CLIENT and sender == data[place + 16 : place + 22])


def _data_sender(data: bytes, place: int, flags: int, sender: bytes) -> Heard:
    """Toward an access point the transmitter is the device; from it, the third address is where it came from."""
    way = flags & 3
    if way == _TO_ACCESS_POINT:
        return Heard(sender)
    if way == _FROM_ACCESS_POINT:
        return Heard(data[place + 16 : place + 22])
    raise WireError("a Wi-Fi frame between access points")


def _prefix(data: bytes, start: int, end: int, link: int) -> int:
    """How many bytes the capturing driver put in front. Raises WireError."""
    if link == WIFI:
        return 0
    if start + 8 > end:
        raise WireError("a Wi-Fi frame is cut off")
    if link == PRISM:
        return 144
    length = data[start + 2] | data[start + 3] << 8  # in a header of AVS its last two bytes, in network order
    if link == AVS:
        length = data[start + 6] << 8 | data[start + 7]
    if 8 <= length <= end - start:
        return length
    raise WireError("a Wi-Fi frame with a length that cannot be")


def _network_name(data: bytes, place: int, end: int) -> str:
    """The name in the first element of an announcement; "" when it is hidden."""
    if place + 2 > end or data[place] != 0 or data[place + 1] > _LONGEST_SSID:
        return ""
    name = data[place + 2 : min(end, place + 2 + data[place + 1])]
    return name.decode("utf-8", "replace") if name.strip(b"\0") else ""
