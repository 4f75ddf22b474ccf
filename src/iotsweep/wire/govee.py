"""Govee lights with LAN control: JSON asked on UDP 4001 and answered on 4002 (Govee WLAN Guide).

Never port 4003: it switches them.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json

GROUP, PORT, ANSWER_PORT = "239.255.255.250", 4001, 4002
QUESTION = b'{"msg":{"cmd":"scan","data":{"account_topic":"reserve"}}}'
_FIELDS = {
    "sku": "govee.sku",
    "device": "govee.device",
    "wifiVersionSoft": "govee.firmware",
    "wifiVersionHard": "govee.hardware",
}
KEYS = tuple(_FIELDS.values())


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a scan answer."""
    message = member(read_json(data), "msg")
    facts = pick(member(message, "data"), _FIELDS)
    if message.get("cmd") != "scan" or "govee.sku" not in facts:
        raise WireError("no Govee answer")
    return facts
