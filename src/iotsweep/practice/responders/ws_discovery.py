"""WS-Discovery 1.1 probes, as ONVIF cameras, printers and Windows machines answer them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape

from iotsweep.practice.home import PracticeDevice, WsDiscovery
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_PORT = 3702
_GROUP = "239.255.255.250"
_DELAY = 0.05  # DP: at most 500 ms by the standard's APP_MAX_DELAY
_MESSAGE = re.compile(r"<(?:[\w-]+:)?MessageID[^>]{0,200}>\s*([^<\s]{1,200})\s*<")
_TYPES = re.compile(r"<(?:[\w-]+:)?Types[^>]{0,400}>([^<]{0,400})<")
_ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"


class Responder:
    """One device's types, scopes and address."""

    def __init__(self, device: PracticeDevice, wsd: WsDiscovery) -> None:
        self._wsd = wsd
        self._address = f"http://{device.address}{wsd.address}"

    def answer(self, data: bytes, sender: Sender) -> list[Reply]:
        """A ProbeMatches to a Probe that asks for one of our types."""
        text = data[:8192].decode("utf-8", "replace")
        message = _MESSAGE.search(text)
        if not message or not re.search(r"<(?:[\w-]+:)?Probe[\s/>]", text):
            return []
        types = _TYPES.search(text)
        asked = {kind.split(":")[-1] for kind in types[1].split()} if types else set()
        mine = {kind.split(":")[-1] for kind in self._wsd.types}
        if not (asked <= mine if asked else self._wsd.answers_untyped):
            return []
        return [Reply(self._matches(message[1]).encode(), sender, _DELAY)]

    def _matches(self, question: str) -> str:
        own = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, question + self._wsd.uuid)}"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
            ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
            ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
            ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"'
            ' xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof"'
            ' xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"'
            ' xmlns:wprt="http://schemas.microsoft.com/windows/2006/08/wdp/print">'
            f"<s:Header><a:MessageID>{own}</a:MessageID><a:RelatesTo>{escape(question)}</a:RelatesTo>"
            f"<a:To>{_ANONYMOUS}</a:To>"
            "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header>"
            "<s:Body><d:ProbeMatches><d:ProbeMatch>"
            f"<a:EndpointReference><a:Address>urn:uuid:{self._wsd.uuid}</a:Address></a:EndpointReference>"
            f"<d:Types>{escape(' '.join(self._wsd.types))}</d:Types>"
            f"<d:Scopes>{escape(' '.join(self._wsd.scopes))}</d:Scopes>"
            f"<d:XAddrs>{escape(self._address)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
            "</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
        )


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """Port 3702 in the WS-Discovery group, when the device has it."""
    if device.wsd:
        yield UdpListener(_PORT, Responder(device, device.wsd).answer, (_GROUP,))
