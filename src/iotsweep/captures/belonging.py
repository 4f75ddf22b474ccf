"""The last step of reading a capture: who is there, and what routers only passed on is taken out again."""

from __future__ import annotations

from ipaddress import ip_address

from iotsweep.captures.lan import Lan
from iotsweep.captures.sieve import Sieve
from iotsweep.model import Observation
from iotsweep.wire.ip import text_of


def tell_who_is_there(sieve: Sieve) -> None:
    """Write down every hardware address with its IP addresses, and the names that the home's name server gave."""
    lan, notebook = sieve.lan, sieve.notebook
    notebook.observations[:] = [each for each in notebook.observations if not _is_passed_on(lan, each)]
    for mac, place in lan.places.items():
        facts = {"mac.address": mac.hex(":")} | ({"ip.forwards": "yes"} if lan.is_router(mac) else {})
        if not place.ips:
            notebook.note(facts, *place.since, mac=mac)
        for ip, when in place.ips.items():
            text = text_of(ip)
            if len(ip) == 4:
                notebook.note(facts, *when, mac=mac, ip=text)
            else:
                notebook.note(facts | {"ip.v6": text}, *when, mac=mac)
    for ip, when in lan.bare.items():
        notebook.note({"ip.v4" if len(ip) == 4 else "ip.v6": text_of(ip)}, *when, ip=text_of(ip))
    known = lan.owners().keys() | lan.bare.keys()
    for (ip, name), message in sieve.datagrams.names.items():
        if ip in known:
            notebook.note({"dns.name": name}, message.ticks, message.link, ip=text_of(ip), raw=message.payload)


def _is_passed_on(lan: Lan, observation: Observation) -> bool:
    """Whether a router sent this for somebody beyond the home: it says nothing about the router itself."""
    if observation.mac is None or observation.ip is None:
        return False
    mac = bytes.fromhex(observation.mac.replace(":", ""))
    place = lan.places.get(mac)
    return place is not None and lan.is_router(mac) and ip_address(observation.ip).packed not in place.ips
