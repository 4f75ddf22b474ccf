"""Who speaks in an IPv6 packet to a group: neighbour discovery (RFC 4861), group membership (RFC 3810), the rest."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.ip import ICMPV6, Packet, is_host, text_of

_SOLICITATION, _ADVERTISEMENT = 135, 136
_LINK_LOCAL_GROUP = b"\xff\x02"  # RFC 4291 section 2.7: never leaves the link, so neither did its sender
_UNSPECIFIED = bytes(16)


def find_speaker(data: bytes, packet: Packet) -> str:
    """The sender's IPv6 address. Who is about to take an address (RFC 4862) has none yet: then it is that one.

    Raises WireError when the packet did not start on this link, or names nobody.
    """
    if len(packet.target) != 16 or packet.target[:2] != _LINK_LOCAL_GROUP:
        raise WireError("not for a group of this link")
    own = packet.source
    if packet.protocol == ICMPV6 and packet.place + 24 <= packet.end and not packet.later_fragment:
        kind = data[packet.place]
        if kind == _ADVERTISEMENT or (kind == _SOLICITATION and own == _UNSPECIFIED):
            own = data[packet.place + 8 : packet.place + 24]
    if not is_host(own):
        raise WireError("a packet that names nobody")
    return text_of(own)
