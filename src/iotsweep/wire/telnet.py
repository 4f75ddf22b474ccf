"""Telnet: what a server says before anyone answers it (RFC 854); its negotiation is taken out, never answered."""

from __future__ import annotations

import re

from iotsweep.wire.error import WireError

LONGEST_GREETING = 4096  # bytes
_IAC = b"\xff"  # "interpret as command"
_COMMAND = re.compile(
    rb"\xff(?:\xfa(?:[^\xff]|\xff\xff){0,512}(?:\xff\xf0|$)"  # SB ... SE, a subnegotiation
    rb"|[\xfb-\xfe][\x00-\xff]?"  # WILL, WONT, DO, DONT and their option
    rb"|(\xff)"  # a doubled IAC is the byte itself
    rb"|[\xf0-\xf9]?)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|[()][A-Z0-9]|.)?")  # ECMA-48 control sequences


def decode_telnet(data: bytes) -> str:
    """The greeting's text, "" when the server only negotiates. Raises WireError for what is neither."""
    data = data[:LONGEST_GREETING]
    if not data:
        raise WireError("the server said nothing")
    text = _ESCAPE.sub(
        "", _COMMAND.sub(lambda match: match[1] or b"", data).replace(b"\0", b"").decode("utf-8", "replace")
    )
    shown = sum(character.isprintable() or character.isspace() for character in text)
    if _IAC not in data and shown < 0.9 * len(text):
        raise WireError("this greeting is neither text nor telnet negotiation")
    return " ".join(text.split())
