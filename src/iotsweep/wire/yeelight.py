"""Yeelight search on UDP 1982, written like SSDP (Yeelight WiFi Light Inter-Operation Specification)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled
from iotsweep.wire.ssdp import SsdpKind, decode_message

GROUP, PORT = "239.255.255.250", 1982
QUESTION = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1982\r\nMAN: "ssdp:discover"\r\nST: wifi_bulb\r\n'
_FIELDS = ("id", "model", "fw_ver", "name", "location")
KEYS = tuple(f"yeelight.{name}" for name in _FIELDS)


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a reply or an announcement; whether the lamp is lit is not among them."""
    message = decode_message(data)
    if message.kind is SsdpKind.SEARCH or not message.header("location").startswith("yeelight://"):
        raise WireError("no Yeelight reply")
    return filled({f"yeelight.{name}": message.header(name) for name in _FIELDS})
