"""What a home of the lab is made of: nodes that run real daemons, the services they offer, and the truth about them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

NETWORK = "192.168.178.0/24"
GATEWAY = "192.168.178.1"
LAPTOP = "laptop"
LAPTOP_ADDRESS = "192.168.178.50"
LAPTOP_MAC = "8c:8c:aa:10:20:30"


@dataclass(frozen=True, slots=True)
class Service:
    """Something that a device offers: it has to answer before and after a scan. `how` names a check of services.py."""

    how: str
    port: int
    what: str = ""  # the DNS-SD type, the DNS name, or how the greeting starts


@dataclass(frozen=True, slots=True)
class Daemon:
    """One program that we did not write: how a node starts it and what it then offers."""

    start: str  # a shell line; it stays in the foreground, or ends by itself when it only prepares
    services: tuple[Service, ...] = ()
    tcp: tuple[int, ...] = ()  # ports to wait for; those of `services` are waited for anyway
    udp: tuple[int, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)  # path below the node's own /run -> text
    prepare: str = ""  # shell lines that have to be through before it starts
    ready: str = ""  # a path that the daemons after it wait for
    programs: tuple[str, ...] = ()  # what has to be installed
    needs_root: bool = False  # it changes to another user, which an ordinary user's namespace does not have


@dataclass(frozen=True, slots=True)
class Node:
    """One device of a home. `kinds` are the right answers; none means that the wire cannot tell."""

    name: str
    mac: str
    host: int  # last part of its address
    daemons: tuple[Daemon, ...] = ()
    kinds: tuple[str, ...] = ()
    maker: str = ""  # "" where nothing tells it
    hostname: str = ""
    dhcp: bool = False  # takes its address from the router, and tells it its hostname
    addressed: bool = True  # False: no address of its own; a program answers for many

    @property
    def address(self) -> str:
        """The IPv4 address."""
        return f"{NETWORK.rpartition('.')[0]}.{self.host}"

    @property
    def services(self) -> tuple[Service, ...]:
        """Everything that its daemons offer."""
        return tuple(service for daemon in self.daemons for service in daemon.services)


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole home as data: its devices; the laptop comes with every home."""

    name: str
    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node:
        """The device called `name`."""
        return next(node for node in self.nodes if node.name == name)

    def here(self) -> Layout:
        """The same home with only those daemons that can run with the rights that we have."""
        if have_users():
            return self
        nodes = (replace(node, daemons=tuple(d for d in node.daemons if not d.needs_root)) for node in self.nodes)
        return replace(self, nodes=tuple(nodes))

    def programs(self) -> tuple[str, ...]:
        """Every program that this home needs."""
        return tuple(sorted({program for node in self.nodes for daemon in node.daemons for program in daemon.programs}))


def have_users() -> bool:
    """Whether programs can change to another user here: not in a namespace that an ordinary user made."""
    return os.geteuid() == 0 and Path("/proc/self/setgroups").read_text().strip() == "allow"


def multicast_only(service: Service) -> bool:
    """True for a service without a TCP port of its own."""
    return service.how in {"mdns", "ssdp", "wsd", "dns", "netbios"}
