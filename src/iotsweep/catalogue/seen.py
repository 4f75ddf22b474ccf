"""A device's facts by key, as clues ask for them: in one spelling, with what its hardware addresses tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from iotsweep.catalogue.normal import mac_digits, normal
from iotsweep.model import Because, Observation


class Vendors(Protocol):
    """The part of the IEEE table that matching needs."""

    def name(self, mac: str) -> str | None:
        """To whom the IEEE gave this address, or None."""

    def is_local(self, mac: str) -> bool:
        """True when the address is locally administered."""


# One host name goes by many ways: a device gives it when it joins (RFC 2132 option 12), the router repeats it, and the
# device announces it. A page or login that is announced under a name without spaces bears it too (RFC 6763 4.1.1).
_HEARD_ALSO_AS = dict.fromkeys(("dns.name", "mdns.host", "netbios.name", "llmnr.name"), "dhcp.hostname")
_NAMED_AS_HOST = frozenset(
    f"_{name}._tcp" for name in ("http", "https", "ssh", "sftp-ssh", "telnet", "arduino", "esphomelib")
)
# In which services say in words what they are. Not a page's title, which people choose too, and not telephony, which
# is what tells a door station from its maker's cameras.
BANNERS = frozenset(
    {"http.server", "http.realm", "snmp.sys_descr", "ftp.banner", "telnet.banner", "rtsp.server", "rtsp.realm"}
)
LOOK_UPS = frozenset({"dns.query", "tls.sni", "http.host"})  # how a device names the server that it wants
_CERTIFICATE_NAME = re.compile(r'(?:^|[,/+] ?)(?:CN|OU?) ?= ?(?:"([^"]+)"|([^,/+]+))')  # RFC 4514, and OpenSSL's form
_HOST_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """One fact of a device. `value` is in its one spelling, `said` as it was seen."""

    value: str
    observation: int  # index into the report; -1 when derived
    said: str
    folded: str
    heard_as: str = ""  # the key under which it was seen, when a clue asks for it by another

    def because(self, key: str) -> Because:
        """This fact as a reason."""
        return Because(self.observation if self.observation >= 0 else None, self.heard_as or key, self.said)


def read_facts(
    observations: Iterable[tuple[int, Observation]], vendors: Vendors, in_things: Callable[[str], bool]
) -> Mapping[str, tuple[Seen, ...]]:
    """A device's facts by key, with what its hardware addresses tell.

    `in_things`: whether the holder of an address block makes parts that are in things, not in phones or computers.
    """
    facts: dict[str, set[Seen]] = defaultdict(set)
    macs: set[str] = set()
    for index, observation in observations:
        for key, said in () if announces_another(observation) else observation.facts:
            value = normal(key, said)
            facts[key].add(Seen(value, index, said, value.casefold()))
            for other, words in _also(key, value, observation):
                facts[other].add(Seen(words, index, said, words.casefold(), key))
        if observation.mac:
            macs.add(normal("mac.address", observation.mac))
    heard = {seen.value for seen in facts.get("mac.address", ())}
    facts["mac.address"] |= {Seen(mac, -1, mac, mac.casefold()) for mac in macs - heard}
    for mac in macs | heard:
        for key, value in _derived(mac, vendors):
            facts[key].add(Seen(normal(key, value), -1, value, normal(key, value).casefold()))
    facts["mac.thing_part"] |= {
        Seen("yes", holder.observation, holder.said, "yes", "mac.vendor")
        for holder in facts.get("mac.vendor", ())
        if in_things(holder.said)
    }
    return {key: tuple(sorted(values)) for key, values in facts.items() if values}


def counts_as(key: str) -> str | None:
    """The key that stands for several, under which clues can ask for a fact of `key` as well."""
    if key in BANNERS or key == "tls.subject":
        return "any.banner"
    return "any.look_up" if key in LOOK_UPS else _HEARD_ALSO_AS.get(key)


def _also(key: str, value: str, observation: Observation) -> Iterable[tuple[str, str]]:
    """The other keys under which clues ask for this fact, and what it says there; of a certificate, each name in it."""
    other = counts_as(key) or _host_name_key(key, value, observation)
    if key == "tls.subject":
        return [(str(other), quoted or plain.strip()) for quoted, plain in _CERTIFICATE_NAME.findall(value)]
    return [(other, value)] if other else []


def _host_name_key(key: str, name: str, observation: Observation) -> str | None:
    """`dhcp.hostname` when the name of a service is that of its host."""
    if key != "mdns.name" or not _HOST_NAME.fullmatch(name):
        return None
    services = {normal("mdns.service", text) for text in observation.values("mdns.service")}
    return "dhcp.hostname" if services & _NAMED_AS_HOST else None


def announces_another(observation: Observation) -> bool:
    """True when a computer announces a printer that it shares: what is said there is true of the printer.

    CUPS names such a queue "printer @ computer" under printers/ (scheduler/dirsvc.c); printers use ipp/print.
    """
    path, names = observation.first("mdns.txt.rp"), observation.values("mdns.name")
    return path is not None and path.startswith("printers/") and any(" @ " in name for name in names)


def _derived(mac: str, vendors: Vendors) -> Iterable[tuple[str, str]]:
    digits = mac_digits(mac)
    if len(digits) != 12:
        return
    local = vendors.is_local(mac)
    yield "mac.local", "yes" if local else "no"
    if local:
        return
    yield from (("mac.prefix", digits[:length]) for length in (6, 7, 9))  # MA-L, MA-M, MA-S
    name = vendors.name(mac)
    if name:
        yield "mac.vendor", name
