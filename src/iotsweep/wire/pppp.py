"""PPPP (CS2, iLnkP2P, Yi): the LAN search of cheap point-to-point cameras, UDP 32108 (aiopppp, pppp-dissector).

Only the search is ever sent. Sending anything back after its answer would open a session with the camera.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import number, text

PORT = 32108
SEARCH = bytes.fromhex("f1300000")
SEARCH_EXTENDED = bytes.fromhex("f1320000")
SEARCH_PADDED = bytes.fromhex("f13000020000")  # eufy's client
KEYS = ("pppp.uid", "pppp.prefix")
_ANSWER = bytes.fromhex("f141")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def decode_reply(data: bytes) -> dict[str, str]:
    """The camera's id, as its app and its label write it, and the maker's prefix of it."""
    if len(data) < 21 or data[:2] != _ANSWER:
        raise WireError("no PPPP answer")
    prefix = text(data, 4, 8)
    check = text(data, 16, min(8, len(data) - 16))
    if not prefix or not set(prefix) <= _LETTERS or not set(check) <= _LETTERS:
        raise WireError("a PPPP answer without an id")
    return {"pppp.prefix": prefix, "pppp.uid": f"{prefix}-{number(data, 12, 4):06d}-{check}"}
