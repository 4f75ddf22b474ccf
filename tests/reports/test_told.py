"""What a device told that helps to find and understand it is in its card, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotsweep.guidance import load_guidance
from iotsweep.model import Device, DeviceRole, Observation, Report
from iotsweep.reports.minimising import minimise
from iotsweep.reports.plain import render
from iotsweep.reports.told import find_names, say_told
from tests.reports.fakes import FakeCatalogue
from tests.reports.sample import make_report

TIME = "2026-11-22T10:04:13.000000Z"
OWNER = "0123456789ABCDEF0123456789ABCDEF"


def _report(*told: dict[str, str]) -> Report:
    """One finding for each, in order; they are devices 1, 2, 3 ..."""
    first = make_report().findings[0]
    seen = tuple(Observation("x", TIME, None, None, tuple(sorted(facts.items()))) for facts in told)
    devices = [Device(f"d{n}", DeviceRole.DEVICE, (), (), (), (), None, (n,)) for n in range(len(told))]
    findings = tuple(replace(first, device=device, model=None, name="Camera") for device in devices)
    return replace(make_report(), observations=seen, findings=findings)


def _say(*told: dict[str, str]) -> tuple[str, ...]:
    report = _report(*told)
    return say_told(report.findings[0], report, {each.device.id: n for n, each in enumerate(report.findings, 1)})


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("tapo.connect_ssid", "Flat", 'It uses the Wi-Fi "Flat".'),
        ("tapo.connect_type", "wired", "It is connected by cable."),
        ("tapo.last_alarm_time", "1795330800",
         "It last told of movement on 2026-11-22 at 07:00 UTC, by its own clock."),
        ("tapo.last_alarm_time", "9" * 400, None),
        ("tapo.last_alarm_time", "yesterday", 'It last told of movement at "yesterday".'),
        ("tapo.sd_status", "normal", "It has a memory card that works, so recordings can be on it."),
        ("tapo.sd_status", "offline", "It says that no memory card is in use."),
        ("tapo.factory_default", "true", "It says that nobody has set it up yet."),
        ("onvif.location", "bedroom",
         'Its place is written in it as "bedroom". A maker or a person may have set that (ONVIF).'),
        ("pppp.uid", "DGOK-219681-XQKRP",
         'Its app finds it, also from elsewhere, by the id "DGOK-219681-XQKRP". It is often on its label.'),
        ("pppp.family", "CS2",
         'It is of the peer-to-peer family "CS2": its app can reach it through the family\'s servers.'),
        ("sadp.device_sn", "DS-1", 'Its serial number is "DS-1". It is often on its label.'),
    ],
)  # fmt: skip
def test_each_telling_fact_has_its_sentence(key: str, value: str, sentence: str | None) -> None:
    said = _say({key: value})
    assert said == (sentence,) if sentence else len(said) == 1 and len(said[0]) < 120


def test_an_alarm_of_another_kind_is_named() -> None:
    said = _say({"tapo.last_alarm_time": "1795330800", "tapo.last_alarm_type": "crying"})
    assert said == ('It last told of "crying" on 2026-11-22 at 07:00 UTC, by its own clock.',)


def test_an_account_is_said_to_be_a_code_and_who_else_has_it() -> None:
    said = _say({"tapo.owner": OWNER}, {"tapo.owner": "another"}, {"tapo.owner": OWNER}, {"tapo.owner": OWNER})
    assert OWNER in said[0]
    assert "That is a code, not a name." in said[0]
    assert said[1] == "Devices 3 and 4 give the same account."
    assert _say({"tapo.owner": OWNER}, {"tapo.owner": OWNER})[1] == "Device 2 gives the same account."
    assert len(_say({"tapo.owner": OWNER}, {"tapo.owner": "another"})) == 1


def test_a_name_that_only_the_makers_own_question_brought_is_in_the_card() -> None:
    report = _report({"foscam.name": "Hall"}, {"dvrip.host_name": "LocalHost"})
    assert find_names(report.findings[0], report) == ("Hall",)
    assert find_names(report.findings[1], report) == ()
    assert 'Its name: It calls itself "Hall".' in render(report, FakeCatalogue(), load_guidance())


def test_the_card_shows_it_and_a_copy_without_personal_details_keeps_the_link() -> None:
    report = _report({"tapo.owner": OWNER, "tapo.last_alarm_time": "1795330800"}, {"tapo.owner": OWNER})
    text = render(minimise(report), FakeCatalogue(), load_guidance())
    assert "It also told: Device 2 gives the same account." in text
    assert 'It last told of movement at "[time 1]".' in text
    assert OWNER not in text


def test_a_device_that_says_much_does_not_fill_the_page() -> None:
    report = _report({})
    flood = Observation("x", TIME, None, None, tuple(("pppp.uid", f"A-{n}") for n in range(1000)))
    report = replace(report, observations=(flood,))
    assert len(say_told(report.findings[0], report, {})) == 3
