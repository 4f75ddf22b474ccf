"""Makers' own discovery: where a device of each protocol listens, what it takes for a question, where it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from iotsweep.practice.home import PracticeDevice, Vendor
from iotsweep.practice.listeners import Answer, Reply, Sender, UdpListener
from iotsweep.practice.responders import vendor_cameras as cameras
from iotsweep.practice.responders import vendor_things as things
from iotsweep.wire.pppp_scramble import scramble

EVERYBODY = "255.255.255.255"
_DELAY = 0.02
_ANNOUNCED_EVERY = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Protocol:
    """One maker's protocol as its devices speak it."""

    port: int
    asks: Callable[[bytes], bool]
    build: Callable[[PracticeDevice, Vendor], bytes]
    group: str = ""
    answers_to: tuple[str, int] | None = None  # an address ("" for the asker's) and a port, where those are fixed
    answer: Callable[[PracticeDevice, Vendor, bytes], bytes] | None = (
        None  # built with the question, where that matters
    )


def _starts(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda question: question.startswith(starts)


def _has(word: bytes) -> Callable[[bytes], bool]:
    return lambda question: word in question


_DHIP = b"\x20\0\0\0DHIP"
PROTOCOLS: dict[str, Protocol] = {
    "v380": Protocol(10008, _starts(b"NVDEVSEARCH"), cameras.v380, answers_to=("", 10009)),
    "xmeye": Protocol(34569, lambda q: q[14:16] == b"\xfa\5", cameras.xmeye, answers_to=(EVERYBODY, 34569)),
    "vstarcam": Protocol(8600, _starts(b"DH\1\1"), cameras.vstarcam),
    "foscam": Protocol(10000, lambda q: q[:5] == b"MO_I\0", cameras.foscam),
    "vivotek": Protocol(10000, lambda q: q[1:] == b"\x4a\x5d\x8f\x1c", cameras.vivotek),
    "sadp": Protocol(37020, _has(b"inquiry"), cameras.sadp, "239.255.255.250", ("239.255.255.250", 37020)),
    "dhip": Protocol(37810, lambda q: q[:8] == _DHIP and b"DHDiscover.search" in q, cameras.dhip, "239.255.255.251"),
    "dahua-v1": Protocol(5050, _starts(b"\xa3\1"), cameras.dahua_v1),
    "reolink": Protocol(2000, _starts(b"\xaa\xaa\0\0"), cameras.reolink, answers_to=("", 3000)),
    "tvt": Protocol(23456, lambda q: q[8:10] == b"\1\0", cameras.tvt, "234.55.55.55", ("234.55.55.56", 23456)),
    "hanwha": Protocol(7701, lambda q: q[:1] == b"\1" and len(q) == 262, cameras.hanwha, answers_to=("", 7711)),
    "sony": Protocol(2380, _has(b"ENQ:allinfo"), cameras.sony),
    "panasonic": Protocol(10670, lambda q: len(q) == 52, cameras.panasonic, answers_to=(EVERYBODY, 10669)),
    "bosch": Protocol(1757, _starts(b"\x99\x39\xa4\x27"), cameras.bosch, answers_to=("", 1758)),
    "vision360": Protocol(3600, _starts(b"DISCOVER"), cameras.vision360),
    "ubiquiti": Protocol(10001, _starts(b"\2\x08\0\0"), cameras.ubiquiti, "233.89.188.1"),
    "tapo": Protocol(20002, lambda q: q[:1] == b"\2" and b"rsa_key" in q, things.tapo, answer=things.tapo),
    "miio": Protocol(54321, lambda q: q[:4] == b"\x21\x31\0\x20", things.miio),
    "tuya": Protocol(6667, lambda _: False, things.tuya, answers_to=(EVERYBODY, 6667)),
    "tuya-3.5": Protocol(7000, _starts(b"\0\0\x66\x99"), things.tuya_35, answers_to=(EVERYBODY, 7000)),
    "gree": Protocol(7000, _has(b'"scan"'), things.gree),
    "midea": Protocol(6445, _starts(b"ZZ\1\x11"), things.midea),
    "broadlink": Protocol(80, lambda q: q[0x26:0x27] == b"\6", things.broadlink),
    "coiot": Protocol(5683, lambda _: False, things.coiot, answers_to=("224.0.1.187", 5683)),
    "govee": Protocol(4001, _has(b'"scan"'), things.govee, "239.255.255.250", ("", 4002)),
    "magic-home": Protocol(48899, _starts(b"HF-A11ASSISTHREAD"), things.magic_home),
    "yeelight": Protocol(1982, _has(b"wifi_bulb"), things.yeelight, "239.255.255.250"),
    "lifx": Protocol(56700, lambda q: q[32:34] == b"\2\0", things.lifx),
    "wiz": Protocol(38899, _has(b"getSystemConfig"), things.wiz),
}


def protocol_of(vendor: Vendor) -> Protocol:
    """The protocol that a home names. Raises KeyError for a word that none has."""
    if vendor.protocol != "pppp":
        return PROTOCOLS[vendor.protocol]
    searches = [b"\xf1\x30", b"\xf1\x32"]
    if vendor.phrase:  # such a camera understands nothing else
        searches = [scramble(vendor.phrase, search + b"\0\0") for search in searches]
    return Protocol(32108, _starts(*searches), cameras.pppp)


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """One listener per port, with everything that the device answers there."""
    by_port: dict[int, list[Vendor]] = defaultdict(list)
    for vendor in device.vendors:
        by_port[protocol_of(vendor).port].append(vendor)
    for port, vendors in by_port.items():
        groups = tuple(dict.fromkeys(group for v in vendors if (group := protocol_of(v).group)))
        announced = tuple(_announcement(device, v) for v in vendors if v.announces)
        yield UdpListener(port, _answering(device, vendors), groups, announced)


def _answering(device: PracticeDevice, vendors: list[Vendor]) -> Answer:
    spoken = [(protocol_of(vendor), vendor) for vendor in vendors]

    def answer(data: bytes, sender: Sender) -> list[Reply]:
        return [
            Reply(_build(protocol, device, vendor, data), _place(protocol, sender), _DELAY)
            for protocol, vendor in spoken
            if protocol.asks(data)
        ]

    return answer


def _build(protocol: Protocol, device: PracticeDevice, vendor: Vendor, question: bytes) -> bytes:
    return protocol.answer(device, vendor, question) if protocol.answer else protocol.build(device, vendor)


def _place(protocol: Protocol, sender: Sender) -> Sender:
    if protocol.answers_to is None:
        return sender
    address, port = protocol.answers_to
    return address or sender[0], port


def _announcement(device: PracticeDevice, vendor: Vendor) -> Reply:
    protocol = protocol_of(vendor)
    return Reply(protocol.build(device, vendor), _place(protocol, (EVERYBODY, protocol.port)), _ANNOUNCED_EVERY)
