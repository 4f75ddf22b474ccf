"""SSH: the identification line that a server sends unasked (RFC 4253 section 4.2)."""

from __future__ import annotations

from iotsweep.wire.error import WireError

LONGEST_GREETING = 4096  # bytes; lines may come before the identification


def decode_ssh(data: bytes) -> str:
    """The identification line, such as "SSH-2.0-dropbear_2022.83". Raises WireError."""
    for line in data[:LONGEST_GREETING].split(b"\n"):
        if line.startswith(b"SSH-"):
            return line[:255].rstrip(b"\r").decode("utf-8", "replace")
    raise WireError("no line of this greeting begins with SSH-")


def is_complete(data: bytes) -> bool:
    """True once the identification line is whole."""
    start = data.find(b"SSH-")
    return len(data) >= LONGEST_GREETING or (start >= 0 and data.find(b"\n", start) > 0)
