"""Which bytes may leave as datagrams, by port. Whatever is not listed here does not leave, whoever asks for it.

Makers put "find" and "change" on one port, so a port alone says nothing: the questions are compared byte for byte.
Only the discovery protocols that everybody speaks have a shape instead, because they carry ids and names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iotsweep.model import Scope

# Well-known ports: RFC 863, 1035, 1002, UPnP Device Architecture 2.0, WS-Discovery 1.1, RFC 6762, RFC 4795.
_DISCARD, _DNS, _NETBIOS, _SSDP, _WS_DISCOVERY, _MDNS, _LLMNR = 9, 53, 137, 1900, 3702, 5353, 5355
_FORMS = ("", "dn:NetworkVideoTransmitter", "tds:Device", "wsdp:Device")
_NO_ID = "00000000-0000-0000-0000-000000000000"
_PTR_QUESTION = bytes.fromhex("00000c0001")  # the end of a name, type PTR, class IN: RFC 1035 section 4.1.2
_HEADER = 12
_UUID = r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MESSAGE_ID = re.compile(rf"<a:MessageID>{_UUID}</a:MessageID>".encode())
_RESOLVED = re.compile(rb"<a:EndpointReference><a:Address>[^<>]{0,600}</a:Address></a:EndpointReference>")
_SEARCH = re.compile(
    rb'M-SEARCH \* HTTP/1\.1\r\nHOST: 239\.255\.255\.250:1900\r\nMAN: "ssdp:discover"\r\n'
    rb"(?:MX: [1-5]\r\n)?ST: [A-Za-z0-9:*._-]{1,120}\r\n\r\n"
)
_LONGEST_QUESTION = 4096


class AllowList:
    """The datagrams that one scope allows, and those that only `suspect` may be sent."""

    def __init__(self, scope: Scope, suspect: str | None = None) -> None:
        self._scope = scope
        self._suspect = suspect
        self._network = IPv4Network(scope.network)
        self._vendors: Mapping[int, frozenset[bytes]] | None = None

    def permits(self, address: str, port: int, data: bytes) -> bool:
        """Whether exactly these bytes may go to this port of `address`."""
        from iotsweep.wire.vendor_questions import NEVER_ASKED, allowed_datagrams

        if port in NEVER_ASKED:
            return False
        if self._vendors is None:
            self._vendors = allowed_datagrams(self._scope.address)
        if port in self._vendors:
            return data in self._vendors[port] or self._is_deep_search(address, port, data)
        return self._has_shape(address, port, data)

    def _is_deep_search(self, address: str, port: int, data: bytes) -> bool:
        """One of the searches that a PPPP phrase can make, and only to the device that the deep check is for."""
        from iotsweep.wire.pppp import PORT
        from iotsweep.wire.pppp_keys import is_search, means_something_else

        return address == self._suspect and port == PORT and is_search(data) and not means_something_else(data)

    def _has_shape(self, address: str, port: int, data: bytes) -> bool:
        shapes: dict[int, Callable[[str, bytes], bool]] = {
            _DISCARD: lambda _, data: not data,
            _DNS: self._is_reverse_look_up,
            _LLMNR: lambda _, data: self._asks_for_a_name_here(data, flags=0),
            _MDNS: _is_mdns_question,
            _NETBIOS: lambda _, data: _is_node_status(data),
            _SSDP: lambda _, data: _SEARCH.fullmatch(data) is not None,
            _WS_DISCOVERY: lambda _, data: _is_wsd_question(data),
        }
        shape = shapes.get(port)
        return shape is not None and shape(address, data)

    def _is_reverse_look_up(self, address: str, data: bytes) -> bool:
        """Only the home's own router is asked for names, and only for those of this network."""
        return address == self._scope.gateway and self._asks_for_a_name_here(data, flags=0x0100)

    def _asks_for_a_name_here(self, data: bytes, flags: int) -> bool:
        if data[2:_HEADER] != flags.to_bytes(2, "big") + bytes.fromhex("0001000000000000"):
            return False
        labels, place = [], _HEADER
        while place < len(data) and data[place]:
            labels.append(data[place + 1 : place + 1 + data[place]])
            place += 1 + data[place]
        if data[place:] != _PTR_QUESTION or labels[4:] != [b"in-addr", b"arpa"]:
            return False
        try:
            return IPv4Address(b".".join(labels[3::-1]).decode("ascii", "replace")) in self._network
        except AddressValueError:
            return False


def _is_mdns_question(address: str, data: bytes) -> bool:
    """A standard query of RFC 1035 section 4.1.1, never an announcement: that would speak in somebody's name.

    Nor records behind a question, which claim a name (RFC 6762 section 8.2). Over IPv6 nothing but questions for names
    of this link (section 3), as our own encoder writes them: no answers known already, no byte besides.
    """
    if not _HEADER < len(data) <= _LONGEST_QUESTION or data[2] & 0xF8 or any(data[8:_HEADER]):
        return False
    return ":" not in address or _asks_this_link(data)


def _asks_this_link(data: bytes) -> bool:
    from iotsweep.wire.error import WireError
    from iotsweep.wire.mdns import decode_message
    from iotsweep.wire.mdns_question import encode_asks

    try:
        questions = decode_message(data).questions
    except WireError:
        return False
    asked = encode_asks((question.name, question.type) for question in questions)
    return asked == (data,) and all(question.name[-1].lower() == "local" for question in questions)


def _is_node_status(data: bytes) -> bool:
    from iotsweep.wire.netbios import QUESTION

    return data == QUESTION


def _is_wsd_question(data: bytes) -> bool:
    """A Probe in one of the known forms or a Resolve, whatever its message id: nothing else of WS-Discovery."""
    from iotsweep.wire.wsd import encode_probe, encode_resolve

    asked = _RESOLVED.sub(b"", _MESSAGE_ID.sub(b"", data, count=1), count=1)
    known = [encode_probe(_NO_ID, types) for types in _FORMS] + [encode_resolve(_NO_ID, "")]
    return asked in {_RESOLVED.sub(b"", _MESSAGE_ID.sub(b"", form)) for form in known}
