"""One spelling for facts that the wire spells in several ways, for what was seen and for what a clue asks."""

from __future__ import annotations

import re

DEVICE_WIDE = frozenset({"mac", "ip", "tcp", "udp"})  # true of the device, not of one reply

_INSTANCE = re.compile(r"\._[^.]{1,63}\._(?:tcp|udp)(?:\.local)?\.?$", re.IGNORECASE)  # RFC 6763 section 4.1
_NOT_HEX = re.compile(r"[^0-9a-f*]", re.IGNORECASE)


def protocol(key: str) -> str:
    """The part of a key that names its protocol: `mdns` of `mdns.txt.md`."""
    return key.partition(".")[0]


def mac_digits(text: str) -> str:
    """The hexadecimal digits of a MAC address or prefix, upper case."""
    return _NOT_HEX.sub("", text).upper()


def normal(key: str, value: str) -> str:
    """`value` as it is compared for `key`; letters keep their case."""
    change = _CHANGES.get(key)
    return change(value) if change else value


def _mac_address(value: str) -> str:
    digits = mac_digits(value).lower()
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2)) if len(digits) == 12 and "*" not in digits else value


def _mac_prefix(value: str) -> str:
    return mac_digits(value).rstrip("*")


def _local_name(value: str) -> str:
    value = value.rstrip(".")
    return value[:-6] if value.lower().endswith(".local") else value


def _instance_name(value: str) -> str:
    return _INSTANCE.sub("", value)


_CHANGES = {
    "mac.address": _mac_address,
    "mac.prefix": _mac_prefix,
    "mdns.service": _local_name,
    "mdns.host": _local_name,
    "mdns.name": _instance_name,
}
