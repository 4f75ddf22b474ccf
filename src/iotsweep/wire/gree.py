"""Gree air conditioners: JSON over UDP 7000, answered with a part veiled by one public key (greeclimate).

Never "bind", which hands out the key that steers the device.
"""

from __future__ import annotations

import base64
import binascii

from iotsweep.wire import aes
from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import pick, read_json
from iotsweep.wire.layout import filled, mac_text

PORT = 7000
QUESTION = b'{"t":"scan"}'
SCAN_KEY = b"a3K8Bx%2r8Y7#xDh"
_FIELDS = {"name": "gree.name", "brand": "gree.brand", "model": "gree.model", "ver": "gree.version"}
KEYS = (*_FIELDS.values(), "gree.mac")
_LARGEST = 2048


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a scan answer; of one under a newer key only the MAC that stands outside."""
    if len(data) > _LARGEST:
        raise WireError("no Gree answer")
    reply = read_json(data)
    if reply.get("t") != "pack" or not isinstance(reply.get("pack"), str):
        raise WireError("no Gree answer")
    facts = {"gree.mac": mac_text(str(reply.get("cid", "")))}
    try:
        pack = read_json(aes.decrypt_ecb(SCAN_KEY, base64.b64decode(reply["pack"], validate=True)))
    except (WireError, binascii.Error, ValueError):
        pack = {}
    facts |= pick(pack, _FIELDS) | filled({"gree.mac": mac_text(str(pack.get("mac", "")))})
    if not filled(facts):
        raise WireError("a Gree answer that tells nothing")
    return filled(facts)
