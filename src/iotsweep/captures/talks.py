"""Frames from one hardware address to another, and which of their conversations have nothing more to tell."""

from __future__ import annotations

from iotsweep.wire import ethernet
from iotsweep.wire.ip import TCP

SYN = 0x02


class Talk:
    """Frames of one kind from one hardware address to another, and the conversations among them that are done."""

    __slots__ = ("done_tcp", "done_udp", "is_done", "kind", "mac", "met", "target")

    def __init__(self, kind: int, mac: bytes, target: bytes) -> None:
        self.kind = kind
        self.mac = mac
        self.target = target
        self.done_tcp: set[bytes] = set()
        self.done_udp: set[bytes] = set()
        self.met: set[bytes] = set()  # (source, target) whose addresses are written down
        ways = {ethernet.IPV4: self._is_done_4, ethernet.IPV6: self._is_done_6, ethernet.ARP: self._is_done_arp}
        self.is_done = ways.get(kind, self._is_done_tagged)

    def _is_done_4(self, data: bytes, start: int) -> bool:
        """Whether an Ethernet frame of 54 bytes or more belongs to a conversation that is done; a new one may begin."""
        if data[start + 14] != 0x45:
            return False
        if data[start + 23] == TCP:
            return data[start + 26 : start + 38] in self.done_tcp and not data[start + 47] & SYN
        return data[start + 26 : start + 38] in self.done_udp

    def _is_done_6(self, data: bytes, start: int) -> bool:
        if data[start + 20] == TCP:
            key = data[start + 22 : start + 58]
            return key in self.done_tcp and (len(data) > start + 67 and not data[start + 67] & SYN)
        return data[start + 22 : start + 58] in self.done_udp

    def _is_done_arp(self, data: bytes, start: int) -> bool:
        return data[start + 14 : start + 32] in self.met  # kind, operation, and the sender's addresses

    def _is_done_tagged(self, data: bytes, start: int) -> bool:
        return (
            data[start + 16 : start + 18] == b"\x08\0" and len(data) > start + 51 and self._is_done_4(data, start + 4)
        )
