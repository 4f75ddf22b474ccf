"""What a device told that helps to find and understand it: account, Wi-Fi, last alarm, place, id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from iotsweep.catalogue.personal import NAME, sort_personal
from iotsweep.model import Device, Finding, Observation, Report
from iotsweep.reports.shown import quoted

_MOST = 3  # values of one fact: a device can tell thousands
_FOUND_BY = "Its app finds it, also from elsewhere, by the id {}. It is often on its label."
_ON_LABEL = "Its serial number is {}. It is often on its label."
_SENTENCES = {
    "onvif.location": "Its place is written in it as {}. A maker or a person may have set that (ONVIF).",
    "tapo.connect_ssid": "It uses the Wi-Fi {}.",
    "pppp.uid": _FOUND_BY,
    "vstarcam.uid": _FOUND_BY,
    "v380.device_id": _FOUND_BY,
    "tuya.gw_id": "The apps that use Tuya know it by the id {}.",
    "dvrip.sn": _FOUND_BY,
    "sadp.device_sn": _ON_LABEL,
    "dhip.serial_no": _ON_LABEL,
    "dahua.serial": _ON_LABEL,
    "tvt.serial": _ON_LABEL,
    "sony.serial": _ON_LABEL,
    "bosch.serial": _ON_LABEL,
    "pppp.family": "It is of the peer-to-peer family {}: its app can reach it through the family's servers.",
    "kasa.camera_switch": "Its camera is switched {}.",
}
_STATES = {
    ("tapo.sd_status", "normal"): "It has a memory card that works, so recordings can be on it.",
    ("tapo.sd_status", "offline"): "It says that no memory card is in use.",
    ("tapo.factory_default", "true"): "It says that nobody has set it up yet.",
    ("tapo.connect_type", "wired"): "It is connected by cable.",
    ("sadp.activated", "false"): "It says that nobody has set it up yet.",
}
_NO_NAME_OF_ITS_OWN = {"onvif.name"}  # mostly the product; where it is a name, the device is called that already
_DEFAULTS = {"ipc", "ipcam", "ip camera", "ipcamera", "localhost", "dvr", "nvr", "camera", "network camera"}


def say_told(finding: Finding, report: Report, numbers: Mapping[str, int]) -> tuple[str, ...]:
    """One sentence for each such fact, in a fixed order. `numbers` are those of the devices, by id."""
    facts = _Facts(_seen(finding.device, report))
    sentences = [*_say_account(facts, finding, report, numbers), *_say_alarm(facts)]
    for (key, state), sentence in _STATES.items():
        sentences += [sentence] if state in facts.values(key) else []
    for key, sentence in _SENTENCES.items():
        sentences += [sentence.replace("{}", quoted(value), 1) for value in facts.values(key)]
    return tuple(dict.fromkeys(sentences))


def find_names(finding: Finding, report: Report) -> tuple[str, ...]:
    """The names that the device goes by, with those that only its maker's own discovery told."""
    known = {name.casefold() for name in (*finding.device.names, finding.model or "", finding.name or "")}
    told = [
        value
        for seen in _seen(finding.device, report)
        for key, value in seen.facts
        if _is_told_name(key) and value.casefold() not in known | _DEFAULTS
    ]
    return (*finding.device.names, *dict.fromkeys(told))


def _is_told_name(key: str) -> bool:
    protocol = key.partition(".")[0]
    everybodys = {"dhcp", "dns", "mdns", "netbios", "llmnr", "snmp", "upnp", "wsd", "nmap"}
    return sort_personal(key) == NAME and protocol not in everybodys and key not in _NO_NAME_OF_ITS_OWN


class _Facts:
    """What one device told, by key."""

    def __init__(self, seen: Iterable[Observation]) -> None:
        self._values: dict[str, list[str]] = {}
        for one in seen:
            for key, value in one.facts:
                if value and value not in self._values.setdefault(key, []):
                    self._values[key].append(value)

    def values(self, key: str) -> tuple[str, ...]:
        return tuple(self._values.get(key, ())[:_MOST])


def _say_account(facts: _Facts, finding: Finding, report: Report, numbers: Mapping[str, int]) -> Iterator[str]:
    """Which account, and which other devices here give the same: that connects what a person set up."""
    for owner in facts.values("tapo.owner"):
        yield f"It is registered to a TP-Link account, which it writes as {quoted(owner)}. That is a code, not a name."
        same = [number for device, number in _others(finding, report, numbers) if owner in _owners(device, report)]
        some = " and ".join((", ".join(map(str, same[:-1])), str(same[-1]))) if len(same) > 1 else str(*same)
        if same:
            yield f"Device{'s' if len(same) > 1 else ''} {some} give{'' if len(same) > 1 else 's'} the same account."


def _others(finding: Finding, report: Report, numbers: Mapping[str, int]) -> list[tuple[Device, int]]:
    others = (other.device for other in report.findings if other.device.id != finding.device.id)
    return sorted(((each, numbers[each.id]) for each in others if each.id in numbers), key=lambda pair: pair[1])


def _owners(device: Device, report: Report) -> set[str]:
    return {value for seen in _seen(device, report) for value in seen.values("tapo.owner")}


def _say_alarm(facts: _Facts) -> Iterator[str]:
    for value in facts.values("tapo.last_alarm_time"):
        kind = next(iter(facts.values("tapo.last_alarm_type")), "")
        what = "movement" if kind in {"motion", ""} else quoted(kind)
        moment = _read_moment(value)
        yield (
            f"It last told of {what} on {moment}, by its own clock."
            if moment
            else (f"It last told of {what} at {quoted(value)}.")
        )


def _read_moment(value: str) -> str | None:
    if not value.isascii() or not value.isdecimal() or len(value) > 10:  # seconds since 1970, until 2286
        return None
    return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%d at %H:%M UTC")


def _seen(device: Device, report: Report) -> list[Observation]:
    kept = report.observations
    return [kept[index] for index in device.seen if 0 <= index < len(kept)]
