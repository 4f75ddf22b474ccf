"""What is said, and what is never said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from iotsweep.model import Because, Confidence, DeviceRole, NotChecked, Observation, ProbeRun
from iotsweep.reports.facts import say_because, say_fact
from iotsweep.reports.plain import render
from tests.reports.drawing import draw
from tests.reports.fakes import FakeCatalogue, FakeGuidance
from tests.reports.sample import make_report

# Research on wording: what was observed, never a verdict, an alarm, or a claim about a person.
FORBIDDEN = (
    "safe", "all clear", "clean", "attack", "threat", "target", "hostile", "suspicious", "victim", "compromised",
    "infected", "rogue", "malicious", "danger", "spying", "stalking", "perpetrator", "evidence of", "illegal",
    "weak password", "risk score", "abuse", "abuser", "he", "she", "proves", "removed it", "fixed", "!",
)  # fmt: skip


def _plain() -> str:
    return render(make_report(), FakeCatalogue(), FakeGuidance())


@pytest.mark.parametrize("text", [_plain(), draw(make_report("the time was over"))], ids=["plain", "terminal"])
def test_no_forbidden_word_is_said(text: str) -> None:
    ours = re.sub(r'"[^"]*"', "", text.replace("FRITZ!Box", "")).lower()

    assert [word for word in FORBIDDEN if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", ours)] == []


def test_the_bridged_lamp_points_to_its_bridge() -> None:
    assert "Device 12 of 14: Role: We know of it from device 7, which announces it." in _plain()


def test_the_repeater_says_for_how_many_addresses_it_answers() -> None:
    assert "Device 9 of 14: Role: One device answers for 12 addresses" in _plain()


def test_the_router_and_this_laptop_are_marked() -> None:
    assert "Device 8 of 14: [2] Check next: FRITZ!Box by AVM, this network's router, not discussed yet." in _plain()
    assert "This laptop: Role: It made this check." in _plain()


def test_guidance_for_a_kind_is_said_once_and_then_pointed_to() -> None:
    text = _plain()

    assert text.count("Which rooms and which way does it face?") == 1
    assert "Device 2 of 14: See also: What to ask, what to look for and what not to do: as for device 1." in text


def test_a_device_without_a_name_says_what_it_showed() -> None:
    assert 'Device 4 of 14: It showed: Its web page has the title "Web Client".' in _plain()


def test_each_device_says_which_questions_saw_it_and_in_which_pass_it_answered_first() -> None:
    report = make_report()
    seen = (
        Observation("mdns", "2026-11-22T10:00:02.000000Z", None, "192.168.7.9"),
        Observation("arp", "2026-11-22T10:00:01.000000Z", None, "192.168.7.9", (("arp.pass", "3"),)),
        Observation("arp", "2026-11-22T10:00:01.500000Z", None, "192.168.7.9", (("arp.pass", "2"),)),
        Observation("arp", "2026-11-22T10:00:03.000000Z", None, "192.168.7.9", (("arp.pass", "\u00b2"),)),
    )
    finding = replace(report.findings[0], device=replace(report.findings[0].device, seen=(0, 1, 2, 3)))
    text = render(replace(report, observations=seen, findings=(finding,)), FakeCatalogue(), FakeGuidance())
    assert "Seen by: arp (pass 2), mdns." in text


def test_what_is_only_possible_is_said_apart_from_what_is_likely() -> None:
    assert "Device 2 of 14: What it might do: Can let people with access hear" in _plain()


def test_counts_leave_out_this_laptop() -> None:
    report = make_report()
    alone = replace(report, findings=tuple(f for f in report.findings if f.device.role is DeviceRole.LAPTOP))

    assert "We found 0 devices besides this laptop and could name 0." in render(alone, FakeCatalogue(), FakeGuidance())


def test_a_reason_that_stands_in_both_lists_is_said_once() -> None:
    report = replace(
        make_report(),
        runs=(ProbeRun("nmap", skipped="nmap is not installed."),),
        not_checked=(NotChecked("nmap", "nmap is not installed."),),
    )

    assert render(report, FakeCatalogue(), FakeGuidance()).count("nmap is not installed.") == 1


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("rtsp.server", "Hipcam RealServer", 'It answers video requests (RTSP) as "Hipcam RealServer".'),
        ("tcp.554", "open", "It answers at TCP port 554 (video, RTSP)."),
        ("udp.32100", "open", "It answers at UDP port 32100."),
        ("mdns.txt.md", "Nest", 'Its announcement says md = "Nest".'),
        ("http.header.x-powered-by", "PHP", 'Its web server says header.x-powered-by = "PHP".'),
        ("kasa.model", "HS110", 'It answers TP-Link\'s own discovery with the model "HS110".'),
        ("kasa.feature", "TIM", 'It answers TP-Link\'s own discovery with feature = "TIM".'),
        ("pppp.uid", "A-1-B", 'It answers the peer-to-peer cameras\' own discovery with the id "A-1-B".'),
        ("rtsp.public", "OPTIONS", 'It lets others ask for video (RTSP) with "OPTIONS".'),
        ("mdns.txt.a. Confirmed lamp", "1", 'Its announcement says a._Confirmed_lamp = "1".'),
        ("mac.local", "no", "Its hardware address comes from its maker."),
        ("mdns.txt", "x", 'It answers mdns discovery with txt = "x".'),
        ("nodot", "x", 'It answers nodot discovery with nodot = "x".'),
        ("http.title", 'x". Confirmed: "lamp', "Its web page has the title \"x'. Confirmed: 'lamp\"."),
    ],
)
def test_a_fact_is_one_plain_sentence(key: str, value: str, sentence: str) -> None:
    assert say_fact(key, value) == sentence


def test_facts_are_said_once_and_the_rest_is_counted() -> None:
    facts = [Because(0, "tcp.80", "open")] * 2 + [Because(0, f"tcp.{port}", "open") for port in range(1000, 1004)]

    assert say_because(facts, 3)[-1] == "The saved record holds 2 more."
    assert len(say_because(facts, 3)) == 4
    assert say_because(facts, 1) == ("It answers at TCP port 80 (web page).",)


@pytest.mark.parametrize(
    ("sure", "title"),
    [(Confidence.LIKELY, "Tapo camera by TP-Link (likely)"), (Confidence.POSSIBLE, "Could be: Tapo camera by TP-Link")],
)
def test_the_title_says_how_sure(sure: Confidence, title: str) -> None:
    report = make_report()
    finding = replace(report.findings[0], confidence=sure, model=None)
    text = render(replace(report, findings=(finding,)), FakeCatalogue(), FakeGuidance())

    assert f"Device 1 of 1: [1] Check first: {title}, not discussed yet." in text


def test_a_wifi_name_near_here_is_never_counted_as_a_device_on_this_network() -> None:
    report = make_report()
    some = next(f for f in report.findings if f.device.role is DeviceRole.DEVICE)
    near = replace(some.device, id="device-near", role=DeviceRole.NEARBY, ipv4=(), ipv6=(), macs=(), names=("Nax_1",))
    more = replace(report, findings=(*report.findings, replace(some, device=near)))
    before, after = (render(each, FakeCatalogue(), FakeGuidance()) for each in (report, more))

    def found(text: str) -> str:
        return next(line for line in text.splitlines() if "besides this laptop" in line)

    assert found(before) == found(after)
    assert "1 Wi-Fi name near here can be a camera's own. It is not on this network." in after
    assert "Wi-Fi name near here" not in before
    assert "by a Wi-Fi name near here, not on this network" in after
    assert "hardware address not seen" not in "".join(line for line in after.splitlines() if "near here" in line)
