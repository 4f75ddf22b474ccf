"""NetBIOS node status over UDP 137 (RFC 1002 section 4.2.17): which names a computer, NAS or recorder goes by."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.layout import field, filled, mac, mac_text

PORT = 137
# RFC 1001 section 14.1: "*" and fifteen NULs, each half byte as a letter from A; then type NBSTAT, class IN.
QUESTION = bytes.fromhex("000000000001000000000000") + b"\x20CK" + b"A" * 30 + bytes.fromhex("0000210001")
KEYS = ("netbios.name", "netbios.group", "netbios.mac")
_NBSTAT = b"\0\x21"
_HEAD = 12
_NAME = 18
_LONGEST_NAME = 255  # RFC 1035 section 2.3.4
_MOST_NAMES = 32
_COMPUTER, _GROUP_FLAG = 0x00, 0x80


def decode_reply(data: bytes) -> dict[str, str]:
    """The computer's name, its workgroup and the MAC that it gives."""
    if len(data) < _HEAD or not data[2] & 0x80 or int.from_bytes(data[6:8], "big") < 1:
        raise WireError("no NetBIOS answer")
    place = _after_name(data, _HEAD)
    if field(data, place, 2) != _NBSTAT:
        raise WireError("a NetBIOS answer of another type")
    place += 10
    names = field(data, place, 1)[0]
    facts: dict[str, str] = {}
    for index in range(min(names, _MOST_NAMES)):
        entry = field(data, place + 1 + index * _NAME, _NAME)
        if entry[15] == _COMPUTER:
            key = "netbios.group" if entry[16] & _GROUP_FLAG else "netbios.name"
            facts.setdefault(key, entry[:15].decode("latin-1").strip("\0 "))
    unit = place + 1 + names * _NAME
    if len(data) >= unit + 6:
        facts["netbios.mac"] = mac_text(mac(data, unit))  # all zeros from Samba
    if not filled(facts):
        raise WireError("a NetBIOS answer that tells nothing")
    return filled(facts)


def _after_name(data: bytes, place: int) -> int:
    start = place
    while (size := field(data, place, 1)[0]) != 0 and place - start <= _LONGEST_NAME:
        if size >= 0xC0:
            return place + 2
        place += 1 + size
    return place + 1
