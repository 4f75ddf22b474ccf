"""A device's facts by key, as clues ask for them: in one spelling, with what its hardware addresses tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
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


def read_facts(observations: Iterable[tuple[int, Observation]], vendors: Vendors) -> Mapping[str, tuple[Seen, ...]]:
    """A device's facts by key, with what its hardware addresses tell."""
    facts: dict[str, set[Seen]] = defaultdict(set)
    macs: set[str] = set()
    for index, observation in observations:
        of_itself = not announces_another(observation)
        for key, said in observation.facts if of_itself else ():
            value = normal(key, said)
            facts[key].add(Seen(value, index, said, value.casefold()))
            also = _HEARD_ALSO_AS.get(key) or _host_name_key(key, value, observation)
            if also:
                facts[also].add(Seen(value, index, said, value.casefold(), key))
            if key == "mac.address":
                macs.add(value)
        if observation.mac:
            macs.add(normal("mac.address", observation.mac))
    heard = {seen.value for seen in facts.get("mac.address", ())}
    for mac in macs:
        for key, value in (*_derived(mac, vendors), *((("mac.address", mac),) if mac not in heard else ())):
            facts[key].add(Seen(normal(key, value), -1, value, normal(key, value).casefold()))
    return {key: tuple(sorted(values)) for key, values in facts.items()}


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
