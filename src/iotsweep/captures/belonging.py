"""The last step of reading a capture: who is there, and what routers only passed on is taken out again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from ipaddress import ip_address

from iotsweep.captures.lan import Lan, Place
from iotsweep.captures.notebook import Notebook
from iotsweep.captures.sieve import Sieve
from iotsweep.model import Observation
from iotsweep.wire.frames import time_of
from iotsweep.wire.ip import is_link_local, text_of


def tell_who_is_there(sieve: Sieve) -> None:
    """Write down every hardware address with its IP addresses, and the names that the home's name server gave."""
    lan, notebook = sieve.lan, sieve.notebook
    notebook.observations[:] = [each for each in notebook.observations if not _is_passed_on(lan, each)]
    _settle_successions(lan, notebook)
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


def _settle_successions(lan: Lan, notebook: Notebook) -> None:
    """Where devices had the same addresses one after the other, the last one keeps them: they are not one device.

    Nothing is changed between those that share only some: there, one of them may answer for others.
    """
    sharers: defaultdict[frozenset[bytes], list[bytes]] = defaultdict(list)
    for mac, place in lan.places.items():
        held = frozenset(ip for ip in place.ips if len(ip) == 4 and not is_link_local(ip))
        if held and not lan.is_router(mac):
            sharers[held].append(mac)
    lost = set()
    for held, macs in sharers.items():
        if len(macs) > 1:
            macs.remove(max(macs, key=lambda mac: (lan.places[mac].heard, _first_use(lan.places[mac], held), mac)))
            lost |= {(mac, ip) for mac in macs for ip in held}
            names = ", ".join(sorted(map(text_of, held)))
            notebook.limits[f"{names} had more than one user, one after the other; it is shown for the last"] = None
    for mac, ip in lost:
        del lan.places[mac].ips[ip]
    pairs = {(mac.hex(":"), text_of(ip)) for mac, ip in lost}
    notebook.observations[:] = [
        replace(each, ip=None) if (each.mac, each.ip) in pairs else each for each in notebook.observations
    ]


def _first_use(place: Place, held: frozenset[bytes]) -> str:
    return max(time_of(*place.ips[ip]) for ip in held)


def _is_passed_on(lan: Lan, observation: Observation) -> bool:
    """Whether a router sent this for somebody beyond the home: it says nothing about the router itself."""
    if observation.mac is None or observation.ip is None:
        return False
    mac = bytes.fromhex(observation.mac.replace(":", ""))
    place = lan.places.get(mac)
    return place is not None and lan.is_router(mac) and ip_address(observation.ip).packed not in place.ips
