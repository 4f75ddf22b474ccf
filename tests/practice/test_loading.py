"""Home files with mistakes in them: each is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iotsweep.practice.loading import HomeError, find_home, load_home

HOME = """\
id: tiny
title: Tiny
story: One router.
network: 10.0.0.0/24
gateway: 10.0.0.1
laptop: {address: 10.0.0.9, mac: "02:00:00:00:00:09"}
devices:
  - id: router
    truth: {kind: router}
    address: 10.0.0.1
    mac: "02:00:00:00:00:01"
"""
SECOND = """\
  - id: second
    truth: {says: a box}
    address: 10.0.0.2
    mac: "02:00:00:00:00:02"
"""


def load(folder: Path, text: str) -> str:
    """The error that `text` meets."""
    path = folder / "home.yaml"
    path.write_text(text)
    with pytest.raises(HomeError) as caught:
        load_home(path)
    return str(caught.value).replace(str(path), "home.yaml")


def test_a_small_home_loads(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_text(HOME + SECOND)
    home = load_home(path)
    assert [device.id for device in home.devices] == ["router", "second"]
    assert home.devices[0].mac == "02:00:00:00:00:01"


def test_a_truth_without_a_kind_means_that_nobody_could_tell(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_text(HOME + SECOND)
    assert load_home(path).devices[1].truth.kind is None


def test_a_mac_address_of_digits_is_not_read_as_a_number(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_text(HOME.replace('"02:00:00:00:00:01"', "12:34:56:10:20:30"))
    assert load_home(path).devices[0].mac == "12:34:56:10:20:30"


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("story:", "storey:"), 1, "story: is missing"),
        (("truth: {kind: router}", "truth: {kind: router, modle: x}"), 9, "devices.0.truth.modle: is not a word"),
        (("address: 10.0.0.1\n", "address: 10.0.0.1\n    address: 10.0.0.3\n"), 11, "'address' stands twice"),
        (("address: 10.0.0.1\n", "address: 10.9.0.1\n"), 10, "10.9.0.1 is not a host of 10.0.0.0/24"),
        (("address: 10.0.0.1\n", "address: 10.0.0.9\n"), 10, "10.0.0.9 is taken"),
        (("address: 10.0.0.1\n", "address: 10.0.0.999\n"), 10, "10.0.0.999 is not a host"),
        (("10.0.0.0/24", "8.8.8.0/24"), 4, "has to be private"),
        (("10.0.0.0/24", "10.0.0.0/8"), 4, "no larger than a /20"),
        (("10.0.0.0/24", "10.0.0.1/24"), 4, "is not a network"),
        (("gateway: 10.0.0.1", "gateway: 10.0.0.7"), 5, "10.0.0.7 is no device of this home"),
        (('"02:00:00:00:00:01"', "no"), 11, "devices.0.mac: string should match"),
        (("truth: {kind: router}", "truth: {kind: router}\n    http: [{port: 99999}]"), 10, "less than or equal"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], line: int, words: str) -> None:
    message = load(tmp_path, HOME.replace(*change))
    assert message.startswith(f"home.yaml:{line}: ")
    assert words in message


def test_an_alias_is_refused(tmp_path: Path) -> None:
    message = load(tmp_path, HOME.replace("devices:", "devices: &all") + "    mdns: *all\n")
    assert message.startswith("home.yaml:7: is used again through an alias")


def test_two_devices_with_one_mac_address_are_refused(tmp_path: Path) -> None:
    message = load(tmp_path, HOME + SECOND.replace("00:00:02", "00:00:01"))
    assert message.startswith("home.yaml:15:")
    assert "belongs to two devices" in message


@pytest.mark.parametrize("text", ["", "[", "a: b: c", "- 1", "plain", "? [a]\n: 1", "x: !!python/object:os.system y"])
def test_what_is_no_home_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    assert "\n" not in load(tmp_path, text)


def test_a_file_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    layers = ["a0: &a0 [x,x]"] + [f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]" for n in range(1, 40)]
    assert "through an alias" in load(tmp_path, "\n".join(layers))


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert load(tmp_path, "id: " + "[" * 5000)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    assert "larger than 1 MB" in load(tmp_path, "#" * (1 << 20) + "\n#")


def test_binary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HomeError, match="UTF-8"):
        load_home(path)


def test_an_unknown_home_is_answered_with_the_known_ones() -> None:
    with pytest.raises(HomeError, match=r"choose one of family-home, .*quiet-flat"):
        find_home("mansion")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_the_loader_crash(tmp_path: Path, text: str) -> None:
    path = tmp_path / "home.yaml"
    path.write_text(text, encoding="utf-8", newline="", errors="replace")
    with pytest.raises(HomeError):
        load_home(path)
