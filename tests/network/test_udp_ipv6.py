"""Datagrams over IPv6: to the one group, on the one interface, and only from this link."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Any

import pytest

from iotsweep.network.door import Door, GuardError
from iotsweep.network.tap import open_tap
from iotsweep.network.udp import InboxIpv6, count_headers
from iotsweep.wire.mdns_question import encode_questions
from iotsweep.wire.mdns_types import TYPES
from tests.network.laboratory import home, in_lab, run, scope, shared

GROUP, PORT = "ff02::fb", 5353
FAR = "fe80::ff:fe00:99"
OWN, INDEX = "fe80::5", 3


@pytest.mark.parametrize(
    ("sender", "kept"),
    [
        (("fe80::9%eth0", 5353, 0, INDEX), True),
        (("fe80::9", 5353, 0, INDEX), True),
        (("fe80::5%eth0", 5353, 0, INDEX), False),  # this laptop's own responder
        (("fe80::9%wlan0", 5353, 0, INDEX + 1), False),  # another interface
        (("2001:db8::9", 5353, 0, 0), False),  # RFC 6762 section 11: not of this link
        (("fd00::9", 5353, 0, INDEX), False),
    ],
)
async def test_only_others_on_this_link_are_heard(sender: tuple[str, int, int, int], kept: bool) -> None:
    inbox = InboxIpv6(OWN, INDEX)
    inbox.datagram_received(b"x", sender)
    assert await inbox.take(0.01) == ((b"x", "fe80::9", 5353) if kept else None)


def test_headers_of_ipv6_are_longer() -> None:
    assert (count_headers("192.168.7.9"), count_headers(GROUP)) == (42, 62)


def play_responder() -> None:
    """Answers every datagram to the group there, and says so to its sender too."""
    run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.h0.accept_dad=0")
    run("sysctl", "-qw", "net.ipv6.conf.h0.disable_ipv6=0")
    own = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    own.bind(("::", PORT))
    index = socket.if_nametoindex("h0")
    own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack("@I", index))
    own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
    joined = socket.inet_pton(socket.AF_INET6, GROUP) + struct.pack("@I", index)
    own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, joined)
    while True:
        sender = own.recvfrom(4096)[1]
        with contextlib.suppress(OSError):  # its own address is not ready yet; it will be asked again
            own.sendto(b"to all", (GROUP, PORT, 0, index))
            own.sendto(b"to you", sender)


async def check_the_group() -> dict[str, Any]:
    async with home([], far=play_responder) as recorder:
        run("sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=0")
        run("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0")
        own = scope()
        common = shared(own)
        door, question = Door("mdns", own, common), encode_questions(TYPES)[0]
        heard: list[tuple[str, str]] = []
        refused = 0
        async with (
            open_tap(own, common),
            door.datagrams(port=PORT, group=GROUP) as group,
            door.datagrams(group=GROUP) as direct,
        ):
            while len(heard) < 4:  # until the far end is up
                group.send(question, GROUP, PORT)
                direct.send(question, GROUP, PORT)
                for datagrams in (group, direct):
                    while found := await datagrams.receive(0.1):
                        heard.append((found[0].decode(), found[1]))
            for address, data in ((FAR, question), ("ff02::1", question), (GROUP, b"anything else")):
                try:
                    group.send(data, address, PORT)
                except GuardError:
                    refused += 1
        sent = common.ledger.sent("mdns")
        frames = [frame for _, frame, _ in recorder.frames() if frame[12:14] == b"\x86\xdd" and frame[20] == 17]
        return {
            "heard": sorted({*heard}),
            "refused": refused,
            "sent": [(place.address, place.protocol, place.port) for place in sent.destinations],
            "as many": sent.packets == len(frames),
            "bytes": sent.bytes == sum(62 + len(question) for _ in frames),
            "hops": sorted({frame[21] for frame in frames}),
            "counted": sent.counted,
        }


async def check_off() -> str:
    async with home([]):
        own = scope()
        try:
            async with Door("mdns", own, shared(own)).datagrams(port=PORT, group=GROUP):
                return ""
        except OSError as error:
            return str(error)


@pytest.mark.lab
def test_the_group_is_asked_and_heard_and_every_packet_is_laid_to_its_probe() -> None:
    assert in_lab(f"{__name__}:check_the_group") == {
        "heard": [["to all", FAR], ["to you", FAR]],
        "refused": 3,
        "sent": [[GROUP, "udp", PORT]],
        "as many": True,
        "bytes": True,
        "hops": [255],
        "counted": "on the wire",
    }


@pytest.mark.lab
def test_where_ipv6_is_off_the_system_says_so_at_once() -> None:
    assert in_lab(f"{__name__}:check_off")


async def test_an_inbox_without_news_ends_in_time() -> None:
    async with asyncio.timeout(1):
        assert await InboxIpv6(OWN, INDEX).take(0.01) is None
