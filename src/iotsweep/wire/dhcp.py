"""DHCP (RFC 2131, options of RFC 2132): what a client says of itself when it joins, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from iotsweep.wire.error import WireError

SERVER_PORT, CLIENT_PORT = 67, 68
KEYS = (
    "dhcp.hostname",
    "dhcp.vendor_class",
    "dhcp.options",
    "dhcp.client_id",
    "dhcp.user_class",
    "dhcp.fqdn",
    "dhcp.message",
)
ACKNOWLEDGED = 5
_FIXED = 236
_COOKIE = bytes.fromhex("63825363")
_MOST_OPTIONS = 64
_LARGEST = 4096  # bytes; what stands beyond is not looked at
_MASK, _ROUTER, _HOST_NAME, _MESSAGE, _ASKED, _VENDOR_CLASS, _CLIENT_ID = 1, 3, 12, 53, 55, 60, 61
_USER_CLASS, _FQDN, _SERVER = 77, 81, 54
_MESSAGES = {1: "discover", 3: "request", 4: "decline", 7: "release", 8: "inform"}


@dataclass(frozen=True, slots=True)
class Dhcp:
    """One message. `mac` is that of the client, whoever sent the frame; addresses are "" when they are 0.0.0.0."""

    from_client: bool
    message: int
    mac: str
    client_ip: str  # what the client has already
    given_ip: str  # what a server gives it
    options: tuple[tuple[int, bytes], ...]

    def option(self, code: int) -> bytes:
        """The value of an option, its parts joined (RFC 3396); b"" when it is not there."""
        return b"".join(value for number, value in self.options if number == code)

    @property
    def mask(self) -> str:
        """The subnet mask that a server gives, "" when it gives none."""
        return _address(self.option(_MASK)[:4])

    @property
    def router(self) -> str:
        """The router that a server names first, "" when it names none."""
        return _address(self.option(_ROUTER)[:4])

    @property
    def server(self) -> str:
        """Option 54: the address of the server that speaks, "" when it gives none."""
        return _address(self.option(_SERVER)[:4])

    @property
    def host_name(self) -> str:
        """Option 12: the client's own name for itself, or, from a server, the name that the router has for it."""
        return self.option(_HOST_NAME).decode("utf-8", "replace").strip("\0 ")


def decode_dhcp(data: bytes) -> Dhcp:
    """The message. Raises WireError for plain BOOTP and for other hardware than Ethernet."""
    if len(data) < _FIXED + 4 or data[_FIXED : _FIXED + 4] != _COOKIE:
        raise WireError("no DHCP message")
    if data[0] not in {1, 2} or data[1:3] != b"\x01\x06":
        raise WireError("a DHCP message that is not about Ethernet")
    options = tuple(_options(data[:_LARGEST]))
    kind = next((value[0] for code, value in options if code == _MESSAGE and value), 0)
    return Dhcp(data[0] == 1, kind, data[28:34].hex(":"), _address(data[12:16]), _address(data[16:20]), options)


def to_facts(message: Dhcp) -> dict[str, str]:
    """What a client says of itself; nothing for a server's message."""
    if not message.from_client:
        return {}
    facts = {
        "dhcp.hostname": message.host_name,
        "dhcp.vendor_class": message.option(_VENDOR_CLASS).decode("utf-8", "replace").strip("\0 "),
        "dhcp.options": ",".join(map(str, message.option(_ASKED))),
        "dhcp.client_id": _readable(message.option(_CLIENT_ID)),
        "dhcp.user_class": message.option(_USER_CLASS).decode("utf-8", "replace").strip("\0 "),
        "dhcp.fqdn": _full_name(message.option(_FQDN)),
        "dhcp.message": _MESSAGES.get(message.message, ""),
    }
    return {key: value for key, value in facts.items() if value}


def _options(data: bytes) -> list[tuple[int, bytes]]:
    """As many whole options as there are; a length that leads past the end ends them."""
    found: list[tuple[int, bytes]] = []
    place = _FIXED + 4
    while place + 1 < len(data) and len(found) < _MOST_OPTIONS and data[place] != 255:
        if data[place] == 0:
            place += 1
            continue
        length = data[place + 1]
        if place + 2 + length > len(data):
            break
        found.append((data[place], data[place + 2 : place + 2 + length]))
        place += 2 + length
    return found


def _address(data: bytes) -> str:
    return str(IPv4Address(data)) if len(data) == 4 and any(data) else ""


def _readable(value: bytes) -> str:
    """A client identifier as text when it is text, else in hexadecimal digits; a MAC address without its type."""
    if len(value) == 7 and value[0] == 1:
        return value[1:].hex(":")
    body = value[1:] if value[:1] == b"\0" else value
    return body.decode("ascii") if body.isascii() and body.decode("ascii").isprintable() else value.hex()


def _full_name(value: bytes) -> str:
    """Option 81 (RFC 4702): flags, two unused bytes, and a name as text or, with flag E, as DNS labels."""
    if len(value) < 4:
        return ""
    name = value[3:]
    if not value[0] & 0x04:
        return name.decode("utf-8", "replace").strip("\0 .")
    labels, place = [], 0
    while place < len(name) and 0 < name[place] < 64:
        labels.append(name[place + 1 : place + 1 + name[place]].decode("utf-8", "replace"))
        place += 1 + name[place]
    return ".".join(labels)
