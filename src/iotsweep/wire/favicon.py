"""The icon of a device's web page: the same firmware carries the same icon, byte for byte."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urljoin, urlsplit

from iotsweep.wire.error import WireError
from iotsweep.wire.http import HttpReply, unpack
from iotsweep.wire.page import icon_path, is_page

LONGEST_ICON = 64 << 10  # bytes
_PORTS = {"http": 80, "https": 443}
_PATH = re.compile(r"/[!-~]{0,511}")


def find_icon(page: HttpReply, address: str) -> str | None:
    """The path of the icon of the page at this address (a URL), None when this reply is no page that has one."""
    if not (200 <= page.head.status < 300 or page.head.status == 401):
        return None
    kind = page.head.first("content-type")
    try:
        body = unpack(page)
    except WireError:
        return None
    return (
        same_place(icon_path(body, kind) or "/favicon.ico", address) or "/favicon.ico" if is_page(body, kind) else None
    )


def same_place(link: str, address: str) -> str | None:
    """The path and query of a link if it stays at the scheme, host and port of this address (a URL), else None."""
    try:
        here, there = urlsplit(address), urlsplit(urljoin(address, link))
        stays = _origin(here) == _origin(there)
    except ValueError:
        return None
    path = (there.path or "/") + (f"?{there.query}" if there.query else "")
    return path if link and stays and _PATH.fullmatch(path) else None


def _origin(place: SplitResult) -> tuple[str, str | None, int | None]:
    """Scheme, host and port (RFC 6454 section 4)."""
    return place.scheme, place.hostname, place.port or _PORTS.get(place.scheme)


def icon_facts(reply: HttpReply, port: int) -> dict[str, str]:
    """The icon's MD5, as public favicon lists have it; nothing when the reply is no icon."""
    try:
        icon = unpack(reply)
    except WireError:
        return {}
    sound = reply.head.status == 200 and reply.whole and 0 < len(icon) <= LONGEST_ICON
    if not sound or is_page(icon, reply.head.first("content-type")):
        return {}
    return {"http.favicon": hashlib.md5(icon, usedforsecurity=False).hexdigest(), "http.port": str(port)}
