"""What mDNS responses say together: service instances, put together from PTR, SRV, TXT and address records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iotsweep.wire.mdns import AAAA, PTR, SRV, TXT, A, Message, Name, Record

DEVICE_INFO: Name = ("_device-info", "_tcp", "local")
ENUMERATION: Name = ("_services", "_dns-sd", "_udp", "local")
_MOST_NAMES = 4096  # per sweep; a home has some hundreds
_TRANSPORTS = {"_tcp", "_udp"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One record, who sent it and the packet in which it came."""

    source: str
    record: Record
    raw: bytes


@dataclass(frozen=True, slots=True)
class Instance:
    """A service instance as one sender told it: its facts, the address it is reached at, and the packet behind it."""

    source: str
    name: Name
    facts: dict[str, str]
    ip: str
    raw: bytes
    complete: bool  # service, text and address are all known
    host: Name = ()  # where it runs, in small letters


class Services:
    """Collects records and answers which instances there are and which records are still missing. No I/O."""

    def __init__(self) -> None:
        self._records: dict[tuple[Name, int], dict[str, list[Heard]]] = {}
        self._instances: dict[tuple[str, Name], tuple[str, str]] = {}  # (sender, folded name) -> (instance, service)
        self._addresses: set[str] = set()
        self._spelled: dict[Name, Name] = {}  # folded -> as announced
        self.types: dict[Name, Name] = {}  # service types from enumeration: folded -> as announced
        self.hosts: dict[tuple[str, Name], None] = {}  # (sender, folded host name) with an address, in order

    def hear(self, source: str, message: Message, raw: bytes) -> bool:
        """Take in one response; True when it held anything new. Questions and goodbyes say nothing."""
        if not message.response:
            return False
        kept = [self._keep(Heard(source, record, raw)) for record in message.records if record.ttl]
        return any(kept)

    def _keep(self, heard: Heard) -> bool:
        record = heard.record
        folded = fold(record.name)
        if len(self._records) >= _MOST_NAMES and (folded, record.type) not in self._records:
            return False
        known = self._records.setdefault((folded, record.type), {}).setdefault(heard.source, [])
        if len(known) >= 64 or any(
            other.record.target == record.target and _same(other.record, record) for other in known
        ):
            return False
        known.append(heard)
        self._spelled.setdefault(folded, record.name)
        if record.type == PTR:
            self._point(heard.source, record)
        elif record.type in {SRV, TXT}:
            self._name(heard.source, record.name)
        elif record.type in {A, AAAA}:
            self._addresses.add(record.address)
            self.hosts.setdefault((heard.source, folded))
        return True

    def _point(self, source: str, record: Record) -> None:
        if fold(record.name) == ENUMERATION:
            if len(self.types) < 256 and len(record.target) > 2:
                self.types.setdefault(fold(record.target), record.target)
            return
        if record.name[-1:] == ("arpa",):
            self._spelled.setdefault(fold(record.target), record.target)
            return
        self._name(source, record.target, record.name)

    def _name(self, source: str, name: Name, owner: Name = ()) -> None:
        """Remember an instance. Its type is read from its own name, or else is the name that pointed to it."""
        at = next((i for i in range(len(name) - 1, 0, -1) if name[i].lower() in _TRANSPORTS), 0)
        if at >= 2 and name[at - 1].startswith("_"):
            label, service = ".".join(name[: at - 1]), ".".join(name[at - 1 : at + 1])
        elif owner and len(name) > len(owner) and fold(name[-len(owner) :]) == fold(owner):
            label, service = ".".join(name[: -len(owner)]), ".".join(_without_local(owner))
        elif owner and "_sub" not in owner:
            label, service = ".".join(_without_local(name)), ".".join(_without_local(owner))
        else:
            return
        self._instances.setdefault((source, fold(name)), (label, service))
        self._spelled.setdefault(fold(name), name)

    def find(self, source: str, name: Name, kind: int) -> list[Heard]:
        """The records of `name` that `source` sent, or else those that anybody sent."""
        senders = self._records.get((fold(name), kind), {})
        return senders.get(source) or next(iter(senders.values()), [])

    def instances(self) -> Iterator[Instance]:
        """Every instance, with what is known by now."""
        for (source, name), (label, service) in list(self._instances.items()):
            yield self._assemble(source, name, label, service)

    def _assemble(self, source: str, name: Name, label: str, service: str) -> Instance:
        servers = self.find(source, name, SRV)
        texts = self.find(source, name, TXT)
        facts = {"mdns.service": service, "mdns.name": label}
        ip = ""
        if servers:
            server = servers[0].record
            facts |= {"mdns.host": host_label(server.target), "mdns.port": str(server.port)}
            ip = self._address(source, server.target, A)
            facts["ip.v6"] = self._address(source, server.target, AAAA)
        for text in texts[:1]:
            facts |= {f"mdns.txt.{key.lower()}": value for key, value in text.record.pairs}
        if ip and ip != source:
            facts["mdns.from"] = source
        raw = next((part[0].raw for part in (texts, servers, self._pointed(source, name)) if part), b"")
        # Who speaks over IPv6 may have no other address.
        whole = bool(servers and texts and (ip or (":" in source and facts["ip.v6"])))
        host = fold(servers[0].record.target) if servers else ()
        told = {key: value for key, value in facts.items() if value}
        return Instance(source, name, told, ip or source, raw, whole, host)

    def _pointed(self, source: str, name: Name) -> list[Heard]:
        return [heard for heard in self.find(source, name[1:], PTR) if fold(heard.record.target) == name][:1]

    def _address(self, source: str, host: Name, kind: int) -> str:
        """The sender's own address when the host has several, otherwise the first routable one."""
        addresses = [heard.record.address for heard in self.find(source, host, kind)]
        if source in addresses:
            return source
        local = ("169.254.", "fe80:", "127.")
        return next(iter(sorted(addresses, key=lambda address: address.startswith(local))), "")

    def hosts_by_source(self) -> dict[str, set[Name]]:
        """By sender, the hosts, in small letters, that it gave addresses of or placed services on."""
        found: dict[str, set[Name]] = {}
        for source, host in self.hosts:
            found.setdefault(source, set()).add(host)
        for senders in self._of(SRV):
            for source, parts in senders.items():
                found.setdefault(source, set()).update(fold(heard.record.target) for heard in parts)
        return found

    def addresses(self, source: str, host: Name) -> list[str]:
        """Every address of a host that `source` told, or else that anybody told; IPv4 first."""
        return [heard.record.address for kind in (A, AAAA) for heard in self.find(source, host, kind)]

    def lone_hosts(self) -> Iterator[tuple[str, str, str, str, bytes]]:
        """Hosts that gave a name and no service: (sender, IPv4, IPv6, name, packet)."""
        served = {fold(h.record.target) for senders in self._of(SRV) for part in senders.values() for h in part}
        for source, host in self.hosts:
            if host in served:
                continue
            parts = self.find(source, host, A) or self.find(source, host, AAAA)
            v4, v6 = self._address(source, host, A), self._address(source, host, AAAA)
            yield source, v4, v6, host_label(self._spelled[host]), parts[0].raw

    def named_addresses(self) -> Iterator[tuple[str, str, str, bytes]]:
        """Answers to reverse questions: (sender, address asked about, host name, packet)."""
        for (name, kind), senders in self._records.items():
            if kind == PTR and name[-2:] == ("in-addr", "arpa") and len(name) == 6:
                for source, parts in senders.items():
                    yield source, ".".join(reversed(name[:4])), host_label(parts[0].record.target), parts[0].raw

    def missing(self) -> Iterator[tuple[Name, int]]:
        """The records to ask for next, spelled as announced: SRV and TXT of instances, addresses of their hosts."""
        for source, name in list(self._instances):
            spelled = self._spelled[name]
            yield from ((spelled, kind) for kind in (SRV, TXT) if not self.find(source, name, kind))
            for server in self.find(source, name, SRV)[:1]:
                for kind in (A, AAAA) if ":" in source else (A,):
                    if not self.find(source, server.record.target, kind):
                        yield server.record.target, kind
            if name[1:2] and name[0]:
                info = (spelled[0], *DEVICE_INFO)
                if not self.find(source, info, TXT):
                    yield info, TXT

    def named(self, address: str) -> bool:
        """True when a host name with this IPv4 address is known."""
        return address in self._addresses

    def pointers(self, service: Name) -> Iterator[Record]:
        """The instances known of a type, to be listed as known answers (RFC 6762, 7.1)."""
        for parts in self._records.get((fold(service), PTR), {}).values():
            yield from (heard.record for heard in parts)

    def _of(self, kind: int) -> Iterator[dict[str, list[Heard]]]:
        return (senders for (_, other), senders in self._records.items() if other == kind)


def fold(name: Name) -> Name:
    """The name for comparing: DNS names are case-blind (RFC 6762, 16)."""
    return tuple(label.lower() for label in name)


def host_label(name: Name) -> str:
    """A host name without `.local`."""
    return ".".join(_without_local(name))


def _without_local(name: Name) -> Name:
    return name[:-1] if name[-1:] and name[-1].lower() == "local" else name


def _same(one: Record, other: Record) -> bool:
    return (one.port, one.pairs, one.address) == (other.port, other.pairs, other.address)
