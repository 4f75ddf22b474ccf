"""Opens what is to be read: packed or not, a file or standard input, piece by piece, hashed as it passes."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

STANDARD_INPUT = Path("-")
_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"


class CaptureError(Exception):
    """A file that cannot be read as a capture; one sentence that names the file and the remedy."""


class Source:
    """One file: `start` is how its content begins, `pieces` is all of it, `close` gives the hash of what lies there."""

    def __init__(self, path: Path, stop: Callable[[], bool]) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path.name
        self.broken = ""  # why the packed content was not unpacked to its end
        self._stop = stop
        self._hash = hashlib.sha256()
        self._hasher = ThreadPoolExecutor(1)  # hashing lets go of the interpreter, so it costs the reading no time
        self._hashing: Future[None] | None = None
        try:
            self._file: BinaryIO = sys.stdin.buffer if path == STANDARD_INPUT else path.open("rb")
            first = self._read_piece()
        except OSError as error:
            raise CaptureError(f"{path} cannot be read ({error.strerror or error}): give the name of a file") from error
        self._content = self._unpack(first) if first.startswith(_GZIP) else self._plain(first)
        self.start = next(self._content, b"")

    def pieces(self) -> Iterator[bytes]:
        """The content, unpacked, from its beginning."""
        yield self.start
        yield from self._content

    def close(self) -> str:
        """Read on to the end, so that the hash is that of the whole file, and return it; "" when that was stopped."""
        try:
            while self._read_piece():
                continue
        finally:
            if self._file is not sys.stdin.buffer:
                self._file.close()
            self._hasher.shutdown()
        return "" if self._stop() else self._hash.hexdigest()

    def is_stopped(self) -> bool:
        """Whether somebody wanted the reading to end."""
        return self._stop()

    def _read_piece(self) -> bytes:
        if self._stop():
            return b""
        piece = self._file.read(_PIECE)
        if self._hashing is not None:
            self._hashing.result()
        self._hashing = self._hasher.submit(self._hash.update, piece)
        return piece

    def _plain(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            yield piece
            piece = self._read_piece()

    def _unpack(self, piece: bytes) -> Iterator[bytes]:
        """gzip (RFC 1952), also of several parts one after the other; each step unpacks one piece at most."""
        unpacker, begun = zlib.decompressobj(wbits=31), False
        while piece:
            begun = True
            try:
                content = unpacker.decompress(piece, _PIECE)
            except zlib.error:
                self.broken = "its packed content is damaged, so the rest was not read"
                return
            if content:
                yield content
            piece = unpacker.unconsumed_tail
            if unpacker.eof:
                piece = unpacker.unused_data or self._read_piece()
                unpacker, begun = zlib.decompressobj(wbits=31), False
                if not piece.startswith(_GZIP):  # padding, as tapes have it
                    return
            piece = piece or self._read_piece()
        if begun and not self._stop():
            self.broken = "its packed content ends too early"
