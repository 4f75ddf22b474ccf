"""pcap, the classic capture format (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, streaming."""

from __future__ import annotations

import struct
from collections.abc import Iterator

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
    order, rate, size = _MAGIC[data[:4]]
    link = Link(struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF, rate)
    unpack = struct.Struct(order + "IIII").unpack_from
    place, empty, whole = _HEADER, 0, len(data)
    while True:
        last = whole - size
        while place <= last:
            seconds, fraction, length, _ = unpack(data, place)
            start = place + size
            end = start + length
            if end > whole or not length:
                if length > LONGEST_FRAME:
                    reading.cut = f"it is damaged: a frame of {length} bytes cannot be, so the rest was not read"
                    return
                if length:
                    break
                empty += 1
                if empty > MOST_EMPTY:
                    reading.cut = "the rest of it is empty"
                    return
            yield data, start, end, seconds * rate + fraction, link
            place = end
        chunk = next(chunks, b"")
        if not chunk:
            break
        data = data[place:] + chunk
        place, whole = 0, len(data)
    if place < whole:
        reading.cut = "it ends in the middle of a frame"
