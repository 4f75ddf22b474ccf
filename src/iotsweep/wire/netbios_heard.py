"""NetBIOS as it is heard without asking: registrations on UDP 137, datagrams on UDP 138 (RFC 1002, 4.2 and 4.4).

Who registers a name, or sends a datagram under one, tells its own name; who asks for a name does not.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError

NAMES, DATAGRAMS = 137, 138
KEYS = ("netbios.name", "netbios.group")
_REGISTRATIONS = {5, 8, 9}  # registration, refresh, and the refresh of old Windows
_DATAGRAMS = {0x10, 0x11, 0x12}  # to one, to a group, to everybody
_ENCODED = 32
_COMPUTER, _SERVER, _GROUP_FLAG = 0x00, 0x20, 0x80


def decode_registration(data: bytes) -> dict[str, str]:
    """The name that a computer claims. Raises WireError for a question and for an answer."""
    if len(data) < 12 + 34 + 4 or data[2] & 0x80 or data[2] >> 3 & 15 not in _REGISTRATIONS or data[4:6] != b"\0\1":
        raise WireError("no NetBIOS registration")
    name, suffix = _read_name(data, 12)
    after = 12 + 34 + 4
    flags = data[after + 12] if len(data) > after + 12 else 0
    return _facts(name, suffix, group=bool(flags & _GROUP_FLAG))


def decode_datagram(data: bytes) -> dict[str, str]:
    """The name under which a datagram was sent. Raises WireError."""
    if len(data) < 14 + 34 or data[0] not in _DATAGRAMS:
        raise WireError("no NetBIOS datagram")
    name, suffix = _read_name(data, 14)
    return _facts(name, suffix, group=False)


def _facts(name: str, suffix: int, *, group: bool) -> dict[str, str]:
    if suffix not in {_COMPUTER, _SERVER} or not name:
        raise WireError("a NetBIOS name of something else than a computer")
    return {"netbios.group" if group else "netbios.name": name}


def _read_name(data: bytes, place: int) -> tuple[str, int]:
    """Fifteen letters and a suffix, each half byte written as a letter from A (RFC 1001 section 14.1)."""
    if data[place] != _ENCODED or data[place + 1 + _ENCODED] != 0:
        raise WireError("no NetBIOS name")
    letters = data[place + 1 : place + 1 + _ENCODED]
    if not all(0x41 <= letter <= 0x50 for letter in letters):
        raise WireError("a NetBIOS name with letters that cannot be")
    decoded = bytes((high - 0x41) << 4 | low - 0x41 for high, low in zip(letters[::2], letters[1::2], strict=True))
    return decoded[:15].decode("latin-1").strip("\0 "), decoded[15]
