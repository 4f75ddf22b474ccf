"""A Ring, Blink, Arlo, Nest or lock that answers nothing is said to be possible, why, and what it did not answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.guidance import load_guidance
from iotsweep.model import Confidence, Destination, Observation, ProbeRun, Profile, Report, Sent
from iotsweep.reports.minimising import minimise
from iotsweep.reports.plain import render
from iotsweep.reports.silence import say_silence
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE, TOOL

TIME = "2026-11-22T10:00:00.000000Z"
IP = "192.168.7.31"
EVERYBODY = (Destination("224.0.0.251", "udp", 5353, 3, 300),)
PORTS = tuple(Destination(IP, "tcp", port, 1, 60) for port in (80, 443, 554))
ASKED = (
    ProbeRun("mdns", TIME, TIME, Sent(3, 300, EVERYBODY)),
    ProbeRun("ssdp", TIME, TIME, Sent(3, 300, EVERYBODY)),
    ProbeRun("vendor-questions", TIME, TIME, Sent(3, 300, EVERYBODY)),
    ProbeRun("ports", TIME, TIME, Sent(3, 180, PORTS)),
)
# Address blocks as the IEEE registered them.
BRANDS = {
    "Ring": ("64:9a:63:11:22:33", "doorbell"),
    "Blink": ("3c:a0:70:11:22:33", "camera"),
    "Arlo": ("48:62:64:11:22:33", "camera"),
    "Nest": ("18:b4:30:11:22:33", "thermostat"),  # the maker of which most are, and cameras too
    "August": ("78:9c:85:11:22:33", "lock"),
    "Yale": ("b0:44:9c:11:22:33", "lock"),
    "Nuki": ("54:d2:72:11:22:33", "lock"),
}
NAMES = {"Ring": "Ring-3a91c2", "Blink": "Blink-Mini", "Arlo": "VMC4040P-A1B2C", "Nest": "Nest-Cam-12ab",
         "August": "august-lock-1a2b", "Schlage": "schlage-be489wb", "Nuki": "nuki_smart_lock_4a5b6c"}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def _report(catalogue: Catalogue, mac: str, *facts: tuple[str, str], runs: tuple[ProbeRun, ...] = ASKED) -> Report:
    seen = Observation("arp", TIME, mac, IP, tuple(sorted((("mac.address", mac), *facts))))
    return assess((seen,), runs, Moment(TIME, TIME), Plan(SCOPE, catalogue, load_vendors(), (), TOOL, 0))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_known_by_its_network_part_alone_is_possible_and_says_what_it_did_not_answer(
    catalogue: Catalogue, brand: str
) -> None:
    mac, kind = BRANDS[brand]
    report = _report(catalogue, mac)
    (finding,) = report.findings
    assert (finding.kind, finding.confidence) == (kind, Confidence.POSSIBLE)
    assert {fact.key for fact in finding.because} <= {"mac.vendor", "mac.prefix"}
    text = render(report, catalogue, load_guidance())
    assert "How sure: Possible. It could be something else." in text
    assert "How sure: Only its network part says so" in text
    assert "How sure: It did not answer multicast DNS, UPnP or the makers' own discovery." in text
    assert "How sure: It offered nothing at 3 ports that we asked." in text
    assert "silence does not say what it is" in text


@pytest.mark.parametrize("brand", NAMES)
def test_a_brand_known_by_its_host_name_alone_is_never_confirmed_and_says_that_it_is_only_a_name(
    catalogue: Catalogue, brand: str
) -> None:
    report = _report(catalogue, "00:11:22:33:44:55", ("dhcp.hostname", NAMES[brand]))
    (finding,) = report.findings
    assert finding.kind in {"doorbell", "camera", "lock"}
    assert finding.confidence in {Confidence.POSSIBLE, Confidence.LIKELY}
    said = say_silence(finding, report)
    assert said[0] == "Only the name that it goes by says so, and a name can be given to anything."
    assert len(said) == 4


def test_both_together_are_named_together(catalogue: Catalogue) -> None:
    report = _report(catalogue, "64:9a:63:11:22:33", ("dhcp.hostname", "ring-x"))
    assert say_silence(report.findings[0], report)[0] == "Only its network part and the name that it goes by say so."


def test_a_device_without_any_name_says_what_it_did_not_answer(catalogue: Catalogue) -> None:
    report = _report(catalogue, "00:11:22:33:44:55")
    assert report.findings[0].confidence is Confidence.NONE
    assert say_silence(report.findings[0], report)[0].startswith("It did not answer multicast DNS")


@pytest.mark.parametrize("fact", [("tcp.554", "open"), ("udp.5353", "open"), ("mdns.service", "_hap._tcp")])
def test_a_device_that_answered_anything_is_not_silent(catalogue: Catalogue, fact: tuple[str, str]) -> None:
    report = _report(catalogue, "64:9a:63:11:22:33", fact)
    assert say_silence(report.findings[0], report) == ()


def test_where_nothing_was_asked_silence_is_not_held_against_it(catalogue: Catalogue) -> None:
    quiet = _report(catalogue, "64:9a:63:11:22:33", runs=(ProbeRun("mdns", TIME, TIME),))
    quiet = replace(quiet, scope=replace(quiet.scope, profile=Profile.QUIET))
    assert say_silence(quiet.findings[0], quiet) == (
        "Only its network part says so, and makers use the same ones in different things.",
    )


def test_ports_of_other_devices_do_not_count(catalogue: Catalogue) -> None:
    elsewhere = replace(ASKED[3], sent=Sent(1, 60, (Destination("192.168.7.99", "tcp", 80, 1, 60),)))
    report = _report(catalogue, "64:9a:63:11:22:33", runs=(elsewhere,))
    assert len(say_silence(report.findings[0], report)) == 1


def test_a_copy_without_personal_details_says_the_same(catalogue: Catalogue) -> None:
    report = _report(catalogue, "64:9a:63:11:22:33")
    copy = minimise(report)
    assert say_silence(copy.findings[0], copy) == say_silence(report.findings[0], report)
