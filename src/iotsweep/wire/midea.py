"""Midea air conditioners and their kin: one frame over UDP 6445 and 20086 (msmart-ng)."""

from __future__ import annotations

import hashlib

from iotsweep.wire import aes
from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, number, text

PORT, SECOND_PORT = 6445, 20086
_SIGN_KEY = b"xhdiwjnchekd4d512chdjx5d8e4c394D2D7S"
VEIL_KEY = hashlib.md5(_SIGN_KEY, usedforsecurity=False).digest()
KEYS = ("midea.device_id", "midea.serial", "midea.name", "midea.type", "midea.port")
_FRAME, _WRAPPED = b"\x5a\x5a", b"\x83\x70"
_WRAPPER, _HEADER, _SIGNATURE = 8, 40, 16


def encode_question() -> bytes:
    """The search of the vendor's app: a fixed head, the veiled bytes ff 00, a signature."""
    frame = bytes.fromhex("5a5a011148009200") + bytes(32) + aes.encrypt_ecb(VEIL_KEY, b"\xff\0")
    return frame + hashlib.md5(frame + _SIGN_KEY, usedforsecurity=False).digest()


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of an answer, of either protocol version."""
    if len(data) > aes.LARGEST or data == _QUESTION:
        raise WireError("no Midea answer")
    frame = data[_WRAPPER:-_SIGNATURE] if data[:2] == _WRAPPED else data
    if frame[:2] != _FRAME or len(frame) <= _HEADER + _SIGNATURE:
        raise WireError("no Midea answer")
    body = aes.decrypt_ecb(VEIL_KEY, frame[_HEADER:-_SIGNATURE])
    size = number(body, 40, 1)
    name = text(body, 41, min(size, 64))
    kind = name.split("_")[1] if name.count("_") >= 2 else ""
    return filled(
        {
            "midea.device_id": str(number(frame, 20, 6, "little")),
            "midea.port": str(number(body, 4, 4, "little")),
            "midea.serial": text(body, 8, 32),
            "midea.name": name,
            "midea.type": kind[:8],
        }
    )


_QUESTION = encode_question()
