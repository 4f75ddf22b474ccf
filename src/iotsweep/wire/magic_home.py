"""Magic Home and other lamps on HF modules: a text question and answer over UDP 48899 (flux_led).

Never an AT command: AT+Z restarts the module and AT+SOCKB sends it to another server.
"""

from __future__ import annotations

import re

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text

PORT = 48899
QUESTION = b"HF-A11ASSISTHREAD"
KEYS = ("magichome.ip", "magichome.mac", "magichome.model")
_ANSWER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}),([0-9A-Fa-f]{12}),([\w\- ]{0,40})\s*")


def decode_reply(data: bytes) -> dict[str, str]:
    """Address, MAC and model of the module."""
    found = _ANSWER.fullmatch(data[:128].rstrip(b"\0").decode("latin-1")) if len(data) <= 128 else None
    if not found:
        raise WireError("no Magic Home answer")
    return filled({"magichome.ip": found[1], "magichome.mac": mac_text(found[2]), "magichome.model": found[3].strip()})
