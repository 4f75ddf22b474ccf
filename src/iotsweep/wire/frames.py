"""What every capture format hands on: one frame as a place in a buffer, without an object of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

# libpcap's MAXIMUM_SNAPLEN: no link that this tool reads has longer frames.
LONGEST_FRAME = 262144
# So many records in a row without a byte in them: the rest of the file is a hole, not a capture.
MOST_EMPTY = 1000
_LATEST = 253402300799  # 9999-12-31T23:59:59, the last second that a datetime can hold
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """What frames of one interface are: the link type (tcpdump.org, LINKTYPE_), and how their time is counted."""

    type: int
    rate: int = 1_000_000  # ticks per second
    offset: int = 0  # seconds to be added
    snap: int = 0  # the most bytes that were kept of a frame, 0 when nobody said


Frame: TypeAlias = tuple[bytes, int, int, int, Link]  # buffer, start, end, ticks since 1970, link


@dataclass(slots=True)
class Reading:
    """Why a capture was not read to its end, "" when it was."""

    cut: str = ""


Chunks: TypeAlias = Iterator[bytes]


def time_of(ticks: int, link: Link) -> str:
    """A frame's time, ISO 8601 in UTC with microseconds and a trailing Z; absurd times become the nearest possible."""
    micros = ticks * 1_000_000 // link.rate + link.offset * 1_000_000
    micros = min(max(micros, 0), _LATEST * 1_000_000)
    return (_EPOCH + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
