"""SSDP messages over UDP (UPnP Device Architecture 2.0, section 1): searches, replies to them, announcements."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iotsweep.wire.error import WireError

GROUP, PORT = "239.255.255.250", 1900
_LARGEST = 8192  # bytes; replies fit one datagram
_MOST_HEADERS = 40
_LONGEST_NAME = 40


class SsdpKind(StrEnum):
    """What a message is. A search is a question and says nothing of who asks."""

    REPLY = "reply"
    ALIVE = "alive"
    GONE = "gone"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class SsdpMessage:
    """One message; header names in lower case, the first of two equal ones counts."""

    kind: SsdpKind
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str:
        """The value of a header, "" when it is missing."""
        return dict(self.headers).get(name, "")


def encode_search(target: str, wait: int) -> bytes:
    """An M-SEARCH for `target`; devices answer after a random delay of up to `wait` seconds (MX)."""
    lines = ("M-SEARCH * HTTP/1.1", f"HOST: {GROUP}:{PORT}", 'MAN: "ssdp:discover"', f"MX: {wait}", f"ST: {target}")
    return "\r\n".join((*lines, "", "")).encode("ascii")


def decode_message(data: bytes) -> SsdpMessage:
    """The message. Tolerates lone line feeds, missing ends and padding; raises WireError for anything else."""
    lines = data[:_LARGEST].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headers: dict[str, str] = {}
    for line in lines[1 : _MOST_HEADERS + 1]:
        if not line.strip("\0 \t"):
            break
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if colon and 0 < len(name) <= _LONGEST_NAME and all(c.isalnum() or c in "-._" for c in name):
            headers.setdefault(name, value.strip())
    return SsdpMessage(_kind(lines[0], headers), tuple(headers.items()))


def _kind(first: str, headers: dict[str, str]) -> SsdpKind:
    words = first.strip().upper().split()
    if len(words) >= 2 and words[0].startswith("HTTP/1.") and words[1] == "200":
        return SsdpKind.REPLY
    if words[:1] == ["NOTIFY"]:
        return SsdpKind.GONE if "byebye" in headers.get("nts", "").lower() else SsdpKind.ALIVE
    if words[:1] == ["M-SEARCH"]:
        return SsdpKind.SEARCH
    raise WireError("neither a search, a reply nor an announcement")


_NAMED = {"usn": "ssdp.usn", "server": "ssdp.server", "location": "ssdp.location"}
_PASSING = frozenset({"st", "nt", "nts", "host", "date", "ext", "cache-control", "man", "mx", "content-length"})


def to_facts(message: SsdpMessage) -> dict[str, str]:
    """The facts of a reply or an announcement; no facts for a search or a goodbye."""
    if message.kind not in {SsdpKind.REPLY, SsdpKind.ALIVE}:
        return {}
    facts = {"ssdp.st": message.header("st") or message.header("nt")}
    for name, value in message.headers:
        if name in _NAMED:
            facts[_NAMED[name]] = value
        elif name not in _PASSING:
            facts[f"ssdp.header.{name}"] = value
    return {key: value for key, value in facts.items() if value}
