"""PPPP (CS2, iLnkP2P, Yi): the LAN search of cheap point-to-point cameras, UDP 32108 (aiopppp, pppp-dissector).

Only the search is ever sent. Sending anything back after its answer would open a session with the camera.
Many makers scramble every datagram with a phrase of their own, so the search goes out once for each known phrase.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import number, text
from iotsweep.wire.pppp_scramble import PHRASES, scramble, unscramble

PORT = 32108
SEARCH = bytes.fromhex("f1300000")
SEARCH_EXTENDED = bytes.fromhex("f1320000")  # in Yi's numbering an acknowledgement, which its cameras pass over
SEARCH_PADDED = bytes.fromhex("f13000020000")  # eufy's client
SCRAMBLED = tuple(scramble(phrase, SEARCH) for phrase in PHRASES)
KEYS = ("pppp.uid", "pppp.prefix", "pppp.family", "pppp.phrase")
ANSWER_HEADER = bytes.fromhex("f1410014")
_SHORTEST, _LONGEST = 21, 64
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ILNK_LETTERS = frozenset("ABCDEF")
# iLnkP2P's own prefixes (pmarrapese/iot); its check letters are never beyond F.
_ILNK_PREFIXES = frozenset({"VSTD", "VSTF", "QHSV", "EEEE", "ROSS", "ISRP", "GCMN", "ELSA"})


def decode_reply(data: bytes) -> dict[str, str]:
    """The camera's id, as its app and its label write it, its maker's prefix, family, and phrase if it scrambles."""
    if not is_answer_size(data):
        raise WireError("no PPPP answer")
    if data[:2] == ANSWER_HEADER[:2]:
        return read_answer(data)
    for phrase in PHRASES:
        if unscramble(phrase, data[:4]) == ANSWER_HEADER:
            return read_answer(unscramble(phrase, data)) | {"pppp.phrase": phrase}
    raise WireError("no PPPP answer")


def is_answer_size(data: bytes) -> bool:
    """Whether an answer can be as long as this."""
    return _SHORTEST <= len(data) <= _LONGEST


def read_answer(data: bytes) -> dict[str, str]:
    """The facts of an answer in the clear, whatever its header. Raises WireError when there is no id in it."""
    prefix = text(data, 4, 8)
    check = text(data, 16, min(8, len(data) - 16))
    if not prefix or not set(prefix) <= _LETTERS or not set(check) <= _LETTERS:
        raise WireError("a PPPP answer without an id")
    ilnk = prefix in _ILNK_PREFIXES or (len(check) >= 5 and set(check) <= _ILNK_LETTERS)
    return {
        "pppp.prefix": prefix,
        "pppp.uid": f"{prefix}-{number(data, 12, 4):06d}-{check}",
        "pppp.family": "iLnkP2P" if ilnk else "CS2",
    }
