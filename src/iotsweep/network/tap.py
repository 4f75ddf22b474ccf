"""Exact counting: every frame that leaves the interface, laid to the probe whose it is.

Linux only, and only with the right to open packet sockets; elsewhere the ledger counts at the socket. A ring that
the kernel fills (PACKET_RX_RING, TPACKET_V2: Documentation/networking/packet_mmap.rst) keeps up with bursts, and a
filter in the kernel lets outgoing frames through only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import mmap
import socket
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from iotsweep.model import Scope
from iotsweep.network.frames import describe_frame
from iotsweep.network.ledger import ON_THE_WIRE
from iotsweep.network.shared import Shared

SYSTEM = "system"  # what no probe sent: the kernel's address resolution, group membership, other programs

_SOL_PACKET, _PACKET_RX_RING, _PACKET_STATISTICS, _PACKET_VERSION = 263, 5, 6, 10  # linux/if_packet.h
_TPACKET_V2 = 1
_ETH_P_ALL = 0x0003
_SO_ATTACH_FILTER = 26
_SLOT = 256  # bytes per frame: the kernel's 32-byte header and 20-byte address, and the frame's own headers
_SLOTS = 8192
_BLOCK = 1 << 16
_HEADER = struct.Struct("=IIIHH")  # tp_status, tp_len, tp_snaplen, tp_mac, tp_net
_STATUS = struct.Struct("=I")
_FREE = 0

# ld pkt_type; jeq PACKET_OUTGOING ? accept : drop (linux/filter.h; the ancillary offset is SKF_AD_OFF + SKF_AD_PKTTYPE)
_OUTGOING_ONLY = (
    (0x28, 0, 0, 0xFFFFF004),
    (0x15, 0, 1, 4),
    (0x06, 0, 0, 0x40000),
    (0x06, 0, 0, 0),
)


class Tap:
    """The running count. `limits` says in sentences what it could not do."""

    def __init__(self, scope: Scope, shared: Shared) -> None:
        self._scope = scope
        self._shared = shared
        self._socket: socket.socket | None = None
        self._ring: mmap.mmap | None = None
        self._next = 0
        self._limits: list[str] = []

    @property
    def limits(self) -> tuple[str, ...]:
        """What could not be counted, one sentence each."""
        return tuple(self._limits)

    def start(self) -> None:
        """Begin to count on the wire, or say in `limits` why the socket is counted instead."""
        if not sys.platform.startswith("linux"):
            self._limits.append("What was sent is counted at the socket: this system shows no sent frames.")
            return
        try:
            self._socket, self._ring = _open_ring(self._scope.interface)
            asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)
        except (OSError, ValueError) as error:
            self._release()
            self._limits.append(f"What was sent is counted at the socket, not on the wire ({error}).")
            return
        self._shared.ledger.counted = ON_THE_WIRE

    def stop(self) -> None:
        """Count what is still in the ring, say what was lost, and end."""
        if self._socket is None:
            return
        self._read()
        with contextlib.suppress(OSError):
            lost = struct.unpack("=II", self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))[1]
            if lost:
                self._limits.append(f"{lost} sent frames could not be counted, because too many left at once.")
        self._release()

    def _release(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
        if self._ring is not None:
            self._ring.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._ring = None

    def _read(self) -> None:
        """Count every frame that the kernel has handed over, oldest first."""
        ring = self._ring
        if ring is None or self._socket is None:
            return
        for taken in range(_SLOTS):
            start = self._next * _SLOT
            status, length, kept, offset, _ = _HEADER.unpack_from(ring, start)
            if status == _FREE:
                if not taken:
                    self._check_interface()
                return
            begin = start + offset
            self._count(ring[begin : begin + min(kept, _SLOT - offset)], length)
            _STATUS.pack_into(ring, start, _FREE)
            self._next = (self._next + 1) % _SLOTS

    def _check_interface(self) -> None:
        """The socket woke without a frame: an error such as an interface that is gone."""
        assert self._socket is not None
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            sentence = f"The interface {self._scope.interface} went down or away while the check ran."
            if sentence not in self._limits:
                self._limits.append(sentence)

    def _count(self, frame: bytes, length: int) -> None:
        sent = describe_frame(frame)
        shared = self._shared
        if sent.protocol == "arp":
            probe = shared.arp_owner(sent.address)
        else:
            probe = shared.local_ports.get((sent.protocol, sent.source)) if sent.source is not None else None
        owner = probe or shared.claimed.get(sent.address) or SYSTEM
        shared.ledger.add(owner, sent.address, sent.protocol, sent.port, 1, length)


@asynccontextmanager
async def open_tap(scope: Scope, shared: Shared) -> AsyncIterator[Tap]:
    """Count what leaves while this is open. Never fails: where it cannot count, `Tap.limits` says so."""
    tap = Tap(scope, shared)
    tap.start()
    try:
        yield tap
    finally:
        tap.stop()


def _open_ring(interface: str) -> tuple[socket.socket, mmap.mmap]:
    own = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # protocol 0: nothing comes before all is set
    try:
        _attach(own)
        own.setsockopt(_SOL_PACKET, _PACKET_VERSION, _TPACKET_V2)
        size = _SLOT * _SLOTS
        own.setsockopt(_SOL_PACKET, _PACKET_RX_RING, struct.pack("=IIII", _BLOCK, size // _BLOCK, _SLOT, _SLOTS))
        ring = mmap.mmap(own.fileno(), size)
        own.bind((interface, _ETH_P_ALL))
    except BaseException:
        own.close()
        raise
    return own, ring


def _attach(own: socket.socket) -> None:
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _OUTGOING_ONLY))
    own.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(_OUTGOING_ONLY), ctypes.addressof(program))
    )
