"""What UDP messages tell of their sender: announcements and answers. Questions tell at most what was asked for."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address

from iotsweep.captures.lan import Lan, When
from iotsweep.captures.memory import Recent
from iotsweep.captures.message import Message
from iotsweep.captures.multicast_dns import MulticastDns
from iotsweep.captures.notebook import Facts, Notebook
from iotsweep.wire import dhcp, dns, llmnr, netbios, netbios_heard, pppp_heard, signs, sip, ssdp, wsd
from iotsweep.wire.error import WireError
from iotsweep.wire.ip import is_private
from iotsweep.wire.mdns import AAAA, PTR, A, Record, decode_message
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import QUESTIONS

# A name that ends in a machine's own digits was made by the machine; others in a server's answer may be a person's.
_MACHINE_MADE = re.compile(r".*[-_](?=[0-9a-f]*\d)[0-9a-f]{4,}", re.IGNORECASE)
_MDNS = 5353
_Handler = Callable[[Message], bool]


class Datagrams:
    """Decodes UDP messages and writes down what they tell."""

    def __init__(self, notebook: Notebook, lan: Lan) -> None:
        self._notebook = notebook
        self._lan = lan
        self._recent = Recent()
        self.multicast_dns = MulticastDns(notebook, lan)
        self.names: dict[tuple[bytes, str], Message] = {}  # (address, the name that a server has for it)
        self._vendors = _by_port()
        known: dict[int, _Handler] = {
            53: self._dns,
            _MDNS: self._mdns,
            llmnr.PORT: self._llmnr,
            ssdp.PORT: self._ssdp,
            wsd.PORT: self._wsd,
            dhcp.SERVER_PORT: self._dhcp,
            dhcp.CLIENT_PORT: self._dhcp,
            netbios_heard.NAMES: self._netbios_names,
            netbios_heard.DATAGRAMS: self._netbios_datagrams,
        }
        self.lasting = frozenset(known)  # ports at which there is always something new to hear
        self._handlers = dict.fromkeys(self._vendors, self._vendor) | known

    def is_told(self, mac: bytes, source_port: int, target_port: int, payload: bytes) -> bool:
        """Whether this sender said exactly this lately; message ids, which differ every time, are left out."""
        if source_port in {53, _MDNS, 5355, 137} or target_port in {53, _MDNS, 5355, 137}:
            payload = payload[2:]
        elif target_port in {67, 68}:
            payload = payload[:4] + payload[12:]
        return self._recent.has((mac, source_port if source_port < 49152 else 0, payload))

    def is_vendor(self, source_port: int, target_port: int) -> bool:
        """Whether one of the ports belongs to a maker's own protocol."""
        return source_port in self._vendors or target_port in self._vendors

    def take(self, message: Message) -> bool:
        """Decode one message; True when it was understood."""
        handler = self._handlers.get(message.source_port) or self._handlers.get(message.target_port) or self._sniff
        with contextlib.suppress(WireError):
            return handler(message)
        return False

    def _note(self, message: Message, facts: Facts, *, withheld: bool = False) -> bool:
        raw = b"" if withheld else message.payload
        self._notebook.note(facts, message.ticks, message.link, mac=message.mac, ip=message.ip, raw=raw)
        return True

    def _dns(self, message: Message) -> bool:
        if message.target_port == 53:
            for name in dns.decode_question(message.payload):
                self._notebook.note_name("dns.query", name, message.ticks, message.link, message.mac, message.ip)
            return True
        for record in decode_message(message.payload).records:
            found = _local_name(record)
            if found and len(self.names) < 4096:
                self.names.setdefault(found, message)
        return True

    def _mdns(self, message: Message) -> bool:
        return self.multicast_dns.take(message)

    def _llmnr(self, message: Message) -> bool:
        """An answer with the sender's own address gives its name; a question gives nothing."""
        reply = decode_message(message.payload)
        own = [r for r in reply.records if r.type in {A, AAAA} and r.address == message.ip] if reply.response else []
        return bool(own) and self._note(message, {"llmnr.name": own[0].name[0] if own[0].name else ""})

    def _ssdp(self, message: Message) -> bool:
        if message.payload[:2] == b"M-":  # the commonest message of many homes, and only a question
            return True
        return self._note(message, ssdp.to_facts(ssdp.decode_message(message.payload)))

    def _wsd(self, message: Message) -> bool:
        for match in wsd.decode_matches(message.payload):
            self._note(message, wsd.to_facts(match))
        return True

    def _dhcp(self, message: Message) -> bool:
        told = dhcp.decode_dhcp(message.payload)
        mac = bytes.fromhex(told.mac.replace(":", ""))
        when = (message.ticks, message.link)
        if told.from_client:
            ip = told.client_ip or None
            raw = message.payload
            self._notebook.note(dhcp.to_facts(told), message.ticks, message.link, mac=mac, ip=ip, raw=raw)
            self._bind(mac, told.client_ip, when, heard=mac == message.mac)
            return True
        self._note(message, signs.server_facts(told, message.target_port))
        if told.message != dhcp.ACKNOWLEDGED:
            return True
        given = told.given_ip or told.client_ip
        self._bind(mac, given, when, heard=False)
        if told.mask and given and len(self._lan.masks) < 16:
            self._lan.masks.setdefault((given, told.mask))
        if told.router and len(self._lan.routers) < 16:
            self._lan.routers.setdefault(told.router)
        name = told.host_name
        facts = {"dns.name": name} | ({"dhcp.hostname": name} if _MACHINE_MADE.fullmatch(name) else {})
        self._notebook.note(facts, message.ticks, message.link, mac=mac, ip=given or None, raw=message.payload)
        return True

    def _bind(self, mac: bytes, ip: str, when: When, *, heard: bool) -> None:
        if ip:
            self._lan.bind(mac, IPv4Address(ip).packed, when, sure=True, heard=heard)
        else:
            self._lan.meet(mac, when, heard=heard)

    def _netbios_names(self, message: Message) -> bool:
        with contextlib.suppress(WireError):
            return self._note(message, netbios.decode_reply(message.payload))
        return self._note(message, netbios_heard.decode_registration(message.payload))

    def _netbios_datagrams(self, message: Message) -> bool:
        return self._note(message, netbios_heard.decode_datagram(message.payload), withheld=True)

    def _vendor(self, message: Message) -> bool:
        """A maker's own announcement or answer; where makers share a port, the first decoder that knows it."""
        questions = self._vendors.get(message.source_port) or self._vendors[message.target_port]
        for question in questions:
            if message.payload in question.datagrams:
                return True
            with contextlib.suppress(WireError):
                facts = question.decode(message.payload) | {f"udp.{question.port}": "heard"}
                return self._note(message, facts, withheld=question.withheld)
        return self._sniff(message)

    def _sniff(self, message: Message) -> bool:
        """What can be told by its first bytes, whatever the port."""
        start = message.payload[:5]
        if start == b"HTTP/":  # an answer to a search that was sent from another port
            return self._ssdp(message)
        if start[:4] == b"SIP/":
            return self._note(message, sip.sip_facts(sip.decode_sip(message.payload)))
        if start[:1] == b"\xf1":
            return self._note(message, pppp_heard.decode_traffic(message.payload), withheld=True)
        return False


def _by_port() -> dict[int, list[VendorQuestion]]:
    found: defaultdict[int, list[VendorQuestion]] = defaultdict(list)
    for question in QUESTIONS:
        for port in dict.fromkeys((question.port, question.answers_to)):
            if port:
                found[port].append(question)
    return dict(found)


def _local_name(record: Record) -> tuple[bytes, str] | None:
    """The address inside the home that an answer of the home's name server is about, and its name."""
    if record.type == A and record.address and is_private(packed := ip_address(record.address).packed):
        return packed, record.name[0] if record.name else ""
    if record.type == PTR and record.name[-2:] == ("in-addr", "arpa") and len(record.name) == 6 and record.target:
        with contextlib.suppress(ValueError):
            packed = ip_address(".".join(reversed(record.name[:4]))).packed
            return (packed, record.target[0]) if is_private(packed) else None
    return None
