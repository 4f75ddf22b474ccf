"""V380 search over UDP 10008, answered on 10009: text split by circumflexes (prsyahmi/v380)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text

PORT, ANSWER_PORT = 10008, 10009
QUESTION = b"NVDEVSEARCH^100"
KEYS = ("v380.device_id", "v380.mac", "v380.ip")
_FEWEST_FIELDS = 13


def decode_reply(data: bytes) -> dict[str, str]:
    """The camera's id, as its label and its app write it, its MAC and its address."""
    parts = data[:2048].partition(b"\0")[0].decode("utf-8", "replace").split("^")
    if parts[0] != "NVDEVRESULT" or len(parts) < _FEWEST_FIELDS:
        raise WireError("no V380 answer")
    return filled({"v380.mac": mac_text(parts[2]), "v380.ip": parts[3][:15], "v380.device_id": parts[12].strip()[:32]})
