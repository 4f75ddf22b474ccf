"""Which boxes stop a check before it asks anything."""

from __future__ import annotations

from dataclasses import replace

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.model import Observation, RouterRunBy, Scope
from iotsweep.monitors import MONITOR, Stop, before_active, load_alerting
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE

FIREWALLA, EERO, UBIQUITI, TP_LINK = "20:6d:31:00:00:01", "00:ab:48:00:00:01", "04:18:d6:00:00:01", "50:c7:bf:00:00:01"
NETGEAR = "a0:40:a0:00:00:01"
GATEWAY, OTHER = "192.168.7.1", "192.168.7.20"


NOT_OURS = replace(SCOPE, consent=replace(SCOPE.consent, router_run_by=RouterRunBy.UNKNOWN)) if SCOPE.consent else SCOPE


def look(*seen: Observation, scope: Scope = NOT_OURS) -> Stop | None:
    return before_active(seen, scope, load_catalogue(), load_vendors())


def saw(ip: str, mac: str | None = None, **facts: str) -> Observation:
    pairs = {**({"mac.address": mac} if mac else {}), **{key.replace("_", ".", 1): v for key, v in facts.items()}}
    return Observation("listen", "2026-11-22T10:00:00.000000Z", mac, ip, tuple(sorted(pairs.items())))


def test_an_address_block_of_a_monitor_is_enough() -> None:
    stop = look(saw(OTHER, FIREWALLA))
    assert stop is not None
    assert (stop.name, stop.address, stop.router) == ("Firewalla", OTHER, False)
    assert stop.explain().startswith("We saw Firewalla at 192.168.7.20. This kind of box tells its owner")


def test_a_name_in_a_dhcp_request_is_enough() -> None:
    stop = look(saw(OTHER, "02:00:00:00:00:31", dhcp_hostname="fingbox"))
    assert stop is not None
    assert stop.router is False


def test_a_gateway_whose_maker_tells_its_owner_stops_and_the_same_maker_elsewhere_does_not() -> None:
    stop = look(saw(GATEWAY, UBIQUITI))
    assert stop is not None
    assert stop.router
    assert "This router may tell its owner" in stop.explain()
    assert look(saw(OTHER, UBIQUITI)) is None


def test_a_listed_router_stops_when_it_says_what_it_is_and_not_by_its_address_block_alone() -> None:
    assert look(saw(GATEWAY, EERO)) is not None
    assert look(saw(GATEWAY, NETGEAR)) is None


def test_a_router_tells_whoever_runs_it_so_ones_own_is_no_reason_to_stop() -> None:
    assert look(saw(GATEWAY, EERO), scope=SCOPE) is None
    assert look(saw(GATEWAY, UBIQUITI), scope=SCOPE) is None
    assert look(saw(OTHER, FIREWALLA), scope=SCOPE) is not None


def test_an_ordinary_home_does_not_stop() -> None:
    assert look(saw(GATEWAY, TP_LINK), saw(OTHER, "b8:27:eb:00:00:01"), saw("192.168.7.9", mdns_host="anna")) is None
    assert look() is None


def test_every_listed_router_is_in_the_catalogue() -> None:
    known = {fingerprint.id: fingerprint.kind for fingerprint in load_catalogue().fingerprints}
    assert load_alerting().routers <= known.keys()
    assert not {identity for identity in load_alerting().routers if known[identity] == MONITOR}
