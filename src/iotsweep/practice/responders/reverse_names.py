"""The router's DNS: reverse look-ups of the home's own addresses are answered, everything else does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.practice import dns
from iotsweep.practice.home import Home, PracticeDevice
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_PORT = 53
_ENDING = b"home"


def listeners(device: PracticeDevice, home: Home) -> Iterator[UdpListener]:
    """Port 53, when the device is the one that hands out names."""
    if device.names_others:
        yield UdpListener(_PORT, Responder(home).answer)


class Responder:
    """The names that the devices gave when they joined."""

    def __init__(self, home: Home) -> None:
        self._names = {
            dns.reverse_name(device.address): (device.hostname.encode(), _ENDING)
            for device in home.devices
            if device.hostname
        }

    def answer(self, data: bytes, sender: Sender) -> list[Reply]:
        """The PTR record of one address, or that there is none."""
        try:
            query = dns.decode_query(data)
        except dns.DnsError:
            return []
        for question in query.questions:
            owner = dns.folded(question.name)
            if question.kind in {dns.PTR, dns.ANY} and owner in self._names:
                record = dns.pointer(question.name, self._names[owner])
                return [Reply(dns.encode_answer([record], [], query=query), sender)]
        return [Reply(dns.no_such_name(query), sender)]
