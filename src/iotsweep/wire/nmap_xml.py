"""nmap's XML output: the services of each host, with the fields that python-nmap 0.7.1 leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from iotsweep.wire.error import WireError

LARGEST = 4 << 20
_MOST_CPES = 8
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """One open port and what nmap makes of it; "" where it said nothing."""

    ip: str
    mac: str | None
    protocol: str
    port: int
    service: str = ""
    product: str = ""
    version: str = ""
    extrainfo: str = ""
    devicetype: str = ""
    ostype: str = ""
    hostname: str = ""
    tunnel: str = ""
    cpe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """One host that was up: what tied its addresses together, and its open ports."""

    ip: str
    mac: str | None
    names: tuple[str, ...]  # that the name server of the network has for it
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole output; times in seconds since 1970, 0 where nmap wrote none."""

    started: int
    ended: int
    hosts: tuple[Host, ...]


def decode_nmap(data: bytes) -> tuple[Service, ...]:
    """Every open port of every host. Raises WireError for what is no nmap output, hostile, or over 4 MiB."""
    return tuple(service for host in _read_root(data).iter("host") for service in _services(host))


def decode_scan(data: bytes) -> Scan:
    """The whole output, with hosts that have no open port. Raises WireError as `decode_nmap` does."""
    root = _read_root(data)
    finished = next(root.iter("finished"), None)
    started = _seconds(root.get("start", ""))
    ended = _seconds(finished.get("time", "")) if finished is not None else started
    return Scan(started, ended, tuple(filter(None, map(_host, root.iter("host")))))


def _host(host: Element) -> Host | None:
    ip, status = _address(host, "ipv4"), host.find("status")
    if ip is None or not _is_ipv4(ip) or (status is not None and status.get("state") != "up"):
        return None
    mac = (_address(host, "mac") or "").lower()
    names = [name.get("name", "") for name in host.iter("hostname") if name.get("type") == "PTR"]
    return Host(ip, mac if _MAC.fullmatch(mac) else None, tuple(names[:_MOST_CPES]), tuple(_services(host)))


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else 0


def _read_root(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise WireError(f"nmap output of {len(data)} bytes; at most {LARGEST} are read")
    try:
        # nmap itself writes <!DOCTYPE nmaprun>, so a bare DTD passes; entities and external references never do.
        root = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise WireError(f"not the XML output of nmap: {error}") from error
    if root.tag != "nmaprun":
        raise WireError("not the XML output of nmap: it begins with another element")
    return root


def _services(host: Element) -> list[Service]:
    ip = _address(host, "ipv4")
    if ip is None or not _is_ipv4(ip):
        return []
    mac = (_address(host, "mac") or "").lower()
    known = mac if _MAC.fullmatch(mac) else None
    return [_service(port, ip, known) for port in host.iter("port") if _is_open(port)]


def _service(port: Element, ip: str, mac: str | None) -> Service:
    found = port.find("service")
    said = {} if found is None else dict(found.attrib)
    cpes = [] if found is None else [cpe.text for cpe in found.findall("cpe") if cpe.text]
    return Service(
        ip=ip,
        mac=mac,
        protocol=port.get("protocol", ""),
        port=int(port.get("portid", "0")),
        service=said.get("name", ""),
        product=said.get("product", ""),
        version=said.get("version", ""),
        extrainfo=said.get("extrainfo", ""),
        devicetype=said.get("devicetype", ""),
        ostype=said.get("ostype", ""),
        hostname=said.get("hostname", ""),
        tunnel=said.get("tunnel", ""),
        cpe=tuple(cpes[:_MOST_CPES]),
    )


def _is_open(port: Element) -> bool:
    number = port.get("portid", "")
    state = port.find("state")
    usable = number.isascii() and number.isdigit() and len(number) <= 5 and 0 < int(number) < 65536
    return usable and state is not None and state.get("state") == "open"


def _address(host: Element, kind: str) -> str | None:
    return next((found.get("addr") for found in host.findall("address") if found.get("addrtype") == kind), None)


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True
