"""Wi-Fi names near here: only those of camera-like products are kept, never as on this network."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from iotsweep.catalogue.asking import can_record
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.devices import gather
from iotsweep.model import Confidence, DeviceRole, Observation, Profile
from iotsweep.probes import nearby_wifi
from iotsweep.probes.context import Context, ProbeSkipped
from iotsweep.probes.nearby_wifi import PROBE
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from iotsweep.wire.wifi import decode_nmcli
from tests.fakes import SCOPE, TOOL
from tests.probes.fake_network import FakeDoor, make_context

NEIGHBOUR = "Family Miller 5G"
NAMES = ("Nax_12345678", NEIGHBOUR, "FRITZ!Box 7590 AB", "DIRECT-xy-printer", "")


def nmcli(*names: str, joined: str = "") -> str:
    """What nmcli prints for these names."""
    rows = (
        f"{'*' if name == joined else ' '}:{name}:AA\\:BB\\:CC\\:DD\\:EE\\:{i:02X}:50:6\n"
        for i, name in enumerate(names)
    )
    return "".join(rows)


def plan() -> Plan:
    """A plan with the bundled catalogue."""
    return Plan(SCOPE, load_catalogue(), load_vendors(), (), TOOL, 10.0)


def _run(
    monkeypatch: pytest.MonkeyPatch, text: str, profile: Profile = Profile.STANDARD
) -> tuple[list[Observation], Context]:
    seen: list[Observation] = []
    kept: list[Context] = []
    commands: list[tuple[str, ...]] = []
    whole = plan()

    def records(facts: Mapping[str, str]) -> bool:
        return can_record(facts, whole.catalogue, whole.vendors)

    async def say(*command: str, seconds: float, most: int) -> str:
        commands.append(command)
        return text

    monkeypatch.setattr(nearby_wifi, "_tools", lambda _: (((sys.executable,), ("list",), decode_nmcli),))
    monkeypatch.setattr(nearby_wifi, "read_command", say)
    monkeypatch.setattr(nearby_wifi, "_is_radio", lambda _: True)

    async def job() -> None:
        context = replace(make_context(FakeDoor(profile=profile), seen), records=records)
        kept.append(context)
        await PROBE.run(context)

    asyncio.run(job())
    assert kept[0].door.sent == []  # type: ignore[attr-defined]
    return seen, kept[0]


def test_only_names_of_what_can_see_or_hear_are_kept_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, context = _run(monkeypatch, nmcli(*NAMES))
    assert [dict(o.facts) for o in seen] == [
        {"wifi.ssid": "Nax_12345678", "wifi.bssid": "aa:bb:cc:dd:ee:00", "wifi.signal": "50 %"}
    ]
    assert (seen[0].ip, seen[0].mac) == (None, None)
    assert len(context.limits) == 1
    assert context.limits[0].startswith("5 Wi-Fi networks are near here; 1 of them")
    assert NEIGHBOUR not in context.limits[0]


def test_a_camera_near_here_is_a_finding_of_its_own_and_not_on_this_network(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = _run(monkeypatch, nmcli("Nax_12345678", "MV12345678"))
    lan = Observation(
        "arp",
        "2026-11-22T10:00:00.000000Z",
        "aa:bb:cc:dd:ee:00",
        "192.168.7.30",
        (("mac.address", "aa:bb:cc:dd:ee:00"),),
    )
    whole = plan()
    devices = gather([lan, *seen], SCOPE, whole.vendors)
    assert [device.role for device in devices if device.ipv4] == [DeviceRole.DEVICE]
    near = [device for device in devices if device.role is DeviceRole.NEARBY]
    assert len(near) == 2
    assert all(not (device.macs or device.ipv4 or device.bridge) for device in near)
    report = assess([lan, *seen], [], Moment("2026-11-22T10:00:00.000000Z", "2026-11-22T10:00:09.000000Z"), whole)
    told = {f.device.names: (f.kind, f.confidence) for f in report.findings if f.device.role is DeviceRole.NEARBY}
    assert told == {
        ("Nax_12345678",): ("camera", Confidence.LIKELY),
        ("MV12345678",): ("camera", Confidence.POSSIBLE),
    }
    codes = {r.code for f in report.findings if f.device.role is DeviceRole.NEARBY for r in f.concern.reasons}
    assert "ROLE-NEARBY" in codes


def test_names_whose_addresses_the_system_hides_stay_apart() -> None:
    hidden = [
        Observation("nearby-wifi", "", None, None, (("wifi.signal", "-70 dBm"), ("wifi.ssid", name)))
        for name in ("Nax_11111111", "Nax_22222222")
    ]
    assert len(gather(hidden, SCOPE, load_vendors())) == 2


def test_the_camera_whose_own_network_this_laptop_has_joined_is_its_router(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = _run(monkeypatch, nmcli("Nax_12345678", joined="Nax_12345678"))
    assert [o.ip for o in seen] == [SCOPE.gateway]
    whole = plan()
    report = assess(seen, [], Moment("2026-11-22T10:00:00.000000Z", "2026-11-22T10:00:09.000000Z"), whole)
    assert [(f.device.role, f.kind) for f in report.findings] == [(DeviceRole.ROUTER, "camera")]


def test_a_system_that_tells_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProbeSkipped, match="no Wi-Fi names"):
        _run(monkeypatch, "Error: NetworkManager is not running.\n")


def _tools_on(monkeypatch: pytest.MonkeyPatch, system: str, profile: Profile) -> tuple[nearby_wifi.Tool, ...]:
    found: list[tuple[nearby_wifi.Tool, ...]] = []

    async def job() -> None:
        monkeypatch.setattr(sys, "platform", system)
        try:
            found.append(nearby_wifi._tools(make_context(FakeDoor(profile=profile), [])))
        finally:
            monkeypatch.undo()

    asyncio.run(job())
    return found[0]


@pytest.mark.parametrize("profile", list(Profile))
def test_no_system_is_asked_to_look_around(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> None:
    monkeypatch.setattr(nearby_wifi, "_find_radios", lambda: ("wlan0",))
    tools = _tools_on(monkeypatch, "linux", profile)
    arguments = [given for _, given, _ in tools]
    assert all(given[-2:] in {("--rescan", "no"), ("scan", "dump")} for given in arguments)
    assert all(place.startswith("/") for places, _, _ in tools for place in places)
    windows = _tools_on(monkeypatch, "win32", profile)
    assert windows[0][1] == ("wlan", "show", "networks", "mode=bssid")


def test_quiet_does_not_ask_macos_which_may_look_around_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _tools_on(monkeypatch, "darwin", Profile.STANDARD)
    with pytest.raises(ProbeSkipped, match="macOS may look around"):
        _tools_on(monkeypatch, "darwin", Profile.QUIET)


def test_a_laptop_without_wifi_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby_wifi, "_find_radios", tuple)
    with pytest.raises(ProbeSkipped, match="no Wi-Fi of its own"):
        _tools_on(monkeypatch, "linux", Profile.STANDARD)


def test_radios_are_those_of_this_network_namespace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("wlan0", "wlan1"):
        (tmp_path / name / "wireless").mkdir(parents=True)
    (tmp_path / "eth0").mkdir()
    monkeypatch.setattr(nearby_wifi, "_RADIOS", tmp_path)
    monkeypatch.setattr("socket.if_nameindex", lambda: [(1, "lo"), (2, "eth0"), (3, "wlan0")])
    assert nearby_wifi._find_radios() == ("wlan0",)
