"""Cameras with a Wi-Fi of their own: said on top when the laptop is in it, and apart when it is only near."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.guidance import load_guidance
from iotsweep.model import DeviceRole, Observation
from iotsweep.reports.plain import render
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE, TOOL

TIME = "2026-11-22T10:00:00.000000Z"


def _render(*seen: Observation, gateway: str = "192.168.7.1", network: str = "192.168.7.0/24") -> str:
    catalogue = load_catalogue()
    scope = replace(SCOPE, gateway=gateway, network=network)
    report = assess(seen, (), Moment(TIME, TIME), Plan(scope, catalogue, load_vendors(), (), TOOL, 0))
    assert all(each.device.role is DeviceRole.NEARBY for each in report.findings)
    return render(report, catalogue, load_guidance())


@pytest.mark.parametrize(
    ("gateway", "network", "told"),
    [
        ("192.168.169.1", "192.168.169.0/24", "small V720 cameras"),
        ("192.168.200.1", "192.168.200.0/24", "small cameras with the chip HC1703L"),
        ("10.5.5.9", "10.5.5.0/24", "GoPro cameras"),
    ],
)
def test_a_laptop_in_a_cameras_own_wifi_reads_so_on_top(gateway: str, network: str, told: str) -> None:
    on_top = _render(gateway=gateway, network=network).partition("Overview")[0]
    assert f"Network: It can be the own Wi-Fi of {told}, and then not the home's network." in on_top


@pytest.mark.parametrize("gateway", ["192.168.7.1", "192.168.4.1"])
def test_a_home_router_is_not_taken_for_one(gateway: str) -> None:
    assert "own Wi-Fi" not in _render(gateway=gateway).partition("Overview")[0]


@pytest.mark.parametrize("name", ["Nax_123456789", "MV12345678", "HDWiFiCam-123456", "BATD156362WONJM", "ESP32-CAM"])
def test_a_known_wifi_name_near_here_is_said_not_to_be_on_this_network(name: str) -> None:
    facts = (("wifi.bssid", "ae:ca:06:00:00:01"), ("wifi.ssid", name))
    text = _render(Observation("nearby-wifi", TIME, None, None, facts))
    assert "Found: 1 Wi-Fi name near here can be a camera's own. It is not on this network." in text
    assert "by a Wi-Fi name near here, not on this network" in text
    assert "How far away it is cannot be told from the name." in text
