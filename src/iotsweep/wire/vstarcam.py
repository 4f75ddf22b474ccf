"""VStarcam and Eye4 search over UDP 8600: "DH" frames of fixed fields (UniversalScanner, python-dvr)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac, mac_text, number, text

PORT = 8600
QUESTION = bytes.fromhex("44480101")
KEYS = (
    "vstarcam.uid",
    "vstarcam.name",
    "vstarcam.mac",
    "vstarcam.ip",
    "vstarcam.port",
    "vstarcam.firmware",
    "vstarcam.web_firmware",
)


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer. 0xec to 0x12b can hold the login name and password: never looked at."""
    if data[:4] != bytes.fromhex("44480108"):
        raise WireError("no VStarcam answer")
    facts = {
        "vstarcam.ip": text(data, 0x04, 16),
        "vstarcam.mac": mac_text(mac(data, 0x54)),
        "vstarcam.port": str(number(data, 0x5A, 2, "little")),
        "vstarcam.uid": text(data, 0x5C, 32),
        "vstarcam.name": text(data, 0x7C, 32),
    }
    if len(data) >= 0xEC:
        facts |= {"vstarcam.firmware": text(data, 0xCC, 16), "vstarcam.web_firmware": text(data, 0xDC, 16)}
    return filled(facts)
