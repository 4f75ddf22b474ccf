"""Multicast DNS in a capture: answers wait until it is known who is where, then are put together as by the probe."""

from __future__ import annotations

from ipaddress import ip_address

from iotsweep.captures.lan import Lan
from iotsweep.captures.message import Message
from iotsweep.captures.notebook import Notebook
from iotsweep.wire.error import WireError
from iotsweep.wire.ip import is_link_local, text_of
from iotsweep.wire.mdns import decode_message
from iotsweep.wire.mdns_services import Services

MOST_KEPT = 8_000  # different messages; a home has some hundred
MOST_BYTES = 6_000_000


class MulticastDns:
    """Keeps each different answer once; `finish` says what they tell together."""

    def __init__(self, notebook: Notebook, lan: Lan) -> None:
        self._notebook = notebook
        self._lan = lan
        self._kept: list[Message] = []
        self._size = 0

    def take(self, message: Message) -> bool:
        """One message; a question is no identity and is not kept."""
        if len(message.payload) < 12 or not message.payload[2] & 0x80:
            return True
        if len(self._kept) >= MOST_KEPT or self._size >= MOST_BYTES:
            self._notebook.limits["there were too many different mDNS answers to keep; later ones were left out"] = None
            return True
        self._kept.append(message)
        self._size += len(message.payload)
        return True

    def finish(self) -> None:
        """Put the answers together, now that the addresses are known, and write down each instance and host."""
        services = Services()
        senders: dict[str, Message] = {}
        times: dict[bytes, Message] = {}
        for message in self._kept:
            try:
                decoded = decode_message(message.payload)
            except WireError:
                continue
            source = self._name_of(message)
            senders.setdefault(source, message)
            times.setdefault(message.payload, message)
            services.hear(source, decoded, message.payload)
        for instance in services.instances():
            self._note(instance.facts, instance.ip, instance.source, times.get(instance.raw), senders)
        for source, v4, v6, host, raw in services.lone_hosts():
            self._note({"mdns.host": host, "ip.v4": v4, "ip.v6": v6}, v4 or source, source, times.get(raw), senders)
        for source, ip, host, raw in services.named_addresses():
            self._note({"mdns.host": host}, ip, source, times.get(raw), senders)
        self._kept.clear()

    def _name_of(self, message: Message) -> str:
        """One name per device: its IPv4 address, also for what it said over IPv6."""
        if len(message.source) == 16:
            own = self._lan.first_ipv4(message.mac)
            return text_of(own) if own else text_of(message.source)
        return text_of(message.source)

    def _note(
        self, facts: dict[str, str], ip: str, source: str, found: Message | None, senders: dict[str, Message]
    ) -> None:
        """Keep the announced address apart from the sender's: a reflector, or a host of containers, tells of others."""
        facts = {key: value for key, value in facts.items() if key != "mdns.from"}
        sender = senders[source]
        said = found or sender  # an instance that only others pointed to has no message of its own
        if not _is_routable(ip) or ip == source or self._is_of(sender.mac, ip):
            self._tell(facts, source if ip == source or not _is_routable(ip) else ip, sender.mac, said)
        elif ":" in source and ":" not in ip:  # heard over IPv6 only: the IPv4 address that it gives is its own
            self._tell(facts, ip, sender.mac, said)
        else:
            self._tell(facts | {"mdns.from": source}, ip, b"", said)

    def _tell(self, facts: dict[str, str], ip: str, mac: bytes, said: Message) -> None:
        self._notebook.note(facts, said.ticks, said.link, mac=mac, ip=ip, raw=said.payload)

    def _is_of(self, mac: bytes, ip: str) -> bool:
        place = self._lan.places.get(mac)
        return place is not None and ip_address(ip).packed in place.ips


def _is_routable(text: str) -> bool:
    try:
        packed = ip_address(text).packed
    except ValueError:
        return False
    return len(packed) == 4 and not is_link_local(packed)
