"""Tuya's own broadcasts on UDP 6666 and 6667: frames around JSON, plain or encrypted (tinytuya).

The encrypted body of 6667 is not opened: that it is broadcast tells that a Tuya module is there, and no more is
known of what the module is built into.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import pick, read_json

PLAIN_PORT, ENCRYPTED_PORT = 6666, 6667
KEYS = ("tuya.version", "tuya.product_key", "tuya.gw_id", "tuya.announced")
_START, _END = bytes.fromhex("000055aa"), bytes.fromhex("0000aa55")
_START_35, _END_35 = bytes.fromhex("00006699"), bytes.fromhex("00009966")
_FIELDS = {"version": "tuya.version", "productKey": "tuya.product_key", "gwId": "tuya.gw_id"}


def decode_broadcast(data: bytes) -> dict[str, str]:
    """The facts of a broadcast: all of a plain one, only that it was heard of an encrypted one."""
    if len(data) < 24:
        raise WireError("no Tuya frame")
    if data[:4] == _START_35 and data[-4:] == _END_35:
        return {"tuya.announced": "encrypted", "tuya.version": "3.5"}
    if data[:4] != _START or data[-4:] != _END:
        raise WireError("no Tuya frame")
    body = data[16:-8]
    start = body.find(b"{")
    if start not in {0, 4}:  # a return code may stand in front
        return {"tuya.announced": "encrypted"}
    return {"tuya.announced": "plain"} | pick(read_json(body[start:]), _FIELDS)
