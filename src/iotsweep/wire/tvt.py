"""TVT recorders and cameras: "MHED" frames by multicast on UDP 23456 (ipcprobe). Never command 3: it changes them."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, ipv4, mac, mac_text, number, text

GROUP, ANSWER_GROUP, PORT = "234.55.55.55", "234.55.55.56", 23456
QUESTION = b"MHED" + bytes.fromhex("090001000100") + bytes(130)
KEYS = (
    "tvt.name",
    "tvt.mac",
    "tvt.ip",
    "tvt.build_date",
    "tvt.http_port",
    "tvt.rtsp_port",
    "tvt.serial",
    "tvt.firmware",
    "tvt.model",
    "tvt.vendor",
)
_ANSWER = 2


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of an answer or an announcement; short ones give what they hold."""
    if data[:4] != b"MHED" or number(data, 8, 2, "little") != _ANSWER:
        raise WireError("no TVT answer")
    facts = {
        "tvt.name": text(data, 12, 20),
        "tvt.mac": mac_text(mac(data, 32)),
        "tvt.ip": ipv4(data, 40),
        "tvt.build_date": str(number(data, 56, 4, "little")),
        "tvt.http_port": str(number(data, 60, 2, "little")),
        "tvt.rtsp_port": str(number(data, 62, 2, "little")),
    }
    if len(data) >= 228:
        facts |= {
            "tvt.serial": text(data, 140, 16),
            "tvt.firmware": text(data, 156, 40),
            "tvt.model": text(data, 196, 16),
            "tvt.vendor": text(data, 212, 16),
        }
    return filled(facts)
