"""The home of hidden cameras, scanned for real: everything is found and named, gently, within the time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.evidence.store import dump, parse
from iotsweep.guidance import load_guidance
from iotsweep.practice.home import Home
from iotsweep.practice.loading import find_home, load_home
from iotsweep.practice.responders.vendor_cameras import SECRET
from iotsweep.reports.minimising import minimise
from iotsweep.reports.plain import render
from tests.practice.test_demo import finish

MOST_PACKETS = 120  # to any one device, and to any one broadcast address or group
LONGEST = 15.0  # seconds of asking; reading the catalogue comes before it

_SCAN = """
import json
from iotsweep.evidence.store import save
from iotsweep.practice.__main__ import scan
home = load_home(find_home("hidden-cameras"))
begun = []
def timed(scope):
    from pathlib import Path
    import tempfile
    report = scan(scope)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visit.json"
        save(report, path)
        return path.read_text()
sys.stdout.write(run(home, timed))
"""


@pytest.fixture(scope="module")
def home() -> Home:
    return load_home(find_home("hidden-cameras"))


@pytest.fixture(scope="module")
def report() -> Any:  # noqa: ANN401
    return json.loads(finish(_SCAN))


def test_at_least_twenty_devices_and_at_most_three_with_an_open_port(home: Home) -> None:
    assert len(home.devices) >= 20
    assert sum(bool(d.http or d.rtsp or d.greetings or d.upnp) for d in home.devices) <= 3


@pytest.mark.lab
def test_every_device_is_found_and_named_for_what_it_is(home: Home, report: Any) -> None:  # noqa: ANN401
    kinds = {ip: finding["kind"] for finding in report["findings"] for ip in finding["device"]["ipv4"]}
    assert {d.id: kinds.get(d.address, "not found") for d in home.devices} == {d.id: d.truth.kind for d in home.devices}
    makers = {ip: finding["maker"] for finding in report["findings"] for ip in finding["device"]["ipv4"]}
    told = {d.id: makers[d.address] for d in home.devices if d.truth.maker}
    assert told == {d.id: d.truth.maker for d in home.devices if d.truth.maker}


@pytest.mark.lab
def test_no_device_gets_more_than_a_few_packets(report: Any) -> None:  # noqa: ANN401
    sent: dict[str, int] = {}
    for run in report["runs"]:
        assert run["failed"] is None, run
        for place in run["sent"]["destinations"]:
            sent[place["address"]] = sent.get(place["address"], 0) + place["packets"]
    assert {address: packets for address, packets in sent.items() if packets >= MOST_PACKETS} == {}


@pytest.mark.lab
def test_it_does_not_take_long(report: Any) -> None:  # noqa: ANN401
    times = [(run["started"], run["ended"]) for run in report["runs"]]
    started, ended = min(time for time, _ in times), max(time for _, time in times)
    assert _seconds(ended) - _seconds(started) <= LONGEST


@pytest.mark.lab
def test_what_helps_to_find_and_understand_a_camera_is_in_the_report(report: Any) -> None:  # noqa: ANN401
    read = parse(json.dumps(report).encode(), "visit.json")
    text = render(read, load_catalogue(), load_guidance())
    for told in (
        'which it writes as "0123456789ABCDEF0123456789ABCDEF"',
        "It last told of movement on 2026-11-22 at 07:00 UTC",
        "It has a memory card that works",
        'It uses the Wi-Fi "Practice Flat".',
        'It calls itself "Hall".',
        'Its place is written in it as "cupboard".',
        'by the id "DGOK-219681-XQKRP"',
        'the peer-to-peer family "CS2"',
        "In the app LookCam, YsxLite, HDWiFiCam Pro,",
    ):
        assert told in text


@pytest.mark.lab
def test_a_copy_without_personal_details_names_no_address_and_no_id(home: Home, report: Any) -> None:  # noqa: ANN401
    text = dump(minimise(parse(json.dumps(report).encode(), "visit.json"))).lower()
    personal = {device.address for device in home.devices} | {device.mac for device in home.devices}
    personal |= {vendor.id.lower() for device in home.devices for vendor in device.vendors if vendor.id}
    personal |= {"practice flat", "0123456789abcdef0123456789abcdef", "cupboard", "notebook", "porch", "192.168.1."}
    assert {word for word in personal if word in text} == set()


def _seconds(time: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(time).timestamp()


@pytest.mark.lab
def test_what_the_cameras_told_by_mistake_is_nowhere_in_the_report(report: Any) -> None:  # noqa: ANN401
    text = json.dumps(report)
    assert SECRET not in text
    assert SECRET.encode().hex() not in text
