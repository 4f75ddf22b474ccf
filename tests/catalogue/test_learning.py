from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.masking import as_clue, as_example, mask, private_words
from iotsweep.clean import clean
from iotsweep.cli.catalogue import catalogue_app
from iotsweep.evidence.store import save
from iotsweep.model import Observation, Scope
from iotsweep.plan import make_plan
from iotsweep.sweep import Moment, assess
from tests.catalogue.helpers import GOOD, a_folder

T = "2026-11-22T10:00:00.000000Z"
MAC, IP = "00:1b:63:aa:bb:cc", "192.168.1.23"
PERSONAL = ["Anna", "aabbcc", "AA:BB:CC", "192.168", "SN12345678901", "2f402f80-da50-11e1-9b23-001b63aabbcc", "Kitchen"]


def said(probe: str, mac: str, ip: str, **facts: str) -> Observation:
    return Observation(probe, T, mac, ip, tuple(sorted((k.replace("__", "."), v) for k, v in facts.items())))


SAW = (
    said("arp", MAC, IP),
    said(
        "upnp",
        MAC,
        IP,
        upnp__manufacturer="Zorblax Labs Inc.",
        upnp__model_name="ZX-Hub 3",
        upnp__friendly_name="Anna's Kitchen hub",
        upnp__serial="SN12345678901",
        upnp__udn="uuid:2f402f80-da50-11e1-9b23-001b63aabbcc",
        upnp__device_type="urn:zorblax:device:Hub:1",
    ),
    said("mdns", MAC, IP, mdns__service="_zorblax._tcp", mdns__name="zorblax-aabbcc", mdns__txt__model="ZX3"),
    said("dhcp", MAC, IP, dhcp__hostname="Annas-hub"),
    said("ports", MAC, IP, http__title="Kitchen of Anna", http__server="nginx", tcp__80="open", tcp__7777="open"),
    said("arp", "00:1b:63:00:00:01", "192.168.1.24"),
    said(
        "upnp",
        "00:1b:63:00:00:01",
        "192.168.1.24",
        upnp__manufacturer="Zorblax Labs Inc.",
        upnp__model_name="ZX-Scale 1",
        upnp__friendly_name="Ben's scale",
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    camera = GOOD.replace("kind: doorbell", "kind: camera").replace("acme-doorcam", "hap-camera")
    camera = camera.replace("_acme._tcp", "_hap._tcp").replace(
        "mdns.txt.model: '/^(?P<model>DC-\\d+)$/'", "mdns.txt.ci: 17"
    )
    camera = camera.replace("mdns.txt.model: DC-200", "mdns.txt.ci: 17").replace(", model: DC-200", "")
    return a_folder(tmp_path_factory.mktemp("catalogue"), {"camera/hap-camera.yaml": camera})


@pytest.fixture(scope="module")
def report(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scope = Scope("192.168.1.0/24", "eth0", "192.168.1.99", "02:00:00:00:00:01", "192.168.1.1")
    path = tmp_path_factory.mktemp("visit") / "visit.json"
    save(assess(SAW, (), Moment(T, T), make_plan(scope, load_catalogue(folder))), path)
    return path


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    return lambda *given: CliRunner().invoke(catalogue_app, [*map(str, given), "--folder", str(folder)])


def test_a_draft_holds_what_the_product_says_and_nothing_personal(report: Path, run: Callable[..., Result]) -> None:
    result = run("learn", report, "--device", IP)
    assert result.exit_code == 0, result.output
    draft = yaml.load(result.stdout, yaml.BaseLoader)
    assert (draft["name"], draft["maker"], draft["status"]) == ("Zorblax Labs ZX-Hub 3", "Zorblax Labs", "draft")
    likely = draft["clues"]["likely"]
    assert any(clue.get("upnp.model_name") == "ZX-Hub 3" for clue in likely)
    assert {"mdns.txt.model": "ZX3", "mdns.service": "_zorblax._tcp"} in likely
    assert "confirmed" not in draft["clues"]
    assert not [word for word in PERSONAL if word.casefold() in result.stdout.casefold()]
    assert "matches this device: likely" in result.stderr


def test_the_near_miss_is_another_device_of_the_scan(report: Path, run: Callable[..., Result]) -> None:
    draft = yaml.load(run("learn", report, "--device", MAC).stdout, yaml.BaseLoader)
    near = draft["examples"][-1]
    assert near["expect"] == "none"
    assert near["saw"][0]["upnp.model_name"] == "ZX-Scale 1"
    assert "Ben" not in str(near)


def test_a_draft_passes_every_check_once_a_person_has_said_what_it_is(
    report: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    out = tmp_path / "plug" / "draft.yaml"
    out.parent.mkdir()
    assert run("learn", report, "--device", IP, "--kind", "plug", "--out", out).exit_code == 0
    out.rename(out.with_name(f"{yaml.load(out.read_text(), yaml.BaseLoader)['id']}.yaml"))
    result = run("check", next(out.parent.iterdir()))
    assert result.exit_code == 0, result.stdout
    assert run("learn", report, "--device", IP, "--out", next(out.parent.iterdir())).exit_code == 2


def test_a_device_that_says_nothing_gives_no_draft(report: Path, run: Callable[..., Result]) -> None:
    assert "no device '10.0.0.1'" in run("learn", report, "--device", "10.0.0.1").stderr
    assert run("learn", report, "--device", IP, "--kind", "cam").exit_code == 2


def test_show_says_which_clue_holds_by_which_reply(report: Path, run: Callable[..., Result]) -> None:
    lines = [
        '{"id": "a", "observations": [{"mdns.service": "_hap._tcp", "mdns.txt.ci": "17"}]}',
        '{"id": "b", "observations": [{"mdns.service": "_hap._tcp"}, {"mdns.txt.ci": "17"}]}',
    ]
    file = report.with_name("lines.jsonl")
    file.write_text("\n".join(lines))
    holds = run("show", "hap-camera", "--against", file, "--device", "a").stdout
    assert "holds" in holds
    assert "yes  mdns.txt.ci is 17: reply 0 (line) said 17" in holds
    apart = run("show", "hap-camera", "--against", file, "--device", "b").stdout
    assert "no clue holds" in apart
    assert "never all in one reply, as mdns facts have to be" in apart
    whole = run("show", "hap-camera", "--against", report).stdout
    assert "nothing that was seen says this" in whole
    assert run("show", "hap-camera", "--against", report.with_name("nothing")).exit_code == 2


@pytest.mark.parametrize(
    ("key", "value", "example", "clue"),
    [
        ("mdns.host", "ESP-0A1B2C", "ESP-000000", "ESP-*"),
        ("dhcp.hostname", "shellyplug-s-AABBCC112233", "shellyplug-s-000000", "shellyplug-s-*"),
        ("http.title", "Camera 192.168.1.5", "Camera 000000", "Camera *"),
        ("upnp.model_name", "DS-2CD2042WD-I", "DS-2CD2042WD-I", "DS-2CD2042WD-I"),
        ("tls.subject", "CN=00:1B:63:AA:BB:CC", "CN=000000", "CN=*"),
        ("rtsp.realm", "Login to 4G0123456789ABC", "Login to 000000", "Login to *"),
        ("http.favicon", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef", ""),
    ],
)
def test_numbers_of_one_device_become_holes(key: str, value: str, example: str, clue: str) -> None:
    masked = mask(key, value, frozenset())
    assert masked is not None
    assert as_example(masked) == example
    assert as_clue(masked) == (clue or value)


@pytest.mark.parametrize("key", ["ip.v4", "mac.address", "upnp.serial", "ssdp.usn", "mdns.txt.id", "wifi.ssid"])
def test_what_is_on_no_list_stays_out(key: str) -> None:
    assert mask(key, "anything", frozenset()) is None


@given(st.text(max_size=60), st.sampled_from(["http.title", "mdns.host", "upnp.model_name", "tls.subject"]))
def test_any_text_can_be_masked_and_written(text: str, key: str) -> None:
    masked = mask(key, clean(text), frozenset())
    if masked is not None:
        assert isinstance(as_clue(masked) + as_example(masked), str)


@pytest.mark.parametrize("key", ["foscam.name", "onvif.location", "wifi.ssid", "kasa.alias", "dhcp.hostname"])
def test_a_name_of_any_protocol_keeps_its_words_out_of_a_draft(key: str) -> None:
    private = private_words([Observation("x", T, MAC, IP, ((key, "Zoranna's room"), ("upnp.model_name", "Room Cam")))])
    assert "zoranna" in private
    assert "room" not in private, "the product says that word itself"
    assert mask("http.title", "Camera of Zoranna", private) is None
    assert mask("http.title", "Room camera", private) == "Room camera"
