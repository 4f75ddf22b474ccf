"""A copy without personal details: nothing personal survives in any form, and what agreed still agrees."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console

from iotsweep.captures import _Tally
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.personal import ADDRESS, HARDWARE, sort_personal
from iotsweep.catalogue.vocabulary import KEYS
from iotsweep.evidence.store import dump, parse
from iotsweep.guidance import load_guidance
from iotsweep.model import (
    Because,
    Concern,
    Confidence,
    Destination,
    Device,
    DeviceRole,
    Finding,
    Level,
    Match,
    NotChecked,
    Observation,
    ProbeRun,
    Reason,
    Report,
    Sent,
)
from iotsweep.probes import all_probes
from iotsweep.reports import plain, terminal
from iotsweep.reports.minimising import LEFT_OUT, minimise
from iotsweep.reports.selection import Selection
from iotsweep.sweep import Moment, Plan, assess
from iotsweep.vendors import load_vendors
from tests.evidence.reports import REPORTS, TIME
from tests.fakes import SCOPE, TOOL

MEMBERS = {key for probe in all_probes() for key in probe.yields if not key.endswith("*")}
EXTRA = {"mdns.txt.owner", "http.header.x-name", "ssdp.header.x-user", "onvif.room", "coap.title", "airplay.name"}
PERSONAL = sorted(
    key for key in {key.name for key in KEYS if "*" not in key.name} | MEMBERS | EXTRA if sort_personal(key)
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def _marker(key: str, number: int) -> str:
    """A value that stands nowhere else, in the shape of its key."""
    if sort_personal(key) == ADDRESS:
        return f"http://192.168.7.{number}:8099/x" if key in {"ssdp.location", "hanwha.url"} else f"192.168.7.{number}"
    if sort_personal(key) == HARDWARE:
        return f"ae:0f:3c:77:01:{number:02x}"
    return f"Zoranna-{number:03d}qx"


def _traces(key: str, number: int) -> tuple[str, ...]:
    """Every way in which that value could still stand somewhere, in lower case."""
    if sort_personal(key) == ADDRESS:
        return (f"192.168.7.{number}",)
    if sort_personal(key) == HARDWARE:
        return (f"ae:0f:3c:77:01:{number:02x}", f"ae0f3c7701{number:02x}", f"ae-0f-3c-77-01-{number:02x}")
    return (f"zoranna-{number:03d}qx", f"zoranna_{number:03d}qx", f"{number:03d}qx")


MARKERS = {key: _marker(key, 10 + place) for place, key in enumerate(PERSONAL)}
TRACES = {key: _traces(key, 10 + place) for place, key in enumerate(PERSONAL)}


def _observe() -> list[Observation]:
    """Every personal key once, five to a reply, each reply from a device of its own with something that names it."""
    seen = []
    for place, keys in enumerate(_fives()):
        facts = [(key, MARKERS[key]) for key in keys] + [("tapo.device_type", "SMART.IPCAMERA"), ("tcp.554", "open")]
        mac = f"ae:0f:3c:88:02:{place:02x}"
        seen.append(Observation("fake", TIME, mac, f"192.168.7.{200 + place}", tuple(sorted(facts)), "a" * 64))
    return seen


def _fives() -> list[tuple[str, ...]]:
    return [tuple(PERSONAL[start : start + 5]) for start in range(0, len(PERSONAL), 5)]


def _report(catalogue: Catalogue) -> Report:
    """A report in which every personal value also stands in sentences, as probes write them."""
    sentences = tuple(f"{value} did not answer; look at {value} again ({value})." for value in MARKERS.values())
    sent = Sent(
        3, 90, (Destination("192.168.7.33", "udp", 80, 3, 90), Destination("239.255.255.250", "udp", 1900, 1, 9))
    )
    tally = _Tally("Zoranna-998qx.pcap", 4)
    runs = (
        ProbeRun("fake", TIME, TIME, sent, 3, limits=(*sentences, *tally.limits())),
        ProbeRun("nmap", skipped=sentences[0], failed=sentences[1]),
    )
    say = load_guidance().sentence
    own = (
        NotChecked("surroundings", say("coverage.networks", network="10.0.9.0/24", interface="Zoranna-997qx")),
        NotChecked("surroundings", say("coverage.vpn", interface="Zoranna-997qx")),
    )
    plan = Plan(SCOPE, catalogue, load_vendors(), (), TOOL, 0)
    report = assess(_observe(), runs, Moment(TIME, TIME, f"the network of {MARKERS['mdns.name']} went away"), plan)
    concern = Concern(Level.FIND_IT, True, None, (Reason("X", f"It is called {MARKERS['dhcp.hostname']}."),))
    because = (Because(0, "http.title", MARKERS["http.title"]), Because(None, "mdns.txt.x", "Zoranna-995qx"))
    match = Match("anna", "Zoranna-996qx", "camera", "Zoranna-996qx", Confidence.POSSIBLE, because,
                  (), "Zoranna-994qx", "Zoranna-994qx", "Zoranna-993qx", "Zoranna-992qx")  # fmt: skip
    device = Device("device-9", DeviceRole.BRIDGED, ("ae:0f:3c:99:03:01",), (), ("fe80::ac0f:3cff:fe99:301",),
                    ("Zoranna-991qx",), None, (0,), ("192.168.7.9",), report.findings[0].device.id)  # fmt: skip
    finding = Finding(device, "camera", "Zoranna-996qx", "Zoranna-996qx", "Zoranna-994qx", Confidence.POSSIBLE,
                      match.because, (match,), (), concern, "anna")  # fmt: skip
    scope = replace(SCOPE, interface="Zoranna-990qx", mac="ae:0f:3c:99:03:02")
    return replace(
        report,
        scope=scope,
        tool=replace(TOOL, overlay=("anna",)),
        findings=(*report.findings, finding),
        not_checked=(*report.not_checked, *own),
    )


HAND_MADE = (
    *(f"{number}qx" for number in range(990, 999)),
    *("anna", "ae:0f:3c", "ae0f3c", "fe80::ac0f", "192.168.7.", "10.0.9.", "a" * 64),
)


def _forms(report: Report, catalogue: Catalogue) -> dict[str, str]:
    """Everything that `iotsweep report` can print of it."""
    guidance = load_guidance()
    parts = [Selection(), *(Selection(levels=frozenset({level})) for level in Level), Selection(skip=1, limit=3)]
    forms = {"json": dump(report)}
    for number, part in enumerate(parts):
        forms[f"plain {number}"] = plain.render(report, catalogue, guidance, part)
        for width in (40, 80, 200):
            console = Console(file=io.StringIO(), width=width, highlight=False)
            terminal.render(report, catalogue, guidance, console, part)
            forms[f"terminal {number} at {width}"] = console.file.getvalue()  # type: ignore[attr-defined]
    return forms


def test_nothing_personal_survives_in_any_form(catalogue: Catalogue) -> None:
    report = _report(catalogue)
    whole = re.sub(r"\s", "", _forms(report, catalogue)["json"].lower())
    assert [key for key, traces in TRACES.items() if not any(trace in whole for trace in traces)] == []
    for name, text in _forms(minimise(report), catalogue).items():
        seen = re.sub(r"\s", "", text.lower())  # a terminal may break a word
        left = {key for key, traces in TRACES.items() if any(trace in seen for trace in traces)}
        assert (name, left, [word for word in HAND_MADE if word in seen]) == (name, set(), [])


def test_every_form_says_that_it_is_a_copy_and_no_longer_the_evidence(catalogue: Catalogue) -> None:
    for text in _forms(minimise(_report(catalogue)), catalogue).values():
        assert "is no longer the full evidence" in " ".join(text.split())


def test_the_whole_report_does_not_say_so(catalogue: Catalogue) -> None:
    assert "no longer the full evidence" not in dump(_report(catalogue))


def _small(*seen: Observation, **fields: object) -> Report:
    plan = Plan(SCOPE, load_catalogue(), load_vendors(), (), TOOL, 0)
    return replace(assess(seen, (), Moment(TIME, TIME), plan), **fields)  # type: ignore[arg-type]


def _see(**facts: str) -> Observation:
    named = tuple(sorted((key.replace("_", ".", 1), value) for key, value in facts.items()))
    return Observation("fake", TIME, "9c:a2:f4:31:31:01", "192.168.7.31", named)


def test_the_same_value_gets_the_same_placeholder_and_others_get_others() -> None:
    report = minimise(_small(_see(mdns_name="Kitchen", dhcp_hostname="kitchen"), _see(netbios_name="HALL")))
    facts = dict(fact for seen in report.observations for fact in seen.facts)
    assert facts["mdns.name"] == facts["dhcp.hostname"] != facts["netbios.name"]
    assert re.fullmatch(r"\[name \d+\]", facts["mdns.name"])


def test_a_hardware_address_is_the_same_however_it_is_written() -> None:
    report = minimise(_small(_see(foscam_serial="9CA2F4313101", onvif_mac="9c-a2-f4-31-31-01")))
    values = {value for seen in report.observations for _, value in seen.facts}
    assert len(values) == 1
    assert values == {report.observations[0].mac}


def test_a_uuid_is_the_same_with_and_without_its_prefix() -> None:
    uuid = "4d696e69-444c-164e-9d41-001122334455"
    seen = _see(upnp_udn=f"uuid:{uuid}", wsd_address=f"urn:uuid:{uuid}", ssdp_st=f"uuid:{uuid}")
    facts = dict(minimise(_small(seen)).observations[0].facts)
    assert facts == {"upnp.udn": "[serial 1]", "wsd.address": "[serial 1]", "ssdp.st": "uuid:[serial 1]"}


def test_a_hardware_address_without_letters_is_found_in_what_the_product_says() -> None:
    seen = _see(mac_address="00:11:22:33:44:55", dhcp_vendor="x")
    seen = replace(seen, mac="00:11:22:33:44:55", facts=(*seen.facts, ("dhcp.vendor_class", "AXIS,9.80,001122334455")))
    facts = dict(minimise(_small(seen)).observations[0].facts)
    assert facts["dhcp.vendor_class"] == f"AXIS,9.80,{facts['mac.address']}"


@pytest.mark.parametrize("name", ["Bob", "Li", "Zoë", "Ann-Marie", "Иван", "山田", "O'Neill (2)", "İpek"])
def test_a_name_is_found_in_a_sentence_however_short_or_written(name: str) -> None:
    why = f"{name} did not answer; it is {name}'s, said {name.upper()}."
    report = minimise(_small(_see(dhcp_hostname=name), not_checked=(NotChecked("ports", why),)))
    assert report.not_checked[0].why == "[name 1] did not answer; it is [name 1]'s, said [name 1]."


def test_a_name_is_not_found_inside_another_word() -> None:
    report = minimise(_small(_see(dhcp_hostname="Ann"), not_checked=(NotChecked("ports", "Annual, Hann, Ann"),)))
    assert report.not_checked[0].why == "Annual, Hann, [name 1]"


def test_what_the_product_says_of_itself_stays() -> None:
    seen = _see(tapo_device_type="SMART.IPCAMERA", tapo_device_model="C210", tcp_554="open", tapo_owner="0" * 32)
    whole = _small(seen)
    report = minimise(whole)
    assert report.findings[0].model == "C210"
    assert report.findings[0].name == whole.findings[0].name
    assert report.findings[0].concern == whole.findings[0].concern
    facts = dict(report.observations[0].facts)
    assert facts == {"tapo.device_type": "SMART.IPCAMERA", "tapo.device_model": "C210", "tcp.554": "open",
                     "tapo.owner": "[account 1]"}  # fmt: skip


def test_a_model_that_was_read_out_of_a_given_name_goes_with_it() -> None:
    whole = _small(_see(dhcp_hostname="Tapo_C210_Anna"))
    assert whole.findings[0].model == "C210"
    assert minimise(whole).findings[0].model is None


def test_a_name_of_everyday_words_does_not_eat_our_own_sentences() -> None:
    why = "The router did not tell; 192.168.7.31 was asked at port 80."
    report = minimise(
        _small(_see(upnp_friendly_name="router", mdns_txt="80"), not_checked=(NotChecked("router", why),))
    )
    assert re.fullmatch(r"The router did not tell; \[address \d+\] was asked at port 80\.", report.not_checked[0].why)


def test_groups_and_everybody_are_nobodys_address() -> None:
    places = tuple(
        Destination(a, "udp", 9, 1, 1) for a in ("255.255.255.255", "224.0.0.251", "ff02::fb", "192.168.7.4")
    )
    report = minimise(_small(_see(tcp_80="open"), runs=(ProbeRun("fake", sent=Sent(1, 1, places)),)))
    kept = [place.address for place in report.runs[0].sent.destinations]
    assert kept[:3] == ["255.255.255.255", "224.0.0.251", "ff02::fb"]
    assert kept[3].startswith("[address ")


def test_a_version_that_looks_like_an_address_stays() -> None:
    report = minimise(_small(_see(vstarcam_firmware="48.50.64.26", ssdp_server="X/1.0 at 192.168.7.31")))
    facts = dict(report.observations[0].facts)
    assert facts["vstarcam.firmware"] == "48.50.64.26"
    assert facts["ssdp.server"] == f"X/1.0 at {report.observations[0].ip}"


def test_what_replies_hash_to_is_left_out() -> None:
    seen = replace(_see(tls_sha256="ab" * 32), sha256="cd" * 32)
    text = dump(minimise(_small(seen)))
    assert "ab" * 32 not in text
    assert "cd" * 32 not in text


def test_a_copy_of_a_copy_is_the_same_copy(catalogue: Catalogue) -> None:
    once = minimise(_report(catalogue))
    assert minimise(once) == once
    assert once.left_out == LEFT_OUT


def test_the_device_behind_a_bridge_still_names_its_bridge(catalogue: Catalogue) -> None:
    report = minimise(_report(catalogue))
    assert report.findings[-1].device.bridge == report.findings[0].device.id


@settings(max_examples=60, deadline=None)
@given(REPORTS)
def test_any_report_becomes_a_copy_that_reads_back(report: Report) -> None:
    copy = minimise(replace(report, left_out=None))
    assert len(copy.findings) == len(report.findings)
    assert parse(dump(copy).encode(), "copy") == copy
