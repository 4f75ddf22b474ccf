"""The icon of a device's web page: the same firmware carries the same icon, byte for byte."""

from __future__ import annotations

import hashlib
from urllib.parse import urljoin, urlsplit

from iotsweep.wire.error import WireError
from iotsweep.wire.http import HttpReply, unpack
from iotsweep.wire.page import icon_path, is_page

LONGEST_ICON = 64 << 10  # bytes


def find_icon(page: HttpReply, host: str, port: int) -> str | None:
    """The path of the icon on the same host, None when this reply is no page that has one."""
    if not (200 <= page.head.status < 300 or page.head.status == 401):
        return None
    kind = page.head.first("content-type")
    try:
        body = unpack(page)
    except WireError:
        return None
    if not is_page(body, kind):
        return None
    return same_place(icon_path(body, kind), host, port) or "/favicon.ico"


def same_place(link: str, host: str, port: int) -> str | None:
    """The path and query of a link if it stays at this host and port, else None."""
    try:
        there = urlsplit(urljoin(f"http://{host}:{port}/", link))
        stays = there.scheme in {"http", "https"} and there.hostname == host and there.port in {port, None}
    except ValueError:
        return None
    path = (there.path or "/") + (f"?{there.query}" if there.query else "")
    return path if link and stays and path.isascii() and path.isprintable() and " " not in path else None


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
