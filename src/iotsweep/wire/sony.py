"""Sony network cameras (SNC): a text question and answer over UDP 2380 (UniversalScanner)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, mac_text

PORT = 2380
QUESTION = b"\x02ENQ:allinfo\xff\x03"
_FIELDS = {"MODEL": "sony.model", "SERIAL": "sony.serial", "IPADR": "sony.ip", "SOFTVERSION": "sony.firmware"}
KEYS = (*_FIELDS.values(), "sony.mac", "sony.port")
_LARGEST = 4096


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of an answer: NAME:VALUE, each ended by ff."""
    if len(data) > _LARGEST or data[:1] != b"\x02" or not data.rstrip(b"\0").endswith(b"\x03"):
        raise WireError("no Sony answer")
    pairs = dict(part.decode("latin-1").partition(":")[::2] for part in data[1:].split(b"\xff") if b":" in part)
    if "MODEL" not in pairs:
        raise WireError("a Sony message without a model")
    facts = {key: pairs.get(name, "").strip()[:64] for name, key in _FIELDS.items()}
    return filled(facts | {"sony.mac": mac_text(pairs.get("MAC", "")), "sony.port": pairs.get("WEBPORT", "")[:5]})
