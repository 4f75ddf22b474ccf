"""ICMPv6 echo to all nodes of the link. Where the system has ping sockets, no administrator rights are needed."""

from __future__ import annotations

import contextlib
import socket
import struct

from iotsweep.network.guard import ALL_NODES
from iotsweep.network.tcp import ETHERNET

ECHO = ETHERNET + 48  # bytes: Ethernet, IPv6 and ICMPv6 headers
_LONGEST = 2048


def open_echo(interface: str) -> socket.socket:
    """A socket for ICMPv6 on one interface: a ping socket, else a raw one. Raises OSError where neither is allowed."""
    try:
        own = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6)
    except OSError:
        own = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    try:
        own.setblocking(False)
        index = socket.if_nametoindex(interface)
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack("@I", index))
        own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        with contextlib.suppress(OSError):
            own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
    except BaseException:
        own.close()
        raise
    return own


def send_echo(own: socket.socket, interface: str, data: bytes) -> bool:
    """Send to all nodes; False when the system could not."""
    try:
        own.sendto(data, (ALL_NODES, 0, 0, socket.if_nametoindex(interface)))
    except OSError:
        return False
    return True


def receive_echo(own: socket.socket) -> tuple[bytes, str] | None:
    """What is waiting, with the sender's address without its zone; None when nothing is."""
    try:
        data, sender = own.recvfrom(_LONGEST)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return None
    return data, str(sender[0]).partition("%")[0]
