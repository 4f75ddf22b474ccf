"""A router's port mappings, told entry by entry (UPnP WANIPConnection). Nothing that would change them is answered."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from iotsweep.practice.home import PortMap, Upnp

END = b"</s:Envelope>"
_SERVICE = re.compile(r"urn:schemas-upnp-org:service:WAN(?:IP|PPP)Connection:[12]")
_ACTION = "GetGenericPortMappingEntry"
_INDEX = re.compile(rb"<NewPortMappingIndex>([0-9]{1,5})</NewPortMappingIndex>")
_NO_SUCH_INDEX, _INVALID_ACTION = 713, 401


def is_question(head: bytes, upnp: Upnp) -> bool:
    """Whether this is the head of a SOAP request to a service of this device that keeps port mappings."""
    places = {f"POST /control{number} " for number, service in enumerate(upnp.services) if _SERVICE.fullmatch(service)}
    return head.decode("latin-1").startswith(tuple(places)) if places else False


def respond(upnp: Upnp, request: bytes) -> bytes:
    """The entry at the asked index, or the fault that says why there is none."""
    head = request.partition(b"\r\n\r\n")[0].decode("latin-1")
    index = _INDEX.search(request)
    if f'#{_ACTION}"' not in head or index is None:
        return _fault(_INVALID_ACTION, "Invalid Action")
    if int(index[1]) >= len(upnp.port_mappings):
        return _fault(_NO_SUCH_INDEX, "SpecifiedArrayIndexInvalid")
    service = next(service for service in upnp.services if _SERVICE.fullmatch(service))
    return _message("200 OK", _entry(service, upnp.port_mappings[int(index[1])]))


def _entry(service: str, entry: PortMap) -> str:
    fields = {
        "NewRemoteHost": "",
        "NewExternalPort": entry.outer,
        "NewProtocol": entry.protocol,
        "NewInternalPort": entry.inner,
        "NewInternalClient": entry.client,
        "NewEnabled": int(entry.enabled),
        "NewPortMappingDescription": escape(entry.description),
        "NewLeaseDuration": 0,
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<u:{_ACTION}Response xmlns:u="{service}">{inside}</u:{_ACTION}Response>'


def _fault(code: int, words: str) -> bytes:
    return _message(
        "500 Internal Server Error",
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
        f'<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>{code}</errorCode>'
        f"<errorDescription>{words}</errorDescription></UPnPError></detail></s:Fault>",
    )


def _message(status: str, inside: str) -> bytes:
    body = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        f's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>{inside}</s:Body></s:Envelope>'
    ).encode()
    head = f'HTTP/1.1 {status}\r\nContent-Type: text/xml; charset="utf-8"\r\nContent-Length: {len(body)}\r\n'
    return f"{head}Connection: close\r\n\r\n".encode() + body
