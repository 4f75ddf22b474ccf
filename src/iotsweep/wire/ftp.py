"""FTP: the greeting that a server sends unasked (RFC 959 section 4.2 and 5.4)."""

from __future__ import annotations

import re

from iotsweep.wire.error import WireError

LONGEST_GREETING = 4096  # bytes
_REPLY = re.compile(rb"(?:120|220|421|5[0-9]{2})([ -])([^\r\n]{0,512})")
_CODE = re.compile(r"[0-9]{3}[ -]")


def decode_ftp(data: bytes) -> str:
    """The text of the greeting without its reply codes, its lines joined by spaces. Raises WireError."""
    data = data[:LONGEST_GREETING]
    if not _REPLY.match(data):
        raise WireError("this greeting does not begin with a reply code of FTP")
    lines = data.decode("utf-8", "replace").splitlines()[:32]
    return " ".join(
        _CODE.sub("", line, count=1).strip() if _CODE.match(line) else line.strip() for line in lines
    ).strip()


def is_complete(data: bytes) -> bool:
    """True once the last line of the greeting is there: its code is followed by a space, not a dash."""
    last = re.compile(rb"(?:^|\n)[0-9]{3} [^\n]*\n")
    return len(data) >= LONGEST_GREETING or bool(last.search(data))
