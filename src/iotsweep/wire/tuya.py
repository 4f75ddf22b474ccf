"""Tuya's broadcasts on UDP 6666, 6667 and 7000: frames around JSON, plain or veiled with one public key (tinytuya).

A broadcast tells that a Tuya module is there and for which product it is made, not what the product is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from iotsweep.wire import aes
from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import pick, read_json

PLAIN_PORT, ENCRYPTED_PORT, APP_PORT = 6666, 6667, 7000
KEYS = ("tuya.version", "tuya.product_key", "tuya.gw_id", "tuya.announced")
UDP_KEY = hashlib.md5(b"yGAdlopoPVldABfn", usedforsecurity=False).digest()
_START, _END = bytes.fromhex("000055aa"), bytes.fromhex("0000aa55")
_START_35, _END_35 = bytes.fromhex("00006699"), bytes.fromhex("00009966")
_IV = bytes.fromhex("000102030405060708090a0b")  # any will do with a public key; a fixed one keeps the datagram fixed
_ASK_COMMAND = 0x25
_FIELDS = {"version": "tuya.version", "productKey": "tuya.product_key", "gwId": "tuya.gw_id"}


def encode_question(address: str) -> bytes:
    """The vendor app's "who is there" of protocol 3.5, in the name of this laptop's own `address`."""
    return encode_35(_ASK_COMMAND, b'{"from":"app","ip":"%s"}' % address.encode())


def encode_35(command: int, clear: bytes) -> bytes:
    """A frame of protocol 3.5 around `clear`."""
    body = bytes(2) + bytes(4) + command.to_bytes(4, "big") + (len(clear) + 28).to_bytes(4, "big")
    veiled, tag = aes.encrypt_gcm(UDP_KEY, _IV, clear, body)
    return _START_35 + body + _IV + veiled + tag + _END_35


def decode_broadcast(data: bytes) -> dict[str, str]:
    """The facts of a broadcast or an answer; only that it was heard when it does not open with the public key."""
    if not 24 <= len(data) <= aes.LARGEST:
        raise WireError("no Tuya frame")
    if data[:4] == _START_35 and data[-4:] == _END_35:
        if data[10:14] == _ASK_COMMAND.to_bytes(4, "big"):
            raise WireError("a Tuya question, not an announcement")
        return {"tuya.version": "3.5"} | _veiled(lambda: _open_35(data))
    if data[:4] != _START or data[-4:] != _END:
        raise WireError("no Tuya frame")
    body = data[16:-8]
    if body.find(b"{") in {0, 4}:  # a return code may stand in front
        return {"tuya.announced": "plain"} | pick(read_json(body[body.find(b"{") :]), _FIELDS)
    return _veiled(lambda: aes.decrypt_ecb(UDP_KEY, body[4:] if len(body) % aes.BLOCK else body))


def _veiled(unveil: Callable[[], bytes]) -> dict[str, str]:
    """What an encrypted broadcast tells, as far as the public key opens it."""
    facts = {"tuya.announced": "encrypted"}
    try:
        return facts | pick(read_json(unveil()), _FIELDS)
    except WireError:
        return facts


def _open_35(data: bytes) -> bytes:
    clear = aes.decrypt_gcm(UDP_KEY, data[18:30], data[30:-20], data[4:18], data[-20:-4])
    return clear if clear[:1] == b"{" else clear[4:]  # a return code may stand in front
