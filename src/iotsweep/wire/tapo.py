"""TP-Link's device discovery (TDP) over UDP 20002, for Tapo and newer Kasa (python-kasa, discover.py)."""

from __future__ import annotations

import json
import struct
import zlib

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json
from iotsweep.wire.layout import mac_text

_HEADER = 16
_CRC_PLACE = 0x5A6B7C8D  # stands where the checksum goes while it is computed
_ENCRYPTED_WANTED = 0x11
# Cameras and some hubs answer only a question that carries a public key. Nobody keeps the private half: what they
# encrypt for it (name of the Wi-Fi, last alarm) is never read.
_PUBLIC_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0UWc93EXgj8BEE4Wncgy\n"
    "zcj1R8kApdYUHoWgrR/mVbTVdsRvLun4h6GNVW7c2p6k7hpf5+jIb2PwAtIamnSg\n"
    "WIKDnJxd9LhIjalLr4VlPWby6h/65PqGj+szHStWpU9vL5qtDthE99GncdhLVydj\n"
    "jyN9HrEgMo0uTNLZrTreUb3zO7pigAW5Oqd2d2iFjYT37zU42oqkdUn4iTyE7JBV\n"
    "rPVk/v4Njm8n6VqJYzSD9tyqwy/iFVGy3KdT9+vVg67lfJjTLqe4gJDVANmSKuSE\n"
    "QlG4qHFezLf1haxQDcAaTYBiMsOiGOwrE0SGNuIFyvohmtiURbY28cBc1i/v+tvP\n"
    "qQIDAQAB\n"
    "-----END PUBLIC KEY-----\n"
)
_FIELDS = {
    "device_type": "tapo.device_type",
    "device_model": "tapo.device_model",
    "device_name": "tapo.device_name",
    "firmware_version": "tapo.firmware_version",
    "hardware_version": "tapo.hardware_version",
    "hw_ver": "tapo.hardware_version",
    "factory_default": "tapo.factory_default",
    "is_support_iot_cloud": "tapo.is_support_iot_cloud",
    "obd_src": "tapo.obd_src",
    "owner": "tapo.owner",
}
_SCHEME = {"encrypt_type": "tapo.encrypt_type", "http_port": "tapo.http_port"}
KEYS = (*dict.fromkeys((*_FIELDS.values(), *_SCHEME.values())), "tapo.mac")


def encode_question(*, with_key: bool) -> bytes:
    """The discovery question, short or with the public key that cameras want."""
    body = json.dumps({"params": {"rsa_key": _PUBLIC_KEY}}).encode() if with_key else b""
    flags = _ENCRYPTED_WANTED if with_key else 0
    question = bytearray(struct.pack("!BBHHBBII", 2, 0, 1, len(body), flags, 0, 0, _CRC_PLACE) + body)
    question[12:16] = zlib.crc32(question).to_bytes(4, "big")
    return bytes(question)


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a discovery reply. The encrypted part, device ids and the Wi-Fi's name are never among them."""
    if len(data) <= _HEADER or data[0] != 2:
        raise WireError(f"{len(data)} bytes are no TP-Link discovery reply")
    result = member(read_json(data[_HEADER:]), "result")
    facts = pick(result, {name: key for name, key in _FIELDS.items() if name in result})
    scheme = result.get("mgt_encrypt_schm")
    if isinstance(scheme, dict):
        facts |= pick(scheme, _SCHEME)
    address = mac_text(str(result.get("mac", "")))
    if address:
        facts["tapo.mac"] = address
    if not facts:
        raise WireError("a TP-Link discovery reply that tells nothing")
    return facts


QUESTIONS = (encode_question(with_key=False), encode_question(with_key=True))
