"""TP-Link's device discovery (TDP) over UDP 20002, for Tapo and newer Kasa (python-kasa, discover.py)."""

from __future__ import annotations

import base64
import json
import struct
import zlib

from iotsweep.wire.aes import BLOCK, decrypt_cbc
from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json
from iotsweep.wire.layout import mac_text
from iotsweep.wire.rsa import KeyPair

_HEADER = 16
_CRC_PLACE = 0x5A6B7C8D  # stands where the checksum goes while it is computed
_ENCRYPTED_WANTED = 0x11
_LONGEST_VEILED = 684  # characters of base64: 512 bytes; real ones have less than 400
# Cameras and some hubs answer only a question that carries a public key, and encrypt a part of the answer for it.
# Whoever asks gets that answer, so the private half need not be kept from anybody; that it is always the same lets the
# question stand on the allow-list, and the same reply always give the same facts.
KEY_PAIR = KeyPair(
    (
        int("c6f2d5fbd829afd4cc7ebf772c9ea90a0eddde4a1872f5d4d2ed7fd57ee779d4"
            "dbae575c2e7c03ec78ca51d3becd1c593e898a26cb0e62973e1eb2efd3e698d9", 16),
        int("d24fc6ef2b907be6177b83f17550e010d5210369ce21dada59d7d91f3bdb7400"
            "6df038f877ee8e3ef157da914632efab6410ae0e85ee3b4ab359e1c746a3206f", 16),
        int("dc8d8d012a79aba1c9b94e1f49f6a4c380396ad8f11a3a2aefecba681f76ae56"
            "d95f0eed5d25acc13a8d4c94fd370c95b88da4039c9d14ab222e91a0734bfd19", 16),
        int("fd0a54dd2c41a35df7f984195e297269a6eb13dcaf4ba6358f803b7cf01cd844"
            "cebdb369edfec34ba6a177a8cb36bd1256e8435ad9222355ba27a27d2f6f974d", 16),
    )
)  # fmt: skip
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
_VEILED = {
    "connect_ssid": "tapo.connect_ssid",
    "connect_type": "tapo.connect_type",
    "last_alarm_time": "tapo.last_alarm_time",
    "last_alarm_type": "tapo.last_alarm_type",
    "owner": "tapo.owner",
    "sd_status": "tapo.sd_status",
}
_SCHEME = {"encrypt_type": "tapo.encrypt_type", "http_port": "tapo.http_port"}
KEYS = (*dict.fromkeys((*_FIELDS.values(), *_VEILED.values(), *_SCHEME.values())), "tapo.mac")


def encode_question(*, with_key: bool) -> bytes:
    """The discovery question, short or with the public key that cameras want."""
    body = json.dumps({"params": {"rsa_key": KEY_PAIR.write_public()}}).encode() if with_key else b""
    flags = _ENCRYPTED_WANTED if with_key else 0
    question = bytearray(struct.pack("!BBHHBBII", 2, 0, 1, len(body), flags, 0, 0, _CRC_PLACE) + body)
    question[12:16] = zlib.crc32(question).to_bytes(4, "big")
    return bytes(question)


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a discovery reply, with those of its encrypted part. Device ids are never among them."""
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
    facts |= _unveil(result.get("encrypt_info"))
    if not facts:
        raise WireError("a TP-Link discovery reply that tells nothing")
    return facts


def _unveil(veiled: object) -> dict[str, str]:
    """What was encrypted for our key: 16 bytes of AES key and 16 of IV by RSA, then JSON by AES-CBC (python-kasa).

    What cannot be read, because it was meant for somebody else or is no such thing, costs nothing of the rest.
    """
    if not isinstance(veiled, dict):
        return {}
    try:
        secret = KEY_PAIR.decrypt(_read_base64(veiled.get("key")))
        inside = read_json(decrypt_cbc(secret[:BLOCK], secret[BLOCK:], _read_base64(veiled.get("data"))))
    except WireError:
        return {}
    facts = pick(inside, _VEILED)
    if facts.get("tapo.last_alarm_time") == "0":  # there was none
        del facts["tapo.last_alarm_time"]
    return facts


def _read_base64(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > _LONGEST_VEILED:
        raise WireError("no encrypted part that would be read")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise WireError("an encrypted part that is not base64") from None


QUESTIONS = (encode_question(with_key=False), encode_question(with_key=True))
