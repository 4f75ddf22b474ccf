"""TP-Link Kasa over UDP 9999: JSON scrambled with an autokey XOR (python-kasa, protocols/xortransport)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import LARGEST, member, pick, read_json
from iotsweep.wire.layout import mac_text

_FIRST_KEY = 171
_FIELDS = {
    "alias": "kasa.alias",
    "dev_name": "kasa.dev_name",
    "model": "kasa.model",
    "type": "kasa.type",
    "mic_type": "kasa.type",
    "sw_ver": "kasa.sw_ver",
    "hw_ver": "kasa.hw_ver",
    "oemId": "kasa.oem_id",
    "feature": "kasa.feature",
    "camera_switch": "kasa.camera_switch",
    "bind_status": "kasa.bind_status",
}
KEYS = (*dict.fromkeys(_FIELDS.values()), "kasa.mac")


def encode(text: bytes) -> bytes:
    """`text` scrambled as on UDP, without a length in front."""
    key = _FIRST_KEY
    out = bytearray()
    for byte in text:
        key ^= byte
        out.append(key)
    return bytes(out)


def decode(data: bytes) -> bytes:
    """The JSON text of a datagram."""
    before = (bytes([_FIRST_KEY]) + data)[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(before)).to_bytes(len(data))  # as one number: a datagram can be long


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a get_sysinfo reply. Latitude, longitude and account ids are never among them."""
    if not 2 <= len(data) <= LARGEST:
        raise WireError(f"{len(data)} bytes are no Kasa reply")
    info = member(read_json(decode(data)), "system", "get_sysinfo")
    if isinstance(info.get("system"), dict):  # cameras nest it once more
        info = info["system"]
    facts = pick(info, {name: key for name, key in _FIELDS.items() if name in info})
    for name in ("mac", "mic_mac", "ethernet_mac"):
        address = mac_text(str(info.get(name, "")))
        if address:
            facts["kasa.mac"] = address
    if not facts:
        raise WireError("a Kasa reply that tells nothing")
    return facts


QUESTION = encode(b'{"system":{"get_sysinfo":{}}}')
