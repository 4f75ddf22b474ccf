"""WS-Discovery over UDP (2005/04, SOAP 1.2), ONVIF scopes (ONVIF Core Specification, 7.3), WS-Transfer Get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, local_name, read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

GROUP, PORT = "239.255.255.250", 3702
_LARGEST = 32 * 1024
_MOST_WORDS = 40  # types, scopes or addresses of one device
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_EVERYBODY = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
_TRANSFER_GET = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
# Makers choose their own prefixes; the facts carry the usual one of each namespace.
_PREFIXES = {
    "http://www.onvif.org/ver10/network/wsdl": "dn",
    "http://www.onvif.org/ver10/device/wsdl": "tds",
    "http://schemas.xmlsoap.org/ws/2006/02/devprof": "wsdp",
    "http://schemas.microsoft.com/windows/pub/2005/07": "pub",
    "http://schemas.microsoft.com/windows/2006/08/wdp/print": "wprt",
    "http://schemas.microsoft.com/windows/2006/08/wdp/scan": "wscn",
}
_NAMESPACES = {prefix: uri for uri, prefix in _PREFIXES.items()}
_DECLARED = re.compile(rb"""xmlns:([\w.\-]{1,40})\s*=\s*["']([^"']{1,200})["']""")
_ONVIF_SCOPE = "onvif://www.onvif.org/"
_ONVIF_KEYS = {
    "name": "onvif.name",
    "hardware": "onvif.hardware",
    "model": "onvif.hardware",
    "location": "onvif.location",
    "profile": "onvif.profile",
    "type": "onvif.type",
    "mac": "onvif.mac",
}


@dataclass(frozen=True, slots=True)
class WsdMatch:
    """One device that matched a search or said hello."""

    address: str  # stable identity, usually urn:uuid:...
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    xaddrs: tuple[str, ...]


def encode_probe(message_id: str, types: str = "") -> bytes:
    """A Probe; `types` is one of "", "dn:NetworkVideoTransmitter", "tds:Device", "wsdp:Device"."""
    prefix = types.partition(":")[0]
    declared = f' xmlns:{prefix}="{_NAMESPACES[prefix]}"' if types else ""
    asked = f"<d:Types{declared}>{types}</d:Types>" if types else ""
    return _envelope(message_id, _EVERYBODY, f"{_DISCOVERY}/Probe", f"<d:Probe>{asked}</d:Probe>")


def encode_resolve(message_id: str, address: str) -> bytes:
    """A Resolve: asks a device that gave no transport address for one."""
    body = (
        f"<d:Resolve><a:EndpointReference><a:Address>{_escaped(address)}</a:Address></a:EndpointReference></d:Resolve>"
    )
    return _envelope(message_id, _EVERYBODY, f"{_DISCOVERY}/Resolve", body)


def encode_get(message_id: str, address: str) -> bytes:
    """A WS-Transfer Get, which reads a device's description (Devices Profile for Web Services 1.1, section 5)."""
    return _envelope(message_id, _escaped(address), _TRANSFER_GET, "")


def _envelope(message_id: str, to: str, action: str, body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        f' xmlns:a="{_ADDRESSING}" xmlns:d="{_DISCOVERY}">'
        f"<s:Header><a:To>{to}</a:To><a:Action>{action}</a:Action><a:MessageID>urn:uuid:{message_id}</a:MessageID>"
        f"<a:ReplyTo><a:Address>{_ADDRESSING}/role/anonymous</a:Address></a:ReplyTo></s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _escaped(text: str) -> str:
    return text[:400].replace("&", "&amp;").replace("<", "&lt;")


def decode_matches(data: bytes) -> tuple[WsdMatch, ...]:
    """The devices in a ProbeMatches or Hello; none for a Probe, Bye or Resolve. Raises WireError for bad XML."""
    if len(data) > _LARGEST:
        raise WireError(f"{len(data)} bytes are too much for one datagram's XML")
    root = read_xml(data)
    prefixes = {key.decode(): uri.decode("utf-8", "replace") for key, uri in _DECLARED.findall(data)[:64]}
    found = [element for element in root.iter() if local_name(element) in {"ProbeMatch", "ResolveMatch", "Hello"}]
    return tuple(_match(element, prefixes) for element in found[:16])


def _match(element: Element, prefixes: dict[str, str]) -> WsdMatch:
    reference = next((child for child in element if local_name(child) == "EndpointReference"), None)
    return WsdMatch(
        address=child_text(reference, "Address") if reference is not None else "",
        types=tuple(_type(word, prefixes) for word in _words(element, "Types")),
        scopes=_words(element, "Scopes"),
        xaddrs=_words(element, "XAddrs"),
    )


def _words(element: Element, name: str) -> tuple[str, ...]:
    for child in element:
        if local_name(child) == name:
            return tuple(word[:400] for word in (child.text or "")[:16384].split()[:_MOST_WORDS])
    return ()


def _type(word: str, prefixes: dict[str, str]) -> str:
    prefix, colon, name = word.rpartition(":")
    if not colon:
        return word
    usual = _PREFIXES.get(prefixes.get(prefix, "").rstrip("/"))
    return f"{usual}:{name}" if usual else name


def to_facts(match: WsdMatch) -> dict[str, list[str]]:
    """The facts of one device; ONVIF scopes are taken apart as well."""
    facts: dict[str, list[str]] = {
        "wsd.address": [match.address],
        "wsd.types": list(match.types),
        "wsd.scopes": list(match.scopes),
        "wsd.xaddrs": [url for url in match.xaddrs if _is_useful(url)],
    }
    for scope in match.scopes:
        if scope.lower().startswith(_ONVIF_SCOPE):
            category, _, value = scope[len(_ONVIF_SCOPE) :].partition("/")
            key = _ONVIF_KEYS.get(category.lower())
            if key and value:
                facts.setdefault(key, []).append(unquote(value.replace("+", " ")))
    return {key: values for key, values in facts.items() if any(values)}


def _is_useful(url: str) -> bool:
    try:
        return urlsplit(url).hostname not in {None, "", "0.0.0.0", "127.0.0.1", "::", "::1"}
    except ValueError:
        return False


_METADATA = {
    "FriendlyName": "wsd.name",
    "Manufacturer": "wsd.manufacturer",
    "ModelName": "wsd.model",
    "FirmwareVersion": "wsd.firmware",
    "SerialNumber": "wsd.serial",
    "Computer": "wsd.computer",
}


def decode_metadata(data: bytes) -> dict[str, str]:
    """What a WS-Transfer Get answered about the device itself. Raises WireError for bad XML."""
    facts: dict[str, str] = {}
    for element in read_xml(data).iter():
        key = _METADATA.get(local_name(element))
        text = (element.text or "").strip()[:400]
        if key and text:
            facts.setdefault(key, text)
    return facts
