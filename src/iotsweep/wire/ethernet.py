"""Where the network layer begins in a frame: Ethernet with tags, Linux cooked captures, LLC and SNAP (IEEE 802)."""

from __future__ import annotations

from iotsweep.wire.error import WireError

IPV4, ARP, IPV6 = 0x0800, 0x0806, 0x86DD
TAGS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})  # IEEE 802.1Q, 802.1ad, and what switches used before
_MOST_TAGS = 4
_LENGTHS = 1536  # IEEE 802.3 section 3.2.6: below, the field is a length
_SNAP = bytes.fromhex("aaaa03")

# Link types of tcpdump.org that carry a MAC address or IP packets.
ETHERNET, RAW_BSD, RAW_OTHER, RAW_IP, COOKED, IPV4_ONLY, IPV6_ONLY, COOKED_2 = 1, 12, 14, 101, 113, 228, 229, 276
LOOPBACK = frozenset({0, 108})  # LINKTYPE_NULL and LINKTYPE_LOOP: four bytes that name a family, then the packet
RAW = frozenset({RAW_BSD, RAW_OTHER, RAW_IP, IPV4_ONLY, IPV6_ONLY})
_ARPHRD_ETHER, _ARPHRD_LOOPBACK, _ARPHRD_WIFI = 1, 772, 801
_OUTGOING = 4  # packet type of a cooked capture: sent by the capturing machine itself


def find_network(data: bytes, place: int, end: int) -> tuple[int, int]:
    """The ethertype and where its packet begins, from the first ethertype at `place`; tags are passed over.

    Raises WireError for more tags than any network has, and for what ends before.
    """
    for _ in range(_MOST_TAGS + 1):
        if place + 2 > end:
            raise WireError("a frame ends before its network layer")
        kind = data[place] << 8 | data[place + 1]
        if kind not in TAGS:
            return _inside_llc(data, place + 2, end) if kind < _LENGTHS else (kind, place + 2)
        place += 4
    raise WireError("a frame with too many tags")


def _inside_llc(data: bytes, place: int, end: int) -> tuple[int, int]:
    """The ethertype inside an 802.3 frame, 0 when it holds something else than SNAP."""
    if data[place : place + 3] != _SNAP or place + 8 > end:
        return 0, end
    return data[place + 6] << 8 | data[place + 7], place + 8


def read_cooked(data: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """(MAC address, ethertype, place) of a Linux cooked frame, LINKTYPE_LINUX_SLL. Raises WireError."""
    if start + 16 > end:
        raise WireError("a cooked frame is cut off")
    device, length = data[start + 2] << 8 | data[start + 3], data[start + 4] << 8 | data[start + 5]
    return (_mac(data, start + 6, device, length), *find_network(data, start + 14, end))


def read_cooked_2(data: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """(MAC address, ethertype, place) of a Linux cooked frame, LINKTYPE_LINUX_SLL2. Raises WireError."""
    if start + 20 > end:
        raise WireError("a cooked frame is cut off")
    kind, device = data[start] << 8 | data[start + 1], data[start + 8] << 8 | data[start + 9]
    mac = _mac(data, start + 12, device, data[start + 11])
    if kind in TAGS:  # the tag follows, then the ethertype
        return (mac, *find_network(data, start + 22, end))
    return mac, kind, start + 20


def _mac(data: bytes, place: int, device: int, length: int) -> bytes:
    return data[place : place + 6] if length == 6 and device in {_ARPHRD_ETHER, _ARPHRD_WIFI} else b""


def raw_ethertype(data: bytes, start: int, end: int) -> int:
    """What a packet without link layer is, by the version in its first byte; 0 for neither. Never raises."""
    version = data[start] >> 4 if start < end else 0
    return {4: IPV4, 6: IPV6}.get(version, 0)


def is_device(mac: bytes) -> bool:
    """Whether this is the address of one device: neither a group (IEEE 802, I/G bit), nor empty."""
    return len(mac) == 6 and not mac[0] & 1 and mac != b"\0\0\0\0\0\0"
