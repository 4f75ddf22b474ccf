"""The homes that come with iotsweep: complete, of known kinds, playable."""

from __future__ import annotations

import pytest

from iotsweep.practice.home import Home
from iotsweep.practice.listeners import TcpListener, UdpListener
from iotsweep.practice.loading import DEFAULT_HOME, bundled_homes, find_home, load_home
from iotsweep.practice.responders import listeners
from iotsweep.practice.serving import certificates

# fmt: off
KINDS = {
    "camera", "doorbell", "baby-monitor", "recorder", "intercom", "speaker", "display", "audio", "tv", "lock",
    "garage", "cover", "alarm", "sensor", "hub", "thermostat", "plug", "light", "appliance", "vacuum", "energy",
    "router", "network-monitor", "nas", "printer", "computer", "phone", "console", "board", "toy", "health",
    "tracker", "vehicle", "other",
}
# fmt: on


@pytest.fixture(params=bundled_homes())
def home(request: pytest.FixtureRequest) -> Home:
    return load_home(find_home(request.param))


def test_the_default_home_holds_at_least_fourteen_devices_of_ten_kinds() -> None:
    home = load_home(find_home(DEFAULT_HOME))
    assert len(home.devices) >= 14
    assert len({device.truth.kind for device in home.devices if device.truth.kind}) >= 10


def test_the_default_home_is_listed_first() -> None:
    assert bundled_homes()[0] == DEFAULT_HOME


def test_a_home_is_called_as_its_file(home: Home) -> None:
    assert find_home(home.id).stem == home.id


def test_every_truth_is_of_a_known_kind(home: Home) -> None:
    assert {device.truth.kind for device in home.devices} - {None} <= KINDS


def test_every_device_says_what_a_person_would_call_it(home: Home) -> None:
    assert all(device.truth.says for device in home.devices)


def test_no_device_listens_twice_on_one_port(home: Home) -> None:
    for device in home.devices:
        ports = [(type(each), each.port) for each in listeners(device, home)]
        assert len(ports) == len(set(ports)), device.id


def test_a_device_that_drops_everything_offers_nothing(home: Home) -> None:
    assert not [d.id for d in home.devices if d.drops_everything and listeners(d, home)]


def test_every_certificate_that_a_page_names_is_there(home: Home) -> None:
    used = {page.certificate for device in home.devices for page in device.http if page.certificate}
    assert used <= set(certificates())


def test_the_router_is_the_gateway_and_knows_the_names(home: Home) -> None:
    router = next(device for device in home.devices if device.address == home.gateway)
    assert router.truth.kind == "router"
    assert router.names_others


def test_a_bridge_of_lights_answers_in_every_way_that_the_real_one_does() -> None:
    home = load_home(find_home(DEFAULT_HOME))
    lights = next(device for device in home.devices if device.id == "lights")
    found = listeners(lights, home)
    assert {each.port for each in found if isinstance(each, TcpListener)} == {80, 443}
    assert {each.port for each in found if isinstance(each, UdpListener)} == {5353, 1900}
