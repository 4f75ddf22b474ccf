"""The four ONVIF calls that need no login (ONVIF Core Specification, access class PRE_AUTH), and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_text, local_name, read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CALLS = ("GetSystemDateAndTime", "GetCapabilities", "GetServices", "GetHostname")
KEYS = ("onvif.clock", "onvif.capability", "onvif.service", "onvif.hostname", "onvif.answers")
_DEVICE = "http://www.onvif.org/ver10/device/wsdl"
_ARGUMENTS = {
    "GetCapabilities": "<Category>All</Category>",
    "GetServices": "<IncludeCapability>false</IncludeCapability>",
}
_MOST = 32


def encode_call(call: str) -> bytes:
    """One of CALLS, without any credentials."""
    if call not in CALLS:
        raise WireError(f"{call} is not asked of anybody")
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        f'<{call} xmlns="{_DEVICE}">{_ARGUMENTS.get(call, "")}</{call}></s:Body></s:Envelope>'
    ).encode()


def decode_answer(call: str, body: bytes) -> dict[str, list[str]]:
    """The facts of the answer to `call`. Raises WireError for a fault, or an answer to something else."""
    answer = next((e for e in read_xml(body).iter() if local_name(e) == f"{call}Response"), None)
    if answer is None:
        raise WireError(f"no answer to {call}")
    read = {
        "GetSystemDateAndTime": _clock,
        "GetCapabilities": _capabilities,
        "GetServices": _services,
        "GetHostname": _hostname,
    }
    key, values = read[call](answer)
    found = [value for value in values if value][:_MOST]
    return {"onvif.answers": [call]} | ({key: found} if found else {})


def _clock(answer: Element) -> tuple[str, list[str]]:
    """The device's own time, which a specialist compares with alarms and recordings."""
    clock = _first(answer, "UTCDateTime")
    if clock is None:
        return "onvif.clock", []
    date, time = _first(clock, "Date"), _first(clock, "Time")
    parts = [child_text(date, name)[:4] if date is not None else "" for name in ("Year", "Month", "Day")]
    parts += [child_text(time, name)[:4] if time is not None else "" for name in ("Hour", "Minute", "Second")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return "onvif.clock", []
    year, month, day, hour, minute, second = map(int, parts)
    return "onvif.clock", [f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"]


def _capabilities(answer: Element) -> tuple[str, list[str]]:
    holder = _first(answer, "Capabilities")
    return "onvif.capability", [local_name(e) for e in _flat(holder)] if holder is not None else []


def _flat(holder: Element) -> Iterator[Element]:
    for element in holder:
        if local_name(element) == "Extension":
            yield from element
        else:
            yield element


def _services(answer: Element) -> tuple[str, list[str]]:
    return "onvif.service", [child_text(e, "Namespace") for e in answer if local_name(e) == "Service"]


def _hostname(answer: Element) -> tuple[str, list[str]]:
    holder = _first(answer, "HostnameInformation")
    return "onvif.hostname", [child_text(holder, "Name")] if holder is not None else []


def _first(element: Element, name: str) -> Element | None:
    return next((e for e in element.iter() if local_name(e) == name), None)
