"""pcap, the classic capture format (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, streaming."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain

from iotsweep.wire.error import WireError
from iotsweep.wire.frames import LONGEST_FRAME, MOST_EMPTY, Chunks, Frame, Link, Reading

_HEADER = 24
# The magic number in the order in which it lies in the file: byte order, ticks per second, size of a record's header.
_MAGIC = {
    bytes.fromhex("d4c3b2a1"): ("<", 1_000_000, 16),
    bytes.fromhex("a1b2c3d4"): (">", 1_000_000, 16),
    bytes.fromhex("4d3cb2a1"): ("<", 1_000_000_000, 16),
    bytes.fromhex("a1b23c4d"): (">", 1_000_000_000, 16),
    bytes.fromhex("34cdb2a1"): ("<", 1_000_000, 24),  # Kuznetzov's variant: eight more bytes in each header
    bytes.fromhex("a1b2cd34"): (">", 1_000_000, 24),
}


def is_pcap(start: bytes) -> bool:
    """Whether a file that begins so is a pcap capture."""
    return start[:4] in _MAGIC


def read_pcap(chunks: Chunks, reading: Reading) -> Iterator[Frame]:
    """Every frame in turn; memory stays that of one chunk. Raises WireError when there is no whole file header."""
    data = b""
    while len(data) < _HEADER and (chunk := next(chunks, b"")):
        data += chunk
    if len(data) < _HEADER or not is_pcap(data):
        raise WireError("no pcap file header")
    # No generator stands between this and the frames: one more step for each of them would be felt.
    return chain.from_iterable(_read_buffers(data, chunks, reading))


def _read_buffers(data: bytes, chunks: Chunks, reading: Reading) -> Iterator[Iterator[Frame]]:
    """The frames of one buffer after the other; what is left of one is put in front of the next."""
    records = _Records(data, reading)
    yield records.read(data, _HEADER)
    rest = data[records.place :]
    while not reading.cut and (chunk := next(chunks, b"")):
        data = rest + chunk
        yield records.read(data, 0)
        rest = data[records.place :]
    if rest and not reading.cut:
        reading.cut = "it ends in the middle of a frame"


class _Records:
    """Reads the records of one file, buffer by buffer; `place` is where the next one begins."""

    def __init__(self, start: bytes, reading: Reading) -> None:
        order, rate, self._size = _MAGIC[start[:4]]
        self._rate = rate
        self._link = Link(struct.unpack_from(order + "I", start, 20)[0] & 0xFFFF, rate)
        self._unpack = struct.Struct(order + "IIII").unpack_from
        self._reading = reading
        self._empty = 0
        self.place = 0

    def read(self, data: bytes, place: int) -> Iterator[Frame]:
        """Every whole frame of the buffer."""
        unpack, size, rate, link, whole = self._unpack, self._size, self._rate, self._link, len(data)
        last = whole - size
        while place <= last:
            seconds, fraction, length, _ = unpack(data, place)
            start = place + size
            end = start + length
            if (end > whole or not length) and self._must_stop(length):
                break
            yield data, start, end, seconds * rate + fraction, link
            place = end
        self.place = place

    def _must_stop(self, length: int) -> bool:
        """Whether a frame that is empty, or not wholly in the buffer, ends the reading of the buffer or of the file."""
        if length > LONGEST_FRAME:
            self._reading.cut = f"it is damaged: a frame of {length} bytes cannot be, so the rest was not read"
            return True
        self._empty += not length
        if self._empty > MOST_EMPTY:
            self._reading.cut = "the rest of it is empty"
        return bool(length or self._reading.cut)
