"""Devices that look like something else: what the bundled catalogue has to say of them, and what it must not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from iotsweep.catalogue.build import as_observation
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import best, fit
from iotsweep.model import Confidence, Match
from iotsweep.vendors import load_vendors

WATCHING = frozenset({"camera", "doorbell", "baby-monitor", "recorder", "intercom"})
PLAYERS = frozenset({"speaker", "audio", "display", "tv"})

Reply = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Trap:
    """What was seen; the kinds of which one has to be the answer (none: the answer is free); the kinds never to claim.

    `sure`: from which confidence a kind of `never` counts as claimed.
    """

    name: str
    saw: tuple[Reply, ...]
    answers: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    sure: Confidence = Confidence.LIKELY


TRAPS = (
    Trap(
        "an ecobee thermostat that announces AirPlay and HomeKit",
        (
            {"mdns.service": "_hap._tcp", "mdns.txt.md": "ECB601", "mdns.txt.ci": "9"},
            {"mdns.service": "_airplay._tcp", "mdns.txt.model": "ECB601", "mdns.txt.manufacturer": "ecobee Inc."},
            {"mdns.service": "_raop._tcp", "mdns.txt.am": "ECB601"},
        ),
        frozenset({"thermostat"}),
        PLAYERS,
    ),
    Trap(
        "an ecobee of which only AirPlay was heard",
        ({"mdns.service": "_airplay._tcp", "mdns.txt.model": "ECB601", "mdns.txt.manufacturer": "ecobee Inc."},),
        never=PLAYERS,
    ),
    Trap(
        "a toy that shows only Spotify Connect",
        ({"mdns.service": "_spotify-connect._tcp", "mdns.name": "sp-0a1b2c", "mdns.txt.cpath": "/zc"},),
        never=PLAYERS | WATCHING,
    ),
    Trap(
        "a NAS that says it is an Xserve",
        (
            {"mdns.service": "_device-info._tcp", "mdns.txt.model": "Xserve"},
            {"mdns.service": "_smb._tcp", "mdns.name": "files"},
        ),
        never=frozenset({"computer"}) | WATCHING,
    ),
    Trap(
        "a Synology that says it is an Xserve",
        (
            {"mdns.service": "_device-info._tcp", "mdns.txt.model": "Xserve"},
            {"mdns.service": "_http._tcp", "mdns.txt.vendor": "Synology", "mdns.txt.model": "DS218+"},
        ),
        frozenset({"nas"}),
        frozenset({"computer"}) | WATCHING,
    ),
    Trap(
        "a laptop that announces somebody's printer again",
        (
            {"mdns.service": "_device-info._tcp", "mdns.txt.model": "MacBookPro18,1"},
            {
                "mdns.service": "_ipp._tcp",
                "mdns.name": "Canon TS5300 series @ MacBook",
                "mdns.txt.ty": "Canon TS5300 series",
                "mdns.txt.rp": "printers/Canon_TS5300_series",
            },
        ),
        never=frozenset({"printer"}),
    ),
    Trap(
        "a DoorBird that uses the service of Axis cameras",
        (
            {"mdns.service": "_axis-video._tcp", "mdns.name": "DoorBird D101 - 1CCAE3700000"},
            {"mac.address": "1c:ca:e3:70:00:00"},
        ),
        frozenset({"doorbell", "intercom"}),
        frozenset({"camera", "recorder", "baby-monitor"}),
    ),
    Trap(
        "a HomeKit hub whose address block is that of Atheros",
        (
            {"mac.address": "00:03:7f:01:02:03"},
            {"mdns.service": "_hap._tcp", "mdns.txt.md": "Hub X1", "mdns.txt.ci": "2"},
        ),
        frozenset({"hub"}),
        WATCHING | frozenset({"router"}),
        Confidence.POSSIBLE,
    ),
    Trap(
        "an Echo that asks for Hue, Kasa and LIFX",
        (
            {"dns.query": ["_hue._tcp.local", "_hap._tcp.local", "_lifx._udp.local", "use1-wap.tplinkcloud.com"]},
            {"mdns.service": "_amzn-alexa._tcp", "mdns.name": "kitchen"},
            {"dhcp.hostname": "amazon-0a1b2c3d4"},
        ),
        frozenset({"speaker", "display"}),
        frozenset({"light", "plug", "hub"}) | WATCHING,
        Confidence.POSSIBLE,
    ),
    Trap(
        "a device of which only its questions were heard",
        ({"dns.query": ["_hue._tcp.local", "_ring._tcp.local", "_nest-cam._tcp.local"]},),
        never=frozenset({"light", "hub"}) | WATCHING,
    ),
    Trap(
        "a NAS that speaks ONVIF",
        (
            {"wsd.types": "dn:NetworkVideoTransmitter", "onvif.name": "Synology", "onvif.hardware": "DS920+"},
            {"http.title": "DiskStation", "http.server": "nginx", "http.port": "5000"},
            {"mdns.service": "_http._tcp", "mdns.txt.vendor": "Synology", "mdns.txt.model": "DS920+"},
        ),
        frozenset({"nas", "recorder"}),
        frozenset({"camera", "doorbell", "baby-monitor"}),
    ),
    Trap(
        "an OpenWrt router with the DHCP options of a camera",
        (
            {"dhcp.options": "1,3,6,12,15,28,42", "dhcp.vendor_class": "udhcp 1.36.1", "dhcp.hostname": "OpenWrt"},
            {"http.title": "LuCI", "http.server": "uhttpd", "http.port": "80"},
        ),
        never=WATCHING,
        sure=Confidence.POSSIBLE,
    ),
    Trap("only DHCP options", ({"dhcp.options": "1,3,6,12,15,28,42"},), never=WATCHING, sure=Confidence.POSSIBLE),
    Trap(
        "only an address of a maker of parts",
        ({"mac.address": "24:0a:c4:01:02:03"},),
        never=frozenset({"camera", "plug"}),
    ),
    Trap(
        "a phone that made up its address",
        ({"mac.address": "da:a1:19:00:00:01", "dhcp.hostname": "Pixel-7"},),
        never=WATCHING,
        sure=Confidence.POSSIBLE,
    ),
    Trap(
        "a media player that streams by RTSP as AirPlay does",
        ({"rtsp.server": "AirTunes/715.2", "rtsp.status": "200"}, {"tcp.5000": "open", "tcp.7000": "open"}),
        never=WATCHING,
        sure=Confidence.POSSIBLE,
    ),
    Trap(
        "a web server with the word camera nowhere near",
        ({"http.title": "Welcome to nginx!", "http.server": "nginx/1.24.0", "tcp.8080": "open"},),
        never=WATCHING,
        sure=Confidence.POSSIBLE,
    ),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def matches(saw: tuple[Reply, ...], catalogue: Catalogue) -> tuple[Match, ...]:
    seen = [as_observation({key: [text] if isinstance(text, str) else text for key, text in r.items()}) for r in saw]
    return fit(list(enumerate(seen)), catalogue, load_vendors())


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_it_is_not_taken_for_what_it_looks_like(trap: Trap, catalogue: Catalogue) -> None:
    found = matches(trap.saw, catalogue)
    answer = best(found)
    if answer is not None and answer.confidence.rank >= trap.sure.rank:
        assert answer.kind not in trap.never, (answer.fingerprint, answer.confidence.value, answer.because)
    if trap.answers:
        assert answer is not None
        assert answer.kind in trap.answers, [(one.fingerprint, one.confidence.value) for one in found]


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.never & WATCHING], ids=lambda trap: trap.name)
def test_no_watching_kind_is_listed_as_sure_beside_it(trap: Trap, catalogue: Catalogue) -> None:
    fired = [one for one in matches(trap.saw, catalogue) if one.kind in trap.never & WATCHING]
    assert [one.fingerprint for one in fired if one.confidence is Confidence.CONFIRMED] == []


@pytest.mark.parametrize(
    ("saw", "kinds"),
    [
        ({"dhcp.hostname": "Ring-1a2b3c"}, {"camera", "doorbell"}),
        ({"mac.address": "ec:71:db:01:02:03"}, {"camera", "recorder", "doorbell"}),  # Reolink
        ({"mac.address": "00:0e:58:01:02:03"}, {"speaker", "audio"}),  # Sonos, Inc.
        ({"dhcp.hostname": "wyze-cam-1a2b"}, {"camera"}),
    ],
)
def test_a_name_or_an_address_block_alone_counts_for_what_it_is_worth(
    saw: Reply, kinds: set[str], catalogue: Catalogue
) -> None:
    answer = best(matches((saw,), catalogue))
    assert answer is not None
    assert answer.kind in kinds
    assert answer.confidence.rank <= Confidence.LIKELY.rank


def test_a_made_up_address_hides_nothing_else(catalogue: Catalogue) -> None:
    said: Reply = {"mdns.service": "_hue._tcp", "mdns.name": "Hue Bridge - 0A1B2C"}
    alone, local = (matches(saw, catalogue) for saw in ((said,), (said, {"mac.address": "02:00:00:00:00:01"})))
    assert [one.fingerprint for one in alone] == [one.fingerprint for one in local] != []
