"""Old Dahua's search over UDP 5050: a binary head and lines of text (UniversalScanner, python-dvr)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import filled, ipv4, mac_text, number, text

PORT = 5050
_VERSIONS = ("a3010001", "a3010000")
QUESTIONS = tuple(bytes.fromhex(head) + bytes(12) + b"\2" + bytes(15) for head in _VERSIONS)
KEYS = ("dahua.name", "dahua.mac", "dahua.ip", "dahua.model", "dahua.serial", "dahua.http_port", "dahua.tcp_port")
_ANSWER, _MAC, _MAC_LENGTH = 0xB3, 0x78, 17
_LARGEST = 4096


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a search answer; of its text part only the serial number."""
    if data[:1] != bytes([_ANSWER]) or not _MAC < len(data) <= _LARGEST:
        raise WireError("no old Dahua answer")
    address = mac_text(text(data, _MAC, _MAC_LENGTH))
    model, *lines = data[_MAC + _MAC_LENGTH :].decode("utf-8", "replace").split("\r\n")
    model, lines = _split_model(data, model, lines)
    said = dict(line.partition(":")[::2] for line in lines if ":" in line)
    if not address:
        raise WireError("an old Dahua answer without a MAC")
    return filled(
        {
            "dahua.name": text(data, 0x28, 16),
            "dahua.ip": ipv4(data, 0x38),
            "dahua.http_port": str(number(data, 0x5E, 2, "little")),
            "dahua.tcp_port": str(number(data, 0x62, 2, "little")),
            "dahua.mac": address,
            "dahua.model": model.strip("\0 ")[:64],
            "dahua.serial": said.get("SerialNo", "").strip()[:64],
        }
    )


def _split_model(data: bytes, model: str, lines: list[str]) -> tuple[str, list[str]]:
    """Byte 2 counts MAC and model together; what follows it on the same line is the text part's first pair."""
    size = max(0, data[2] - _MAC_LENGTH)
    if 0 < size < len(model):
        return model[:size], [model[size:], *lines]
    return model, lines
