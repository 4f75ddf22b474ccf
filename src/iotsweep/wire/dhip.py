"""Dahua DHDiscover over UDP 37810: a 32-byte header and JSON, which some firmware breaks (DahuaConsole)."""

from __future__ import annotations

import re
import struct

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json
from iotsweep.wire.layout import mac_text

GROUP, PORT = "239.255.255.251", 37810
_HEADER = 32
_LARGEST = 16 * 1024
_START = bytes.fromhex("2000000044484950")
_SEARCH = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}'
_FIELDS = {
    "DeviceClass": "dhip.device_class",
    "DeviceType": "dhip.device_type",
    "MachineName": "dhip.machine_name",
    "SerialNo": "dhip.serial_no",
    "Vendor": "dhip.vendor",
    "Version": "dhip.version",
    "HttpPort": "dhip.http_port",
    "Port": "dhip.port",
    "Init": "dhip.init",
    "VideoInputChannels": "dhip.video_input_channels",
    "RemoteVideoInputChannels": "dhip.remote_video_input_channels",
}
KEYS = (*_FIELDS.values(), "dhip.mac")
_PAIR = re.compile(r'"(\w{1,40})"\s*:\s*(?:"([^",]{0,200})|(-?\d{1,12}))')


def encode_question() -> bytes:
    """The search that Dahua's own tool sends."""
    return _START + struct.pack("<8xIIII", len(_SEARCH), 0, len(_SEARCH), 0) + _SEARCH


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of client.notifyDevInfo. JSON with a missing quote is read pair by pair."""
    if not _HEADER < len(data) <= _LARGEST or data[:8] != _START:
        raise WireError("no DHIP reply")
    body = data[_HEADER:]
    if b"deviceInfo" not in body:
        raise WireError("a DHIP message without deviceInfo")
    try:
        whole = read_json(body)
        info = member(whole, "params", "deviceInfo")
        facts, address = pick(info, _FIELDS), str(whole.get("mac", ""))
    except WireError:
        pairs = {name: text or digits for name, text, digits in _PAIR.findall(body.decode("utf-8", "replace"))}
        facts, address = pick(pairs, _FIELDS), pairs.get("mac", "")
    if mac_text(address):
        facts["dhip.mac"] = mac_text(address)
    if not facts:
        raise WireError("a DHIP reply that tells nothing")
    return facts
