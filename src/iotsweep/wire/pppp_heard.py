"""What PPPP camera modules send unasked: their sign-on at the maker's servers, their video (pppp-dissector, PPPP.md).

The sign-on names a side: only a device signs on as one. Large data packets are what a camera sends, hardly ever an app.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError

KEYS = ("pppp.role",)
SERVER_PORT = 32100
_MAGIC = 0xF1
_SIGN_ON = frozenset({0x10, 0x12})  # DEV_LGN and DEV_LGN_CRC; their acknowledgements are 0x11 and 0x13
_DATA = 0xD0
_LARGE = 900  # bytes; spoken words of an app come in packets of some hundred


def decode_traffic(data: bytes) -> dict[str, str]:
    """Which side the sender is. Raises WireError for anything that does not tell."""
    if len(data) < 4 or data[0] != _MAGIC or int.from_bytes(data[2:4], "big") != len(data) - 4:
        raise WireError("no PPPP message")
    if data[1] in _SIGN_ON and len(data) >= 20:
        return {"pppp.role": "signs on as a device"}
    if data[1] == _DATA and len(data) >= _LARGE:
        return {"pppp.role": "sends a stream"}
    raise WireError("a PPPP message that does not tell the side")
