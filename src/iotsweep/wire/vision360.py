"""360 Vision cameras: a text question and answer over UDP 3600 (UniversalScanner)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text

PORT = 3600
QUESTION = b"DISCOVER\n"
KEYS = ("vision360.type", "vision360.mac", "vision360.id")


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of an answer: words of the form NAME=VALUE after DISCOVER."""
    first, *words = data[:1024].decode("latin-1").split()[:32] or [""]
    pairs = dict(word.partition("=")[::2] for word in words)
    if first != "DISCOVER" or "TYPE" not in pairs:
        raise WireError("no 360 Vision answer")
    address = mac_text(pairs.get("KEY", "").strip("'\""))
    return filled({"vision360.type": pairs["TYPE"][:64], "vision360.mac": address, "vision360.id": pairs.get("ID", "")})
