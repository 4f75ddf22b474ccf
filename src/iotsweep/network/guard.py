"""The guard: which addresses and ports may be sent to, and the ones that never are."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from iotsweep.model import Scope
from iotsweep.network.allow_list import AllowList

# Raw print ports print whatever reaches them (nmap issue 2237); a TCP connect to a Samsung set's remote-control
# channel can bring up a question on its screen. No profile ever touches them.
NEVER_PORTS = frozenset({*range(9100, 9117), 8001, 8002})

# The discovery groups, each at its own port only: what else lives in a group is not ours to wake.
MULTICAST = frozenset(
    {
        ("224.0.0.251", 5353),  # mDNS, RFC 6762
        ("ff02::fb", 5353),  # mDNS over IPv6, RFC 6762: link-local, and the only datagrams that leave over IPv6
        ("239.255.255.250", 1900),  # SSDP, UPnP Device Architecture 2.0
        ("239.255.255.250", 3702),  # WS-Discovery 1.1
        ("239.255.255.250", 37020),  # Hikvision SADP
        ("239.255.255.251", 37810),  # Dahua DHIP
        ("234.55.55.55", 23456),  # TVT
        ("233.89.188.1", 10001),  # Ubiquiti
        ("239.255.255.250", 1982),  # Yeelight
        ("239.255.255.250", 4001),  # Govee
        ("224.0.0.252", 5355),  # LLMNR, RFC 4795
    }
)

ALL_NODES = "ff02::1"  # RFC 4291 section 2.7.1: link-local, no router passes it on
_LIMITED_BROADCAST = "255.255.255.255"  # RFC 919
_ARP_REQUEST = bytes.fromhex("0806 0001 0800 06 04 0001")  # Ethernet type and the fixed fields of RFC 826
_ARP_LENGTH = 42
_ECHO_REQUEST, _ECHO_LENGTH = b"\x80\0\0\0", 8  # type 128, code 0, the checksum left to the system: RFC 4443


class GuardError(Exception):
    """Something outside the scope was about to be sent. Always a bug of ours, never a device's fault."""


@lru_cache(maxsize=1 << 13)
def _number(address: str) -> int | None:
    """The address as a number; None when it is none. Asked for every packet, of a few addresses only."""
    try:
        return int(IPv4Address(address))
    except ValueError:
        return None


class Guard:
    """Says yes or no for one scope and the one device that its deep check is for; raises GuardError instead of no."""

    def __init__(self, scope: Scope, suspect: str | None = None) -> None:
        if scope.consent is None:
            raise GuardError("nothing may be sent before consent is recorded")
        self._network = IPv4Network(scope.network)
        self._own = IPv4Address(scope.address)
        self._mac = bytes.fromhex(scope.mac.replace(":", ""))
        self._hosts = range(int(self._network.network_address), int(self._network.broadcast_address) + 1)
        if self._network.prefixlen < 31:
            self._hosts = self._hosts[1:-1]
        self._allowed = AllowList(scope, suspect if suspect and self.inside(suspect) else None)

    def inside(self, address: str) -> bool:
        """True for a host address of the scope that is not this laptop's own."""
        number = _number(address)
        return number in self._hosts and number != int(self._own)

    def check_unicast(self, address: str, port: int | None) -> None:
        """Raise GuardError unless one host of the scope, at a port that may be touched, is meant."""
        if not self.inside(address):
            raise GuardError(f"{address} is not a host of {self._network}")
        if port in NEVER_PORTS:
            raise GuardError(f"port {port} is never touched")

    def check_datagram(self, address: str, port: int) -> None:
        """As check_unicast, and the link-local discovery groups and this network's own broadcast."""
        if port in NEVER_PORTS:
            raise GuardError(f"port {port} is never touched")
        if (address, port) in MULTICAST or address in {_LIMITED_BROADCAST, str(self._network.broadcast_address)}:
            return
        self.check_unicast(address, port)

    def check_echo(self, address: str, data: bytes) -> None:
        """Raise GuardError unless an empty ICMPv6 echo goes to all nodes of this link: all of ICMPv6 that we send."""
        if address != ALL_NODES or len(data) != _ECHO_LENGTH or data[:4] != _ECHO_REQUEST:
            raise GuardError(f"only an empty ICMPv6 echo request to {ALL_NODES} may leave")

    def check_payload(self, address: str, port: int, data: bytes) -> None:
        """As check_datagram, and only bytes that are on the allow-list for this port."""
        self.check_datagram(address, port)
        if not self._allowed.permits(address, port, data):
            raise GuardError(f"these {len(data)} bytes are not on the allow-list for UDP port {port}")

    def check_frame(self, frame: bytes) -> str:
        """The address that an ARP request asks for; GuardError for any other frame.

        Only a question in this laptop's own name may leave: a frame that claimed another address could redirect
        other devices' traffic.
        """
        if len(frame) != _ARP_LENGTH or frame[12:22] != _ARP_REQUEST:
            raise GuardError("only ARP requests leave as ready-made frames")
        if not self._mac or frame[6:12] != self._mac or frame[22:28] != self._mac:
            raise GuardError("an ARP request has to carry this laptop's own MAC address")
        if frame[28:32] != self._own.packed:
            raise GuardError("an ARP request has to carry this laptop's own address")
        target = int.from_bytes(frame[38:42])
        if target not in self._hosts or target == int(self._own):
            raise GuardError(f"{IPv4Address(target)} is not a host of {self._network}")
        return f"{frame[38]}.{frame[39]}.{frame[40]}.{frame[41]}"
