"""What nmap wrote with -oX: hosts and their open ports, in the same words as the nmap probe uses."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from iotsweep.captures.lan import Lan
from iotsweep.captures.notebook import Facts, Notebook
from iotsweep.wire.error import WireError
from iotsweep.wire.ethernet import ETHERNET
from iotsweep.wire.frames import Link, time_of
from iotsweep.wire.nmap_xml import LARGEST, Host, Service, decode_scan

_SECONDS = Link(ETHERNET, rate=1)
_FIELDS = ("service", "product", "version", "extrainfo", "devicetype", "ostype", "hostname", "tunnel")


def is_nmap(start: bytes) -> bool:
    """Whether a file that begins so is XML output of nmap."""
    head = start[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith((b"<?xml", b"<nmaprun", b"<!--", b"<!DOCTYPE")) and b"nmaprun" in head


def read_nmap(pieces: Iterator[bytes], notebook: Notebook, lan: Lan) -> tuple[str, str]:
    """Write down every host that was up; when the scan began and ended. Raises WireError."""
    data = b""
    for piece in pieces:
        data += piece
        if len(data) > LARGEST:
            raise WireError(f"it is longer than {LARGEST >> 20} MiB: let nmap write fewer hosts into one file")
    scan = decode_scan(data)
    for host in scan.hosts:
        _tell(host, scan.started, notebook, lan)
    return time_of(scan.started, _SECONDS), time_of(scan.ended, _SECONDS)


def _tell(host: Host, started: int, notebook: Notebook, lan: Lan) -> None:
    when = (started, _SECONDS)
    mac = bytes.fromhex(host.mac.replace(":", "")) if host.mac else b""
    packed = IPv4Address(host.ip).packed
    if mac:
        lan.bind(mac, packed, when, sure=True)
    else:
        lan.note_bare(packed, when)
    if host.names:
        notebook.note({"dns.name": [name.partition(".")[0] for name in host.names]}, *when, mac=mac, ip=host.ip)
    for service in host.services:
        notebook.note(_facts(service), *when, mac=mac, ip=host.ip)


def _facts(service: Service) -> Facts:
    facts: dict[str, str | tuple[str, ...]] = {f"nmap.{field}": getattr(service, field) for field in _FIELDS}
    return facts | {f"{service.protocol}.{service.port}": "open", "nmap.cpe": service.cpe}
