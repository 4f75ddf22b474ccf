"""Listening at the link layer: frames to everybody, to groups and ARP, in. Nothing ever goes out through here.

The interface is not made promiscuous, so nobody else's conversations are heard: only what is sent to all or to this
laptop. Frames that the laptop itself sends are left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from iotsweep.model import Scope
from iotsweep.network import link
from iotsweep.network.link import LinkError

__all__ = ["Ear", "LinkError", "listen"]

_ETH_P_ALL = 0x0003
_SOL_PACKET, _ADD_MEMBERSHIP, _ALLMULTI = 263, 1, 2  # linux/if_packet.h
_AUXDATA = 8  # linux/if_packet.h: the kernel takes VLAN tags out of frames and hands them over beside
_AUX = struct.Struct("=IIIHHHH")  # struct tpacket_auxdata
_TAGGED, _TYPE_KNOWN = 1 << 4, 1 << 6  # TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID
_SO_ATTACH_FILTER = 26
_LONGEST = 9216  # bytes of a frame: jumbo frames end here
_MOST_FRAMES = 4096
_BURST = 256  # frames taken per turn of the event loop

# Broadcast (1) and multicast (2) frames, and ARP to this laptop; linux/filter.h, SKF_AD_OFF + SKF_AD_PKTTYPE.
_TO_ALL_OR_ARP = (
    (0x28, 0, 0, 0xFFFFF004),  # ld packet type
    (0x15, 5, 0, 4),  # our own: drop
    (0x15, 3, 0, 1),  # broadcast: keep
    (0x15, 2, 0, 2),  # multicast: keep
    (0x28, 0, 0, 12),  # ldh ethertype
    (0x15, 0, 1, 0x0806),  # ARP: keep
    (0x06, 0, 0, 0x40000),
    (0x06, 0, 0, 0),
)


class Ear:
    """An open ear. Frames wait up to a number; `dropped` counts the rest."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self.dropped = 0

    def keep(self, frame: bytes) -> None:
        """Take in one frame."""
        if len(self._waiting) >= _MOST_FRAMES:
            self.dropped += 1
            return
        self._waiting.append(frame)
        self._arrived.set()

    async def receive(self, timeout: float) -> bytes | None:
        """The next frame, or None after `timeout` seconds."""
        if not self._waiting:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._arrived.wait()
        return self._waiting.popleft() if self._waiting else None


@asynccontextmanager
async def listen(scope: Scope) -> AsyncIterator[Ear]:
    """Hear what reaches the scope's interface. Raises LinkError without the rights, with what would mend it."""
    ear = Ear()
    stop = _open_linux(scope, ear) if sys.platform.startswith("linux") else await _open_elsewhere(scope, ear)
    try:
        yield ear
    finally:
        stop()


def _open_linux(scope: Scope, ear: Ear) -> Callable[[], None]:
    try:
        own = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # protocol 0: nothing comes before all is set
    except OSError as error:
        raise LinkError("listening at the link layer needs administrator rights: run it with sudo") from error
    try:
        own.setblocking(False)
        _attach(own)
        # Group frames pass the card without joining the groups, which would be told to the network (IGMP).
        request = struct.pack("=iHH8s", socket.if_nametoindex(scope.interface), _ALLMULTI, 0, b"")
        own.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, request)
        own.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        own.bind((scope.interface, _ETH_P_ALL))
    except OSError as error:
        own.close()
        raise LinkError(f"the link layer of {scope.interface} does not open ({error.strerror or error})") from error
    loop, number = asyncio.get_running_loop(), own.fileno()

    def read() -> None:
        try:
            for _ in range(_BURST):
                frame, beside, _, _ = own.recvmsg(_LONGEST, socket.CMSG_SPACE(_AUX.size))
                ear.keep(put_tag_back(frame, beside))
        except BlockingIOError:
            return
        except OSError:  # the interface went away: nothing more will come
            loop.remove_reader(number)

    def stop() -> None:
        loop.remove_reader(number)
        own.close()

    loop.add_reader(number, read)
    return stop


def put_tag_back(frame: bytes, beside: list[tuple[int, int, bytes]]) -> bytes:
    """The frame as it was on the wire: with its VLAN tag, where the kernel has handed that over beside it."""
    for level, kind, data in beside:
        if (level, kind) == (_SOL_PACKET, _AUXDATA) and len(data) >= _AUX.size:
            status, _, _, _, _, tag, protocol = _AUX.unpack_from(data)
            if status & _TAGGED:
                ethertype = protocol if status & _TYPE_KNOWN else 0x8100
                return frame[:12] + struct.pack("!HH", ethertype, tag) + frame[12:]
    return frame


def _attach(own: socket.socket) -> None:
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _TO_ALL_OR_ARP))
    filter_ = struct.pack("@HP", len(_TO_ALL_OR_ARP), ctypes.addressof(program))
    own.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_)


async def _open_elsewhere(scope: Scope, ear: Ear) -> Callable[[], None]:
    """macOS and Windows: scapy's capture handle, read in a thread of its own, and filtered here."""
    own = await asyncio.to_thread(link.open_socket, scope, _ETH_P_ALL)
    loop, closed = asyncio.get_running_loop(), threading.Event()
    mine = bytes.fromhex(scope.mac.replace(":", ""))

    def read() -> None:
        while not closed.is_set():
            try:
                frame = own.recv_raw()[1]
            except (OSError, ValueError):
                return
            if frame and is_for_all(frame, mine) and not closed.is_set():
                with contextlib.suppress(RuntimeError):  # the loop ended first
                    loop.call_soon_threadsafe(ear.keep, bytes(frame))

    def stop() -> None:
        closed.set()
        with contextlib.suppress(OSError):
            own.close()

    threading.Thread(target=read, daemon=True).start()
    return stop


def is_for_all(frame: bytes, own: bytes) -> bool:
    """Whether a frame goes to everybody or a group, or is ARP, and is not this laptop's own."""
    return len(frame) >= 14 and frame[6:12] != own and bool(frame[0] & 1 or frame[12:14] == b"\x08\x06")
