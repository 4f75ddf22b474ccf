"""Xiongmai's search over UDP 34569 (XMEye, iCSee, "Sofia" recorders): DVRIP header and JSON (python-dvr)."""

from __future__ import annotations

import struct

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json
from iotsweep.wire.layout import mac_text

PORT = 34569
QUESTION = bytes.fromhex("ff00000000000000000000000000fa0500000000")
_HEADER = 20
_ANSWER_ID = 0x05FB
_FIELDS = {
    "HostName": "dvrip.host_name",
    "SN": "dvrip.sn",
    "DeviceType": "dvrip.device_type",
    "ChannelNum": "dvrip.channel_num",
    "Version": "dvrip.version",
    "BuildDate": "dvrip.build_date",
    "OtherFunction": "dvrip.other_function",
    "TCPPort": "dvrip.tcp_port",
    "UDPPort": "dvrip.udp_port",
    "HttpPort": "dvrip.http_port",
    "SSLPort": "dvrip.ssl_port",
}
KEYS = (*_FIELDS.values(), "dvrip.mac", "dvrip.host_ip")


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer."""
    if len(data) <= _HEADER or data[0] != 0xFF or struct.unpack_from("<H", data, 14)[0] != _ANSWER_ID:
        raise WireError("no DVRIP search answer")
    (length,) = struct.unpack_from("<I", data, 16)
    common = member(read_json(data[_HEADER : _HEADER + min(length, 65536)]), "NetWork.NetCommon")
    facts = pick(common, _FIELDS)
    if mac_text(str(common.get("MAC", ""))):
        facts["dvrip.mac"] = mac_text(str(common["MAC"]))
    address = _address(common.get("HostIP"))
    if address:
        facts["dvrip.host_ip"] = address
    if not facts:
        raise WireError("a DVRIP answer that tells nothing")
    return facts


def _address(word: object) -> str:
    """An address written as a little-endian hex word: 0x6D0BA8C0 is 192.168.11.109."""
    try:
        value = int(str(word)[:10], 16)
    except ValueError:
        return ""
    return ".".join(str(byte) for byte in value.to_bytes(4, "little")) if 0 < value < 1 << 32 else ""
