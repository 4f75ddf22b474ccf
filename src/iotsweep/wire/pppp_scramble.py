"""The scrambling of PPPP datagrams with a maker's phrase (pppp-dissector, aiopppp), and every phrase that is known.

No secret is broken by it: the phrases stand in the makers' apps, and all cameras of a maker share one.
"""

from __future__ import annotations

from functools import lru_cache

Key = tuple[int, int, int, int]

PHRASES = (
    "vstarcam2018",
    "camera",
    "SHIX",
    "@@@@....",
    "VMSV",
    "FERRY@88",
    "mycamera",
    "Deng123abc",
    "Duncom",
    "JX20130716",
    "hyWHzyhtzH",
    "JYDGAOZHANP2P",
    "SZGMBESTER",
    "SSD@cs2-network.",
)
# The permutation that every implementation of the protocol holds.
TABLE = bytes.fromhex(
    "7c9ce84a13dedcb22f2123e4307b3d8cbc0b270c3cf79ae7087196009785efc1"
    "1fc4dba1c2ebd901faba3b05b81587832872d18b5ad6da9358feaacc6e1bf0a3"
    "88ab43c00db545384f502266207f075b14981d9ba72ab9a8cbf1fc4947063eb1"
    "0e043a945eee541134dd4df9ecc7c9e3781a6f706ba4bda95dd5f8e5bb26af42"
    "37d8e1020aae5f1cc573094e6924906d12b319ad748a2940f52dbea559e0f479"
    "d24bce8982488425c6912ba2fb8fe9a6b09e3f65f603312eac0f952c5ced39b7"
    "336c567eb4a0fd7a815351868d9f77ff6a80dfe2bf10d775645776f355cdd0c8"
    "18e6364162cf99f2324c67606192cad3ea637d16b68ed46835c3529d46441e17"
)


@lru_cache(maxsize=64)
def make_key(phrase: str) -> Key:
    """Sum, its negative, the sum of thirds and the exclusive or of the phrase's bytes."""
    total = thirds = mixed = 0
    for byte in phrase.encode():
        total, thirds, mixed = total + byte, thirds + byte // 3, mixed ^ byte
    return total & 0xFF, -total & 0xFF, thirds & 0xFF, mixed


def scramble(phrase: str, clear: bytes) -> bytes:
    """`clear` as the cameras of this phrase send and want it."""
    return scramble_by_key(make_key(phrase), clear)


def unscramble(phrase: str, data: bytes) -> bytes:
    """The opposite of scramble."""
    return unscramble_by_key(make_key(phrase), data)


def scramble_by_key(key: Key, clear: bytes) -> bytes:
    """As scramble, with the four numbers that a phrase comes down to."""
    before, out = 0, bytearray()
    for byte in clear:
        before = byte ^ TABLE[(key[before & 3] + before) & 0xFF]
        out.append(before)
    return bytes(out)


def unscramble_by_key(key: Key, data: bytes) -> bytes:
    """The opposite of scramble_by_key."""
    before, out = 0, bytearray()
    for byte in data:
        out.append(byte ^ TABLE[(key[before & 3] + before) & 0xFF])
        before = byte
    return bytes(out)
