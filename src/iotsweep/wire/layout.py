"""Fields at fixed places of a binary reply. Each raises WireError when the reply is too short."""

from __future__ import annotations

import re

from iotsweep.wire.error import WireError

_LONGEST_MAC = 64  # characters, with whatever stands between the digits
_HEX12 = re.compile(r"[0-9a-f]{12}")


def field(data: bytes, start: int, length: int) -> bytes:
    """Exactly `length` bytes from `start`."""
    part = data[start : start + length]
    if len(part) != length:
        raise WireError(f"{len(data)} bytes end before the field at {start}")
    return part


def text(data: bytes, start: int, length: int) -> str:
    """A NUL-padded text field."""
    return field(data, start, length).partition(b"\0")[0].decode("utf-8", "replace").strip()


def number(data: bytes, start: int, length: int, order: str = "big") -> int:
    """An unsigned number; `order` is "big" or "little"."""
    return int.from_bytes(field(data, start, length), "little" if order == "little" else "big")


def ipv4(data: bytes, start: int) -> str:
    """Four bytes as a dotted address."""
    return ".".join(str(byte) for byte in field(data, start, 4))


def mac(data: bytes, start: int) -> str:
    """Six bytes as a MAC address in lower case with colons."""
    return field(data, start, 6).hex(":")


def mac_text(written: str) -> str:
    """A MAC address however it was written, in lower case with colons; "" when it is none, or all zeros."""
    digits = re.sub(r"[:.\-\s]", "", written).lower() if len(written) <= _LONGEST_MAC else ""
    if not _HEX12.fullmatch(digits) or digits == "0" * 12:
        return ""
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def filled(facts: dict[str, str]) -> dict[str, str]:
    """The facts that have a value."""
    return {key: value for key, value in facts.items() if value}
