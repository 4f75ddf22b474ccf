"""A router's port mappings, read and never changed (UPnP WANIPConnection:2 sections 2.5.17 and 2.5.20).

Two actions can be encoded here: GetGenericPortMappingEntry, which asks for the entry at an index, and
GetExternalIPAddress, of whose answer only a private address is ever kept: a public one tells where a home is.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from iotsweep.clean import clean
from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, local_name, read_xml
from iotsweep.wire.upnp_fetch import Place, decode_any_reply, read_location

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

KEYS = ("igd.port_mapping", "igd.mapped", "igd.outside")
SERVICES = frozenset(
    f"urn:schemas-upnp-org:service:{service}"
    for service in ("WANIPConnection:1", "WANIPConnection:2", "WANPPPConnection:1")
)
MOST_ENTRIES = 64  # of one router; a home has a handful
_MOST_CONTROLS = 4
_ACTION = "GetGenericPortMappingEntry"
_OUTSIDE = "GetExternalIPAddress"
_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))  # RFC 1918
_END = {"713", "714"}  # SpecifiedArrayIndexInvalid, NoSuchEntryInArray: there are no more entries
_PROTOCOLS = {"TCP": "tcp", "UDP": "udp"}
_OK, _FAULT = 200, 500
_HOST = re.compile(r"[0-9A-Fa-f.:]{2,45}")
_LONGEST = 80  # characters of a description, which any program in the home could have written


@dataclass(frozen=True, slots=True)
class Control:
    """Where one service of a router is asked: on the very host that described it."""

    place: Place
    service: str


@dataclass(frozen=True, slots=True)
class PortMapping:
    """One entry: what arrives from the internet at `outer` goes to `inner` of `client`."""

    protocol: str  # tcp or udp
    outer: int
    client: str
    inner: int
    enabled: bool
    description: str

    def say(self) -> str:
        """The entry in one line, as in tcp 8554 -> 192.168.1.23:554 (camera)."""
        notes = [self.description] if self.description else []
        notes += [] if self.enabled else ["switched off"]
        return f"{self.protocol} {self.outer} -> {self.client}:{self.inner}" + (
            f" ({', '.join(notes)})" if notes else ""
        )


def find_controls(data: bytes, place: Place) -> tuple[Control, ...]:
    """The services of a description that keep port mappings. Raises WireError for what is no description."""
    root = read_xml(data)
    base = f"http://{place.address}:{place.port}{place.path}"
    with contextlib.suppress(WireError):
        named = read_location(child_text(root, "URLBase"), place.address)
        base = f"http://{named.address}:{named.port}{named.path}"
    return tuple(dict.fromkeys(_controls(root, base, place.address)))[:_MOST_CONTROLS]


def _controls(root: Element, base: str, address: str) -> Iterator[Control]:
    for element in root.iter():
        service = child_text(element, "serviceType") if local_name(element) == "service" else ""
        if service in SERVICES:
            with contextlib.suppress(WireError, ValueError):
                url = urljoin(base, child_text(element, "controlURL"))
                yield Control(read_location(url, address), service)


def encode_question(control: Control, index: int) -> bytes:
    """The request for the entry at `index`. Raises WireError for any service but those that keep port mappings."""
    if control.service not in SERVICES or not 0 <= index < MOST_ENTRIES:
        raise WireError("no question about port mappings")
    return _encode(control, _ACTION, f"<NewPortMappingIndex>{index:d}</NewPortMappingIndex>")


def encode_outside_question(control: Control) -> bytes:
    """The request for the router's address on its other side. Raises WireError as above."""
    if control.service not in SERVICES:
        raise WireError("no question about the other side of a router")
    return _encode(control, _OUTSIDE, "")


def _encode(control: Control, action: str, arguments: str) -> bytes:
    body = (
        '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:{action} xmlns:u="{control.service}">{arguments}</u:{action}>'
        "</s:Body></s:Envelope>\r\n"
    )
    place = control.place
    head = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.address}:{place.port}\r\n"
        f'Content-Type: text/xml; charset="utf-8"\r\nSOAPAction: "{control.service}#{action}"\r\n'
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return (head + body).encode("ascii")


def decode_private_outside(data: bytes) -> str | None:
    """The router's address on its other side when that is a private one; None for any other. Raises WireError."""
    status, body = decode_any_reply(data)
    if status != _OK:
        raise WireError(f"HTTP status {status}")
    for element in read_xml(body).iter():
        if local_name(element) == f"{_OUTSIDE}Response":
            try:
                address = IPv4Address(child_text(element, "NewExternalIPAddress"))
            except AddressValueError as error:
                raise WireError("no IPv4 address") from error
            return str(address) if any(address in network for network in _PRIVATE) else None
    raise WireError("no address")


def decode_answer(data: bytes) -> PortMapping | None:
    """The entry, or None when there is none at this index. Raises WireError for a refusal and for anything else."""
    status, body = decode_any_reply(data)
    root = read_xml(body) if status in {_OK, _FAULT} else None
    if root is None:
        raise WireError(f"HTTP status {status}")
    if status == _FAULT:
        code = next((child_text(each, "errorCode") for each in root.iter() if local_name(each) == "UPnPError"), "")
        if code in _END:
            return None
        raise WireError(f"refused with {clean(code, 8) or 'no reason'}")
    for element in root.iter():
        if local_name(element) == f"{_ACTION}Response":
            return _read(element)
    raise WireError("no port mapping")


def _read(element: Element) -> PortMapping:
    protocol = _PROTOCOLS.get(child_text(element, "NewProtocol").upper())
    client = child_text(element, "NewInternalClient")
    if protocol is None or not _HOST.fullmatch(client):
        raise WireError("a port mapping without a protocol or an address")
    return PortMapping(
        protocol,
        _port(child_text(element, "NewExternalPort")),
        client,
        _port(child_text(element, "NewInternalPort")),
        child_text(element, "NewEnabled").lower() not in {"0", "false", "no"},
        clean(child_text(element, "NewPortMappingDescription"), _LONGEST),
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= (number := int(text[:6])) <= 0xFFFF:
        raise WireError("a port mapping without a port")
    return number
