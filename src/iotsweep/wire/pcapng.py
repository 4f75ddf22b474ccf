"""pcapng (draft-ietf-opsawg-pcapng): several sections and interfaces, any clock, streaming."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from iotsweep.wire.error import WireError
from iotsweep.wire.frames import LONGEST_FRAME, MOST_EMPTY, Chunks, Frame, Link, Reading

_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
_MAGIC = b"\x0a\x0d\x0d\x0a"
_ORDERS = {bytes.fromhex("4d3c2b1a"): "<", bytes.fromhex("1a2b3c4d"): ">"}
_TIME_RESOLUTION, _TIME_OFFSET = 9, 14
_KEPT = frozenset({_ENHANCED, _OLD_PACKET, _SIMPLE, _INTERFACE})
_LONGEST_KEPT = LONGEST_FRAME + 65536  # a frame with its options; other blocks are never kept whole
_MOST_INTERFACES = 1024
_MOST_OPTIONS = 64


def is_pcapng(start: bytes) -> bool:
    """Whether a file that begins so is a pcapng capture."""
    return start[:4] == _MAGIC and start[8:12] in _ORDERS


class _Blocks:
    """The file as a buffer that moves on: `need` makes sure that so many bytes lie at `place`."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self.data = b""
        self.place = 0

    def need(self, count: int) -> bool:
        while len(self.data) - self.place < count:
            chunk = next(self._chunks, b"")
            if not chunk:
                return False
            self.data = self.data[self.place :] + chunk
            self.place = 0
        return True

    def skip(self, count: int) -> bool:
        """Pass over `count` bytes without keeping them."""
        while count > (left := len(self.data) - self.place):
            count -= left
            self.data, self.place = next(self._chunks, b""), 0
            if not self.data:
                return False
        self.place += count
        return True

    def rest(self) -> int:
        return len(self.data) - self.place


class _Section:
    """Byte order and interfaces of the section that is being read."""

    def __init__(self, order: str) -> None:
        self.links: list[Link | None] = []
        self.head = struct.Struct(order + "II").unpack_from
        self.packet = struct.Struct(order + "IIII").unpack_from  # interface, time (high, low), bytes kept
        self.order = order

    def add_interface(self, block: bytes) -> None:
        if len(self.links) >= _MOST_INTERFACES:
            return
        try:
            kind, _, snap = struct.unpack_from(self.order + "HHI", block, 8)
            rate, offset = self._clock(block)
        except struct.error:
            self.links.append(None)  # its frames cannot be read; the numbers of the others stay right
            return
        self.links.append(Link(kind, rate, offset, snap))

    def _clock(self, block: bytes) -> tuple[int, int]:
        rate, offset, place = 1_000_000, 0, 16
        for _ in range(_MOST_OPTIONS):
            if place + 8 > len(block):
                break
            code, length = struct.unpack_from(self.order + "HH", block, place)
            value = block[place + 4 : place + 4 + length]
            if code == 0:
                break
            if code == _TIME_RESOLUTION and value:
                power = value[0] & 0x7F
                rate = 2**power if value[0] & 0x80 else 10**power
            elif code == _TIME_OFFSET and len(value) == 8:
                offset = struct.unpack(self.order + "q", value)[0]
            place += 4 + length + (-length % 4)
        return rate, offset

    def link(self, number: int) -> Link | None:
        return self.links[number] if number < len(self.links) else None


def read_pcapng(chunks: Chunks, reading: Reading) -> Iterator[Frame]:
    """Every frame in turn; memory stays that of one chunk. Raises WireError when the first block is no section."""
    blocks = _Blocks(chunks)
    if not blocks.need(12) or not is_pcapng(blocks.data):
        raise WireError("no pcapng section header")
    section: _Section | None = None
    empty = 0
    while blocks.need(12):
        if blocks.data[blocks.place : blocks.place + 4] == _MAGIC:
            section = _open_section(blocks)
        kind, size = section.head(blocks.data, blocks.place) if section else (0, 0)
        if section is None or size < 12 or size % 4:
            reading.cut = "it is damaged: a block has a length that cannot be, so the rest was not read"
            return
        frame, whole = _read_block(blocks, section, kind, size)
        if frame:
            empty = empty + 1 if frame[1] == frame[2] else 0
            yield frame
        if not whole or empty > MOST_EMPTY:
            reading.cut = "the rest of it is empty" if whole else "it ends in the middle of a block"
            return
    if blocks.rest():
        reading.cut = "it ends in the middle of a block"


def _open_section(blocks: _Blocks) -> _Section | None:
    order = _ORDERS.get(blocks.data[blocks.place + 8 : blocks.place + 12])
    return _Section(order) if order else None


def _read_block(blocks: _Blocks, section: _Section, kind: int, size: int) -> tuple[Frame | None, bool]:
    """The frame of a block, if it holds one, and whether the block was there as a whole."""
    if kind not in _KEPT or size > _LONGEST_KEPT:
        return None, blocks.skip(size)
    if not blocks.need(size):
        return None, False
    frame = _read_frame(section, kind, blocks.data, blocks.place, size)
    blocks.place += size
    return frame, True


def _read_frame(section: _Section, kind: int, data: bytes, place: int, size: int) -> Frame | None:
    """The frame of a packet block; an interface is noted. None for what holds no frame."""
    if kind == _INTERFACE:
        section.add_interface(data[place : place + size])
        return None
    if kind == _SIMPLE:
        return _read_simple(section, data, place, size)
    if size < 32:
        return None
    number, high, low, length = section.packet(data, place + 8)
    if kind == _OLD_PACKET:  # two bytes of interface, two of drops
        number = struct.unpack_from(section.order + "H", data, place + 8)[0]
    link = section.link(number)
    if link is None or length > size - 32:
        return None
    return data, place + 28, place + 28 + length, high << 32 | low, link


def _read_simple(section: _Section, data: bytes, place: int, size: int) -> Frame | None:
    link = section.link(0)
    if link is None or size < 16:
        return None
    length = min(struct.unpack_from(section.order + "I", data, place + 8)[0], size - 16, link.snap or LONGEST_FRAME)
    return data, place + 12, place + 12 + length, 0, link
