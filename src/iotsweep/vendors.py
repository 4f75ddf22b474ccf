"""Who made the network chip: our own table of the IEEE registers, longest prefix first, never the network."""

from __future__ import annotations

import functools
import hashlib
import re
import sys
import types
import zlib
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "data" / "mac-vendors.tsv.gz"
_LONGEST_TABLE = 16 << 20  # bytes unpacked; today's table has 1.8 MB
_LOCAL_BIT = 0x02  # IEEE 802-2014 section 8.4: not given by a maker, chosen by the device
_TIERS = (9, 7)  # digits of MA-S and IAB (36 bits) and of MA-M (28 bits); MA-L (24 bits) comes last


class VendorTableError(ValueError):
    """The bundled table is missing or damaged; the message says what to do."""


class Vendors:
    """Names from one dated table. `sha256` is that of the unpacked table."""

    def __init__(self, table: bytes) -> None:
        head = table[: table.find(b"\n")].decode("utf-8", "replace").split("\t")
        if not head[0].startswith("# MAC vendors") or len(head) != 2:
            raise VendorTableError("the MAC vendor table has no heading: install iotsweep again")
        self.date = head[1]
        self.sha256 = hashlib.sha256(table).hexdigest()
        self._table = _Table(table)
        self._lookup = _lookup_over(self._table)

    def name(self, mac: str) -> str | None:
        """The holder of the longest registered prefix, None for a local, unnamed, unregistered or unreadable one."""
        digits = self._digits(mac)
        if digits is None or int(digits[:2], 16) & _LOCAL_BIT:
            return None
        for tier in _TIERS:
            found = self._table.get(digits[:tier].encode()) if len(digits) >= tier else None
            if found is not None:
                return found.decode() or None
        try:
            return _drive(self._lookup.lookup(digits)) or None
        except KeyError:
            return None

    def names(self) -> Iterable[str]:
        """Every holder of the table, once."""
        return {name.decode() for name in self._table.names()}

    def is_local(self, mac: str) -> bool:
        """True for an address that the device chose itself, as phones do to stay private."""
        digits = self._digits(mac)
        return digits is not None and bool(int(digits[:2], 16) & _LOCAL_BIT)

    def _digits(self, mac: str) -> str | None:
        """Six to twelve upper-case hexadecimal digits. macOS writes 0:1a:2b:3c:4d:5e, without leading zeros."""
        try:
            digits = str(
                self._lookup.sanitise(":".join(part and part.zfill(2) for part in mac.strip()[:32].split(":")))
            )
        except (ValueError, AttributeError, _mac_vendor_lookup().InvalidMacError):
            return None
        return digits if re.fullmatch("[0-9A-F]{6,12}", digits) else None


class _Table(Mapping[bytes, bytes]):
    """Prefix -> name over one sorted block of text, searched in place: no 57,000 small objects."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._count = text.count(b"\n") - 1

    def __getitem__(self, prefix: bytes) -> bytes:
        low, high = 0, len(self._text)
        while low < high:
            start = self._text.rfind(b"\n", 0, (low + high) // 2) + 1
            end = self._text.find(b"\n", start)
            end = len(self._text) if end < 0 else end
            found, _, name = self._text[start:end].partition(b"\t")
            if found == prefix:
                return name
            low, high = (end + 1, high) if found < prefix else (low, start)
        raise KeyError(prefix)

    def __iter__(self) -> Iterator[bytes]:
        return (line.partition(b"\t")[0] for line in self._text.splitlines()[1:])

    def names(self) -> set[bytes]:
        """Every name, in one walk; the mapping's own `values` would search for each prefix."""
        return {line.partition(b"\t")[2] for line in self._text.splitlines()[1:]} - {b""}

    def __len__(self) -> int:
        return self._count


@functools.cache
def load_vendors() -> Vendors:
    """The bundled table, read once. Raises VendorTableError when it cannot be read."""
    try:
        return Vendors(zlib.decompressobj(wbits=31).decompress(_TABLE.read_bytes(), _LONGEST_TABLE))
    except (OSError, zlib.error) as error:
        raise VendorTableError(f"{_TABLE} cannot be read ({error}): install iotsweep again") from error


def _lookup_over(table: Mapping[bytes, bytes]) -> Any:  # noqa: ANN401  (mac-vendor-lookup has no types)
    """mac-vendor-lookup's own lookup over our table, with no way to its file search and its download."""

    class Lookup(_mac_vendor_lookup().AsyncMacLookup):  # type: ignore[misc]
        def __init__(self) -> None:
            self.prefixes = table

        def find_vendors_list(self) -> None:
            return None

        async def load_vendors(self) -> None:
            raise VendorTableError("the MAC vendor table is empty: install iotsweep again")

        update_vendors = load_vendors

    return Lookup()


@functools.cache
def _mac_vendor_lookup() -> Any:  # noqa: ANN401  (it has no types)
    """The package, without its HTTP client: aiohttp costs half a second and is its only way to the network."""
    with _standing_in("aiohttp", "aiofiles"):
        import mac_vendor_lookup
    return mac_vendor_lookup


@contextmanager
def _standing_in(*names: str) -> Iterator[None]:
    """Empty modules under these names where none is loaded, taken away again."""
    mine = {name: types.ModuleType(name) for name in names if name not in sys.modules}
    sys.modules.update(mine)
    try:
        yield
    finally:
        for name in mine:
            del sys.modules[name]


def _drive(lookup: Coroutine[Any, Any, str]) -> str:
    """The answer of a coroutine that never waits: needs no event loop, so it works inside one and in any thread."""
    try:
        lookup.send(None)
    except StopIteration as done:
        return str(done.value)
    lookup.close()
    raise RuntimeError("a look-up in memory never waits")
