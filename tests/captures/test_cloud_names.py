"""Whom a device asks for tells its maker; that a phone with the maker's app asks the same makes it no camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from iotsweep.captures import read_captures
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.model import Finding
from iotsweep.stamp import stamp
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from tests.captures.making import EVERYBODY, ROUTER, ROUTER_IP, arp, dhcp, hello, pcap, question, said, sent, write

_IP = "192.168.1.77"
_SEES_OR_HEARS = ("camera", "doorbell", "recorder", "baby-monitor", "intercom", "speaker", "display")
_PHONES = ("8c:85:90:00:00:01", "5c:0a:5b:00:00:01", "64:bc:0c:00:00:01", "58:cb:52:00:00:01", "aa:bb:cc:00:00:01")
_LAPTOPS = ("8c:8d:28:00:00:01", "80:c5:f2:00:00:01")  # with Wi-Fi cards of Intel and AzureWave


def find(folder: Path, mac: str, names: list[str], vendor_class: str = "") -> Finding:
    """What the report says of one device that joins and asks for names."""
    own = bytes.fromhex(mac.replace(":", ""))
    options = {53: b"\1"} | ({60: vendor_class.encode()} if vendor_class else {})
    frames = [said(own, "0.0.0.0", "255.255.255.255", 68, 67, dhcp(own, options), EVERYBODY), arp(own, _IP, ROUTER_IP)]
    for at, name in enumerate(names):
        frames.append(said(own, _IP, ROUTER_IP, 40000, 53, question(name, at + 1), ROUTER))
        frames.append(sent(own, _IP, "93.184.216.34", (20000 + at, 443), hello(name), ROUTER))
    heard = read_captures([write(folder, pcap(*frames))])
    catalogue, vendors = load_catalogue(), load_vendors()
    plan = Plan(heard.scope, catalogue, vendors, (), stamp(catalogue, vendors, sends=False), 0)
    report = assess(heard.observations, heard.runs, Moment(heard.started, heard.ended), plan)
    return next(finding for finding in report.findings if mac in finding.device.macs)


def _names_that_apps_ask_for() -> Iterator[str]:
    """What clues ask for beside an address block: names that the apps of things that see or hear use as well."""
    for fingerprint in load_catalogue().fingerprints:
        for _, clues in fingerprint.clues if fingerprint.kind in _SEES_OR_HEARS else ():
            for clue in clues:
                facts = dict(clue.facts)
                if facts.keys() & {"mac.vendor", "mac.thing_part"}:
                    names = (*facts.get("dns.query", ()), *facts.get("any.look_up", ()))
                    yield from (name for name in names if not name.startswith("/"))


@pytest.mark.parametrize("mac", [*_PHONES, *_LAPTOPS])
def test_a_phone_or_a_laptop_that_asks_for_every_makers_cloud_is_nothing_that_sees_or_hears(
    tmp_path: Path, mac: str
) -> None:
    names = sorted({name.replace("*.", "api.").replace("*", "1") for name in _names_that_apps_ask_for()})
    assert len(names) > 100
    found = find(tmp_path, mac, names)
    assert found.kind not in _SEES_OR_HEARS, (found.name, found.because)
    assert not {match.kind for match in found.alternatives} & set(_SEES_OR_HEARS)


@pytest.mark.parametrize(
    ("mac", "name", "maker", "kinds"),
    [
        ("98:84:e3:00:00:01", "api.ring.com", "Ring", {"doorbell"}),
        ("f4:b8:5e:00:00:01", "rest.prod.immedia-semi.com", "Blink", {"camera"}),
        ("b0:d5:9d:00:00:01", "api.us.xiaoyi.com", "YI", {"camera"}),
        ("ec:3d:fd:00:00:01", "cam-gw.ajcloud.net", "Wansview", {"camera"}),
        ("7c:c7:09:00:00:01", "user.zmodo.com", "Zmodo", {"camera", "doorbell"}),
        ("ec:fa:bc:00:00:01", "a.gw.tuyaus.com", "Tuya", {"plug"}),
        ("44:01:bb:00:00:01", "a1.tuyaus.com", "Tuya", {"camera"}),
        ("dc:ef:ca:00:00:01", "agent-socket.wink.com", "Wink", {"hub"}),
        ("20:f8:5e:00:00:01", "api.behmor.com", "Behmor", {"appliance"}),
        ("dc:4f:22:00:00:01", "ra8815.magichue.net", "Magic Home", {"light"}),
        ("24:0a:c4:00:00:01", "gw.haier.net", "Haier", {"appliance"}),
        ("24:0a:c4:00:00:01", "mqtt.bot.tmall.com", "Tmall Genie", {"speaker"}),
        ("84:18:26:00:00:01", "lightify.arrayent.com", "OSRAM", {"hub"}),
    ],
)
def test_the_block_of_a_maker_of_parts_and_a_cloud_name_tell_the_maker_together(
    tmp_path: Path, mac: str, name: str, maker: str, kinds: set[str]
) -> None:
    found = find(tmp_path, mac, [name])
    assert (found.maker, found.kind in kinds, str(found.confidence)) == (maker, True, "possible"), found.name


def test_a_small_linux_with_an_unregistered_address_is_told_by_its_cloud(tmp_path: Path) -> None:
    assert find(tmp_path, "ae:ca:06:00:00:01", ["up.mipcm.com"], "udhcp 1.15.3").maker == "Vimtag"
    assert find(tmp_path, "ae:ca:06:00:00:01", ["up.mipcm.com"], "android-dhcp-13").kind == "phone"


@pytest.mark.parametrize(
    ("mac", "name", "maker"),
    [
        ("00:24:e4:00:00:01", "api.withings.net", "Withings"),  # a scale, or a camera in the nursery
        ("ec:1a:59:00:00:01", "api.xbcs.net", "Belkin"),  # a plug, a motion sensor, a slow cooker
    ],
)
def test_a_maker_with_several_kinds_is_sure_of_none_by_a_question(
    tmp_path: Path, mac: str, name: str, maker: str
) -> None:
    found = find(tmp_path, mac, [name])
    assert (found.maker, str(found.confidence)) == (maker, "possible")
