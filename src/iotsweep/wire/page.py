"""What a web page says in its head: its title, and where its icon lies (HTML Living Standard, 4.2 and 4.6.7)."""

from __future__ import annotations

import codecs
import html
import re

_LONGEST_LOOK = 64 << 10  # bytes of a page that are looked at
_LONGEST_TITLE = 1024
_TITLE = re.compile(r"<title(?:\s[^<>]{0,256})?>([^<]{0,4096})", re.IGNORECASE)
_LINK = re.compile(r"<link\s([^<>]{1,1024})>", re.IGNORECASE)
_ICON = re.compile(r"""\brel\s*=\s*["']?(?:shortcut )?icon\b""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_TEXT_CODECS = re.compile(r"utf-8|utf-16|ascii|gb.*|hz|big5.*|euc.*|shift.*|cp\d+|iso8859.*|koi8.*|johab")


def decode_title(page: bytes, content_type: str = "") -> str:
    """The first title of a page, its entities decoded; "" when it has none."""
    title = _TITLE.search(_text(page, content_type))
    return " ".join(html.unescape(title[1][:_LONGEST_TITLE]).split()) if title else ""


def icon_path(page: bytes, content_type: str = "") -> str:
    """Where the page says that its icon lies, as it is written there; "" when it does not say."""
    for link in _LINK.finditer(_text(page, content_type)):
        href = _HREF.search(link[1]) if _ICON.search(link[1]) else None
        if href:
            return html.unescape(href[1] or href[2] or href[3] or "").strip()
    return ""


def is_page(page: bytes, content_type: str = "") -> bool:
    """True for what looks like HTML, whatever it calls itself."""
    start = page[:1024].lower()
    return "html" in content_type.lower() or b"<html" in start or b"<!doctype html" in start or b"<head" in start


def _text(page: bytes, content_type: str) -> str:
    page = page[:_LONGEST_LOOK]
    said = _CHARSET.search(content_type) or _CHARSET.search(page[:2048].decode("latin-1"))
    if page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page.decode("utf-16", "replace")
    return page.decode(_codec(said[1] if said else "utf-8"), "replace")


def _codec(name: str) -> str:
    """A codec for text that Python knows under this name, else UTF-8: "rot13" and its like are none."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    return found if _TEXT_CODECS.fullmatch(found) else "utf-8"
