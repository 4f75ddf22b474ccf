"""Personal values and what stands for them: the same value always the same placeholder, as in [name 1]."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from iotsweep.catalogue.personal import ADDRESS, HARDWARE, LOOKED_UP, NAME, PLACE, SERIAL, TEXT, WIFI

_TOKEN = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"(?:\d.*){6}|[0-9a-f]{12}")  # a serial number, even where a product states it
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MAC = re.compile(r"[0-9a-f]{2}(?:([:.\-]?)[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}")
_DOMAIN = re.compile(r"\.(?:local|lan|home|home\.arpa|localdomain|fritz\.box)\.?$")
# How many letters and digits a value has at least that is looked for inside other text: names are short, but of what
# may be anything, "on", "false" and "80" stand in many sentences.
_SHORTEST = {NAME: 2, PLACE: 2, WIFI: 2, TEXT: 6, LOOKED_UP: 6}
_SHORTEST_OTHER, _SHORTEST_NUMBER = 4, 6
_PATTERNS = (
    (HARDWARE, re.compile(r"(?<![0-9a-z])[0-9a-f]{2}([:\-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-z])", re.I)),
    (HARDWARE, re.compile(r"(?<![0-9a-z])(?=[0-9]{0,11}[a-f])[0-9a-f]{12}(?![0-9a-z])", re.I)),
    (SERIAL, re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)),
    (ADDRESS, re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\d.]*\d)")),
    (ADDRESS, re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?:/\d{1,3})?(?![\w:])", re.I)),
    (TEXT, re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")),
)


class Placeholders:
    """Gives every personal value its placeholder, and finds the values again inside other text."""

    def __init__(self, ordinary: Iterable[str]) -> None:
        """`ordinary`: texts of the product and of its makers; a name made of their words alone gives nobody away."""
        self._ordinary = {word for text in ordinary for word in _words(text) if not _NUMBERED.search(word)}
        self._given: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._known: dict[str, str] = {}
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)  # of the known values, by their first word

    def put(self, sort: str, value: str) -> str:
        """What stands for `value`; an empty one needs nothing."""
        key = _key(value)
        if not value or key in self._given:
            return self._given.get(key, value)
        self._counts[sort] += 1
        self._given[key] = placeholder = f"[{sort} {self._counts[sort]}]"
        self._remember(sort, _EDGES.sub("", _fold(value)), placeholder)
        self._remember(sort, key, placeholder)
        return placeholder

    def put_address(self, value: str, *, only_home: bool = False) -> str:
        """The same for an address or a network, but for groups and everybody: they are nobody's.

        `only_home`: a version number can look like an address, but hardly like one that a home router gives.
        """
        address = _read_address(value)
        if address and (address.is_multicast or address.is_unspecified or value == "255.255.255.255"):
            return value
        if only_home and not (address and (address.is_private or address.is_link_local)):
            return value
        return self.put(ADDRESS, value)

    def is_ordinary(self, value: str) -> bool:
        """Whether `value` is made of the product's own words alone."""
        return set(_words(value)) <= self._ordinary

    def hide(self, text: str, *, only_home: bool = False) -> str:
        """`text` with a placeholder wherever it names a personal value that was put, or an address of any kind."""
        parts = [part if known else self._hide_patterns(part, only_home) for part, known in self._split(text)]
        return "".join(parts)

    def _remember(self, sort: str, folded: str, placeholder: str) -> None:
        words = _words(folded)
        length = sum(map(len, words))
        shortest = _SHORTEST_NUMBER if folded.isdecimal() else _SHORTEST.get(sort, _SHORTEST_OTHER)
        if length >= shortest and not self.is_ordinary(folded):
            self._known.setdefault(folded, placeholder)
            self._lengths[words[0]].add(len(folded))

    def _split(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in parts, and whether a part is a placeholder already."""
        folded, done = _fold(text), 0
        for token in _TOKEN.finditer(folded):
            if token.start() < done:
                continue
            for length in sorted(self._lengths.get(token[0], ()), reverse=True):
                end = token.start() + length
                placeholder = self._known.get(folded[token.start() : end])
                if placeholder and not folded[end : end + 1].isalnum():
                    yield text[done : token.start()], False
                    yield placeholder, True
                    done = end
                    break
        yield text[done:], False

    def _hide_patterns(self, text: str, only_home: bool) -> str:
        for sort, pattern in _PATTERNS:
            if sort == ADDRESS:
                text = pattern.sub(lambda found: self._hide_address(found[0], only_home), text)
            else:
                text = pattern.sub(lambda found, sort=sort: self.put(sort, found[0]), text)  # type: ignore[misc]
        return text

    def _hide_address(self, text: str, only_home: bool) -> str:
        return self.put_address(text, only_home=only_home) if _read_address(text) else text


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("/")[0])
    except ValueError:
        return None


def _key(value: str) -> str:
    """What two ways of writing one value have in common."""
    folded = _fold(value).strip()
    if _MAC.fullmatch(folded):
        return re.sub(r"[:.\-]", "", folded)
    folded = folded.removeprefix("urn:").removeprefix("uuid:")
    return _DOMAIN.sub("", folded) or folded


def _fold(text: str) -> str:
    """Lower case, letter for letter, so that places in the text stay."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(_fold(text))
