"""Silence said as silence: what a device that answered nothing is known by, and what it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.model import Device, DeviceRole, Finding, Report

# Facts that come without an answer of the device itself: its address, what it said on joining, what others say of it.
_UNASKED = ("mac.", "ip.", "arp.", "heard.", "dhcp.", "dns.name", "igd.")
_TO_EVERYBODY = {
    "mdns": "multicast DNS",
    "ssdp": "UPnP",
    "wsd": "WS-Discovery",
    "vendor-questions": "the makers' own discovery",
}
_BY_MAKER = "Only its network part says so, and makers use the same ones in different things."
_BY_NAME = "Only the name that it goes by says so, and a name can be given to anything."
_BY_BOTH = "Only its network part and the name that it goes by say so."
_MEANS_NOTHING = (
    "Things that sleep, or talk only to their maker's servers, answer nothing: silence does not say what it is."
)


def say_silence(finding: Finding, report: Report) -> tuple[str, ...]:
    """For a device that answered nothing: by what it is known, and what it did not answer. () for every other."""
    device = finding.device
    if device.role is not DeviceRole.DEVICE or not _is_silent(device, report):
        return ()
    keys = {fact.key for fact in finding.because}
    if not all(key.startswith(_UNASKED) for key in keys):
        return ()
    return (*_say_known_by(keys), *_say_asked(device, report))


def _is_silent(device: Device, report: Report) -> bool:
    kept = [report.observations[index] for index in device.seen if 0 <= index < len(report.observations)]
    return bool(kept) and all(key.startswith(_UNASKED) for seen in kept for key, _ in seen.facts)


def _say_known_by(keys: set[str]) -> Iterator[str]:
    by_maker = any(key.startswith("mac.") for key in keys)
    by_name = any(key.startswith(("dhcp.", "dns.")) for key in keys)
    if keys:
        yield _BY_BOTH if by_maker and by_name else _BY_MAKER if by_maker else _BY_NAME


def _say_asked(device: Device, report: Report) -> Iterator[str]:
    everybody = [_TO_EVERYBODY[run.probe] for run in report.runs if run.probe in _TO_EVERYBODY and run.sent.packets]
    ports = {
        place.port
        for run in report.runs
        for place in run.sent.destinations
        if place.protocol == "tcp" and place.address in device.ipv4
    }
    if everybody:
        yield f"It did not answer {_list(everybody)}."
    if ports:
        yield f"It offered nothing at {len(ports)} port{'s' if len(ports) > 1 else ''} that we asked."
    if everybody or ports:
        yield _MEANS_NOTHING


def _list(words: list[str]) -> str:
    once = sorted(dict.fromkeys(words), key=list(_TO_EVERYBODY.values()).index)
    return " or ".join((", ".join(once[:-1]), once[-1])) if len(once) > 1 else once[0]
