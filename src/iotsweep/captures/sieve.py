"""Looks at every frame for as short a time as possible and hands the few that tell something to their decoders.

Nearly all frames belong to conversations of which everything that matters is known: those are recognised by two
slices of their bytes and left. For each (sender, receiver, kind) there is one `Talk` with the conversations that
are done; it is found by the first 14 bytes of an Ethernet frame.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from iotsweep.captures.datagrams import Datagrams
from iotsweep.captures.lan import MOST_DEVICES, Lan, When, is_senders_own
from iotsweep.captures.message import Message
from iotsweep.captures.notebook import Notebook
from iotsweep.captures.streams import Streams
from iotsweep.captures.talks import SYN, Talk
from iotsweep.wire import ethernet, signs, switches
from iotsweep.wire.arp import decode_arp
from iotsweep.wire.error import WireError
from iotsweep.wire.frames import Link
from iotsweep.wire.ip import ICMPV6, TCP, UDP, Packet, is_host, is_private, read_ipv4, read_ipv6
from iotsweep.wire.radiotap import LINKS, decode_wifi

_MOST_TALKS = 32_768
_MOST_DONE = 40_000  # conversations of which something is remembered; some megabytes
_SEGMENTS = 8  # of one direction of a stream that are looked at
_DATAGRAMS = 6  # of one conversation at a port that says nothing
_MISSES = 40  # the same at a maker's port, where a late announcement may follow
_ACK = 0x10
SHORTEST = 53  # bytes of a frame with a whole TCP header, less one; shorter ones are looked at with care
_LATEST_SERVER_PORT = 49152
_SWITCHES = frozenset({switches.LLDP, switches.CDP})
_ROUTER_ADVERTISEMENT, _NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERTISEMENT = 134, 135, 136


def _find_nothing(_: bytes) -> Talk | None:
    return None


class Sieve:
    """Takes in frames of every link type. `take` raises WireError for a frame that cannot be read."""

    def __init__(self, notebook: Notebook, lan: Lan) -> None:
        self.lan = lan
        self.notebook = notebook
        self.datagrams = Datagrams(notebook, lan)
        self.streams = Streams(notebook)
        self.unknown_links: set[int] = set()
        self.wireless = False
        self._tagged: set[bytes] = set()
        self._talks: dict[bytes, Talk] = {}
        self._counts: dict[tuple[bytes, bytes], int] = {}
        self._done = 0

    def taker(self, link: int) -> Callable[[bytes, int, int, int, Link], None]:
        """What takes in the frames of a link type."""
        return self.take if link == ethernet.ETHERNET else self.take_other

    def find_known(self, link: int) -> Callable[[bytes], Talk | None]:
        """What finds the talk of a frame by its first 14 bytes; nothing is found where these are no Ethernet header."""
        return self._talks.get if link == ethernet.ETHERNET else _find_nothing

    def take(self, data: bytes, start: int, end: int, ticks: int, link: Link) -> None:
        """One Ethernet frame."""
        talk = self._talks.get(data[start : start + 14])
        if talk is None:
            talk = self._open_talk(data, start, end, ticks, link)
        kind, place = talk.kind, start + 14
        if kind in ethernet.TAGS or kind < 1536:
            kind, place = ethernet.find_network(data, start + 12, end)
            self._note_tag(talk, data, start, (ticks, link))
        self._take_network(talk, kind, data, (place, end), ticks, link)

    def take_other(self, data: bytes, start: int, end: int, ticks: int, link: Link) -> None:
        """One frame of any other link type."""
        if link.type in ethernet.RAW:
            mac, kind, place = b"", ethernet.raw_ethertype(data, start, end), start
        elif link.type in ethernet.LOOPBACK:
            mac, kind, place = b"", ethernet.raw_ethertype(data, start + 4, end), start + 4
        elif link.type == ethernet.COOKED:
            mac, kind, place = ethernet.read_cooked(data, start, end)
        elif link.type == ethernet.COOKED_2:
            mac, kind, place = ethernet.read_cooked_2(data, start, end)
        elif link.type in LINKS:
            self._take_wifi(data, start, end, ticks, link)
            return
        else:
            self.unknown_links.add(link.type)
            raise WireError("a frame of a link that is not known")
        self._take_network(self._talk_of(mac, kind, ticks, link), kind, data, (place, end), ticks, link)

    def finish(self) -> None:
        """Read what is still open, once it is known who is who."""
        self.streams.finish()
        self.lan.settle()
        self.datagrams.multicast_dns.finish()

    def _open_talk(self, data: bytes, start: int, end: int, ticks: int, link: Link) -> Talk:
        if end - start < 14:
            raise WireError("an Ethernet frame is cut off")
        if len(self._talks) >= _MOST_TALKS:
            self._talks.clear()
        head = data[start : start + 14]
        kind = head[12] << 8 | head[13]
        mac = head[6:12] if ethernet.is_device(head[6:12]) else b""
        talk = self._talks[head] = Talk(kind, mac, head[:6])
        self.lan.meet(talk.mac, (ticks, link))
        return talk

    def _talk_of(self, mac: bytes, kind: int, ticks: int, link: Link) -> Talk:
        key = mac + kind.to_bytes(2, "big")
        talk = self._talks.get(key)
        if talk is None:
            if len(self._talks) >= _MOST_TALKS:
                self._talks.clear()
            talk = self._talks[key] = Talk(kind, mac if ethernet.is_device(mac) else b"", b"")
            if talk.mac:
                self.lan.meet(talk.mac, (ticks, link))
        return talk

    def _take_wifi(self, data: bytes, start: int, end: int, ticks: int, link: Link) -> None:
        heard = decode_wifi(data, start, end, link.type)
        self.wireless = True
        place = self.lan.meet(heard.mac, (ticks, link))
        if place is not None and heard.network:
            facts = {"wifi.ssid": heard.network, "wifi.bssid": heard.mac.hex(":")}
            self.notebook.note(facts, ticks, link, mac=heard.mac)

    def _take_network(self, talk: Talk, kind: int, data: bytes, span: tuple[int, int], ticks: int, link: Link) -> None:
        if kind == ethernet.IPV4:
            self._take_packet(talk, read_ipv4(data, *span), data, span[0], ticks, link)
        elif kind == ethernet.IPV6:
            self._take_packet(talk, read_ipv6(data, *span), data, span[0], ticks, link)
        elif kind == ethernet.ARP:
            self._take_arp(data, span, ticks, link)
            talk.met.add(data[span[0] : span[0] + 18])
            self._count_done()
        elif kind in _SWITCHES and talk.mac:
            switch = signs.find_switch(kind, talk.target, data[slice(*span)])
            if switch:
                raw = data[slice(*span)]
                self.notebook.note(switches.to_facts(switch), ticks, link, mac=talk.mac, raw=raw)

    def _note_tag(self, talk: Talk, data: bytes, start: int, when: When) -> None:
        """For which divided network a device's frames are marked: each once."""
        key = data[start + 6 : start + 16]
        if talk.mac and key not in self._tagged and len(self._tagged) < MOST_DEVICES:
            self._tagged.add(key)
            self.notebook.note(signs.tag_facts(data, start), *when, mac=talk.mac)

    def _take_arp(self, data: bytes, span: tuple[int, int], ticks: int, link: Link) -> None:
        body = data[span[0] : min(span[1], span[0] + 28)]
        arp = decode_arp(bytes(12) + b"\x08\x06" + body)
        mac = bytes.fromhex(arp.mac.replace(":", ""))
        if arp.speaks_for_itself:
            self.lan.bind(mac, body[14:18], (ticks, link), sure=True)
        else:
            self.lan.meet(mac, (ticks, link))

    def _take_packet(self, talk: Talk, packet: Packet, data: bytes, begin: int, ticks: int, link: Link) -> None:
        mac, source, when = talk.mac, packet.source, (ticks, link)
        key = source + packet.target + data[packet.place : packet.place + 4]
        if packet.protocol == UDP and key in talk.done_udp:
            return
        pair = source + packet.target
        if pair not in talk.met:
            self._meet(talk, packet, data, begin, when)
            talk.met.add(pair)
        if is_host(source) and not self.lan.is_home(mac, source):
            self._be_done(talk, packet.protocol, key)
            return
        if packet.later_fragment:
            return
        if packet.protocol == TCP:
            self._take_segment(talk, packet, key, data, when)
        elif packet.protocol == UDP:
            self._take_datagram(talk, packet, key, data, when)
        elif packet.protocol == ICMPV6:
            self._take_icmpv6(mac, packet, data, when)

    def _meet(self, talk: Talk, packet: Packet, data: bytes, begin: int, when: tuple[int, Link]) -> None:
        own = is_senders_own(packet, data, begin)
        if not talk.mac:
            self.lan.note_bare(packet.source, when)
        elif own and not is_private(packet.source):
            self.lan.suppose(talk.mac, packet.source, when)
        else:
            self.lan.bind(talk.mac, packet.source, when)
        self._meet_target(talk, packet, own, when)
        self._count_done()

    def _meet_target(self, talk: Talk, packet: Packet, own: bool, when: tuple[int, Link]) -> None:
        """Whoever frames of the home are addressed to is there too: a device, or the way out.

        `own`: the source address is known to be the sender's.
        """
        source, target = packet.source, packet.target
        if len(talk.target) != 6 or talk.target[0] & 1 or len(target) != 4 or not is_host(target):
            return
        if not is_private(target):
            if (not own and not is_private(source)) or target[:3] == source[:3]:
                self.lan.suppose(talk.target, target, when, heard=False)
            else:
                self.lan.forward(talk.target, target, when)
        elif target[:3] == source[:3] or not is_private(source):
            self.lan.bind(talk.target, target, when, heard=False)

    def _be_done(self, talk: Talk, protocol: int, key: bytes) -> None:
        self._count_done()
        (talk.done_tcp if protocol == TCP else talk.done_udp).add(key)

    def _count_done(self) -> None:
        """What is remembered of conversations is bounded: now and then all of it is forgotten, and seen anew."""
        self._done += 1
        if self._done > _MOST_DONE:
            self._talks.clear()
            self._done = 0

    def _count(self, talk: Talk, key: bytes) -> int:
        """How often this conversation was looked at in vain."""
        if len(self._counts) > _MOST_DONE:
            self._counts.clear()
        count = self._counts[(talk.mac, key)] = self._counts.get((talk.mac, key), 0) + 1
        return count

    def _take_segment(self, talk: Talk, packet: Packet, key: bytes, data: bytes, when: tuple[int, Link]) -> None:
        place = packet.place
        if place + 20 > packet.end:
            raise WireError("a TCP header is cut off")
        source_port, target_port, sequence = struct.unpack_from("!HHI", data, place)
        flags = data[place + 13]
        begin = place + (data[place + 12] >> 4) * 4
        if flags & SYN:
            talk.done_tcp.discard(key)
            self._counts.pop((talk.mac, key), None)
            if flags & _ACK:
                self._note_open(talk, packet.source, source_port, when)
        if begin >= packet.end or begin < place + 20:
            return
        payload = data[begin : packet.end]
        message = Message(talk.mac, packet.source, packet.target, source_port, target_port, payload, *when)
        finished = self.streams.take(message, sequence)
        if finished or (not self.streams.is_open(message) and self._count(talk, key) >= _SEGMENTS):
            self._be_done(talk, TCP, key)

    def _note_open(self, talk: Talk, source: bytes, port: int, when: tuple[int, Link]) -> None:
        """Who accepts a connection has that port open."""
        if 0 < port < _LATEST_SERVER_PORT:
            message = Message(talk.mac, source, b"", port, 0, b"", *when)
            self.notebook.note({f"tcp.{port}": "open"}, *when, mac=talk.mac, ip=message.ip)

    def _take_datagram(self, talk: Talk, packet: Packet, key: bytes, data: bytes, when: tuple[int, Link]) -> None:
        place = packet.place
        if place + 8 > packet.end:
            raise WireError("a UDP header is cut off")
        source_port, target_port, length = struct.unpack_from("!HHH", data, place)
        last = min(packet.end, place + length) if length >= 8 else packet.end
        payload = data[place + 8 : last]
        lasting = self.datagrams.lasting
        lasts = source_port in lasting or target_port in lasting
        if not payload or self.datagrams.is_told(talk.mac, source_port, target_port, payload):
            return
        message = Message(talk.mac, packet.source, packet.target, source_port, target_port, payload, *when)
        understood = self.datagrams.take(message)
        patience = _MISSES if understood or self.datagrams.is_vendor(source_port, target_port) else _DATAGRAMS
        if not lasts and self._count(talk, key) >= patience:
            self._be_done(talk, UDP, key)

    def _take_icmpv6(self, mac: bytes, packet: Packet, data: bytes, when: tuple[int, Link]) -> None:
        """Neighbour discovery (RFC 4861): who has which address, and who is a router."""
        if packet.place + 8 > packet.end or not mac:
            return
        kind = data[packet.place]
        if kind == _ROUTER_ADVERTISEMENT:
            message = data[packet.place : packet.end]
            self.notebook.note(signs.router_facts(packet.source, message), *when, mac=mac, raw=message)
            place = self.lan.meet(mac, when)
            if place is not None:
                place.routes = True
        elif kind in {_NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERTISEMENT}:
            told = data[packet.place + 8 : packet.place + 24]
            own = told if kind == _NEIGHBOUR_ADVERTISEMENT or not any(packet.source) else packet.source
            if len(own) == 16 and packet.place + 24 <= packet.end:
                self.lan.bind(mac, own, when, sure=True)
