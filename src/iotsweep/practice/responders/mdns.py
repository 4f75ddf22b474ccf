"""Multicast DNS and service discovery (RFC 6762, RFC 6763): answers questions; announces nothing by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

from iotsweep.practice import dns
from iotsweep.practice.home import PracticeDevice
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_PORT = 5353
_GROUP = "224.0.0.251"
_EVERYTHING = dns.name("_services._dns-sd._udp.local")
_LEAST_DELAY = 0.02  # RFC 6762 section 6


class Responder:
    """One device's records and what it answers with them."""

    def __init__(self, device: PracticeDevice) -> None:
        self._random = random.Random(device.id)  # noqa: S311  (a delay, not a secret)
        self._delay = device.mdns_delay
        host = (*dns.name(device.mdns_host or device.id), b"local")
        self._address = dns.address(host, device.address)
        self._reverse = dns.pointer(dns.reverse_name(device.address), host, 120)
        self._types: list[dns.Record] = []
        self._pointers: list[dns.Record] = []
        self._details: dict[dns.Name, list[dns.Record]] = {}
        for service in device.mdns:
            kind = dns.name(f"{service.type}.local")
            instance = (service.name.encode()[:63], *kind)
            self._types.append(dns.pointer(_EVERYTHING, kind))
            self._pointers.append(dns.pointer(kind, instance))
            details = [dns.place(instance, host, service.port), dns.texts(instance, service.txt)]
            self._details[dns.folded(instance)] = details

    def answer(self, data: bytes, sender: Sender) -> list[Reply]:
        """One reply for all questions of a packet: to the group, or alone to whoever asked so or is no mDNS peer."""
        try:
            query = dns.decode_query(data)
        except dns.DnsError:
            return []
        answers = [record for question in query.questions for record in self._records(question)]
        answers = [record for record in dict.fromkeys(answers) if not _known(record, query)]
        if not answers:
            return []
        additional = [record for record in self._additional(answers) if record not in answers]
        delay = self._random.uniform(min(_LEAST_DELAY, self._delay), self._delay)
        if sender[1] != _PORT:
            return [Reply(dns.encode_answer(answers, additional, query=query), sender, delay)]
        alone = all(question.unicast for question in query.questions)
        return [Reply(dns.encode_answer(answers, additional), sender if alone else (_GROUP, _PORT), delay)]

    def _records(self, question: dns.Question) -> list[dns.Record]:
        mine = [*self._types, *self._pointers, self._address, self._reverse]
        mine += [record for details in self._details.values() for record in details]
        wanted = dns.folded(question.name)
        return [r for r in mine if dns.folded(r.name) == wanted and question.kind in {r.kind, dns.ANY}]

    def _additional(self, answers: list[dns.Record]) -> list[dns.Record]:
        """RFC 6763 section 12: with a PTR go its SRV and TXT, with an SRV the address."""
        found: list[dns.Record] = []
        for record in answers:
            for pointer in self._pointers:
                if record == pointer:
                    found += self._details[dns.folded(dns.target(pointer))]
        needs_address = any(record.kind == dns.SRV for record in answers + found)
        return [*dict.fromkeys(found), *([self._address] if needs_address else [])]


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """Port 5353 in the mDNS group, when the device has services or a .local name."""
    if device.mdns or device.mdns_host:
        yield UdpListener(_PORT, Responder(device).answer, (_GROUP,))


def _known(record: dns.Record, query: dns.Query) -> bool:
    """RFC 6762 section 7.1: what the asker lists as known is not said again."""
    return record.kind == dns.PTR and (dns.folded(record.name), dns.folded(dns.target(record))) in query.known
