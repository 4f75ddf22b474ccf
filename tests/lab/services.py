"""Does every device still do what it did? Each check is a polite customer of one service.

`wait_for_services` and `failing_services` run this module inside the laptop: `python -m tests.lab.services HOME`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import sys
import time
import uuid
from collections.abc import Callable, Iterable

from tests.lab.home import Home, HomeError
from tests.lab.homes import find_layout
from tests.lab.node import Layout, Node, Service, multicast_only

PATIENCE = 2.0  # seconds that one service gets to answer

_MQTT_CONNECT = bytes.fromhex("100e00044d51545404020005") + b"\x00\x02ok"  # MQTT 3.1.1, clean session, client "ok"
_GET = b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"


def wait_for_services(home: Home, deadline: float) -> None:
    """Ask until every service answers. Raises HomeError with those that never did."""
    while failing := failing_services(home):
        if time.monotonic() > deadline:
            raise HomeError(f"no answer from: {', '.join(failing)}")


def failing_services(home: Home) -> list[str]:
    """Every service of the home that does not answer, as `device how port`."""
    done = home.python("-m", "tests.lab.services", home.name)
    if done.returncode:
        raise HomeError(f"could not ask the services: {done.stderr[-2000:]}")
    failing: list[str] = json.loads(done.stdout)
    return failing


async def ask_all(layout: Layout) -> list[str]:
    """Ask everything at once; the services that did not answer."""
    single = [(node, service) for node in layout.nodes for service in node.services if not _grouped(service)]
    answers = await asyncio.gather(*(_ask(node, service) for node, service in single))
    failing = [_say(node, service) for (node, service), good in zip(single, answers, strict=True) if not good]
    return sorted(failing + await _ask_groups(layout))


def _grouped(service: Service) -> bool:
    return multicast_only(service) and service.how != "dns"


def _say(node: Node, service: Service) -> str:
    return f"{node.name} {service.how} {service.port} {service.what}".strip()


async def _ask(node: Node, service: Service) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            if service.how == "dns":
                return await asyncio.to_thread(_resolves, node.address, service.what)
            return await _ask_tcp(node.address, service)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False


async def _ask_tcp(address: str, service: Service) -> bool:
    question, expected = _conversation(address, service)
    reader, writer = await asyncio.open_connection(
        address, service.port, ssl=_tls() if service.how == "https" else None
    )
    try:
        if service.how == "tcp":
            return True
        writer.write(question)
        return (await reader.read(1024)).startswith(expected)
    finally:
        writer.transport.abort()


def _conversation(address: str, service: Service) -> tuple[bytes, bytes]:
    """What to say and how the answer starts."""
    host = address.encode()
    return {
        "tcp": (b"", b""),
        "http": (_GET % (b"/", host), b"HTTP/1."),
        "https": (_GET % (b"/", host), b"HTTP/1."),
        "hap": (_GET % (b"/accessories", host), b"HTTP/1.1 4"),  # 401 or 470: it wants to be paired first
        "rtsp": (b"OPTIONS rtsp://%s/ RTSP/1.0\r\nCSeq: 1\r\n\r\n" % host, b"RTSP/1.0 "),
        "mqtt": (_MQTT_CONNECT, b"\x20\x02"),
        "greeting": (b"", service.what.encode()),
    }[service.how]


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _resolves(server: str, name: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE / 2)
        client.sendto(_dns_question(name, 1), (server, 53))
        reply = client.recv(512)
    return int.from_bytes(reply[6:8]) > 0  # ANCOUNT, RFC 1035 4.1.1


def _dns_question(name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", 7, 0, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, kind, 1)


async def _ask_groups(layout: Layout) -> list[str]:
    """Multicast questions: one per protocol and service type, answered by several devices."""
    expected: dict[tuple[str, str], dict[str, str]] = {}
    for node in layout.nodes:
        for service in filter(_grouped, node.services):
            expected.setdefault((service.how, service.what), {})[node.address] = _say(node, service)
    waiting = [asyncio.to_thread(_still_silent, how, what, set(them)) for (how, what), them in expected.items()]
    silent = await asyncio.gather(*waiting)
    return [them[address] for them, quiet in zip(expected.values(), silent, strict=True) for address in quiet]


def _still_silent(how: str, what: str, addresses: set[str]) -> set[str]:
    """Ask a group until each of `addresses` has answered, or patience ends; those that have not."""
    destinations, data = _group_question(how, what, addresses)
    end = time.monotonic() + 2 * PATIENCE
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.1)
        again = 0.0
        while addresses and time.monotonic() < end:
            if time.monotonic() >= again:
                again = time.monotonic() + PATIENCE / 2
                for destination in destinations:
                    client.sendto(data, destination)
            addresses -= set(_senders(client))
    return addresses


def _senders(client: socket.socket) -> Iterable[str]:
    try:
        yield client.recvfrom(9000)[1][0]
    except TimeoutError:
        return


def _group_question(how: str, what: str, addresses: set[str]) -> tuple[list[tuple[str, int]], bytes]:
    questions: dict[str, Callable[[], tuple[list[tuple[str, int]], bytes]]] = {
        "mdns": lambda: ([("224.0.0.251", 5353)], _dns_question(f"{what}.local", 12)),
        "ssdp": lambda: ([("239.255.255.250", 1900)], _SEARCH),
        "wsd": lambda: ([("239.255.255.250", 3702)], _WSD_PROBE % str(uuid.uuid4()).encode()),
        "netbios": lambda: ([(address, 137) for address in addresses], _NETBIOS_STATUS),
    }
    return questions[how]()


_SEARCH = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
)
# Its number is new each time: wsdd answers a number only once (WS-Discovery 1.1, 3.1.3).
_WSD_PROBE = b"""<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof">
<soap:Header><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>
<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action>
<wsa:MessageID>urn:uuid:%s</wsa:MessageID></soap:Header>
<soap:Body><wsd:Probe><wsd:Types>wsdp:Device</wsd:Types></wsd:Probe></soap:Body></soap:Envelope>"""
# Node status request for "*", RFC 1002 4.2.17
_NETBIOS_STATUS = struct.pack("!6H", 7, 0, 1, 0, 0, 0) + b"\x20CK" + b"A" * 30 + struct.pack("!BHH", 0, 0x21, 1)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(ask_all(find_layout(sys.argv[1])))))
