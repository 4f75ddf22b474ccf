from __future__ import annotations

import pytest

from iotsweep.catalogue.personal import DECIDED, MEANS, sort_personal
from iotsweep.catalogue.vocabulary import KEYS, find_key, is_known, suggest, yielded_with
from iotsweep.probes import all_probes


def test_each_key_stands_once_and_says_what_it_means() -> None:
    names = [key.name for key in KEYS]
    assert len(names) == len(set(names))
    assert all(key.means and name == name.lower() for key, name in zip(KEYS, names, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "mdns.txt.md",
        "tcp.554",
        "udp.5353",
        "http.header.location",
        "tapo.device_type",
        "dhcp.hostname",
        "onvif.hardware",
    ],
)
def test_keys_and_members_of_families_are_known(name: str) -> None:
    assert find_key(name)


@pytest.mark.parametrize(
    "name", ["mdns.txt.", "tcp.0", "tcp.65536", "tcp.080", "tcp.http", "mdns.sevice", "", "tapo", "MDNS.service"]
)
def test_other_keys_are_not(name: str) -> None:
    assert find_key(name) is None


def test_a_misspelt_key_gets_the_closest_one() -> None:
    assert suggest("mdns.sevice") == "Did you mean `mdns.service`"
    assert "catalogue keys" in suggest("zzzz")


def test_every_key_that_a_probe_yields_is_in_the_vocabulary() -> None:
    unknown = {(probe.name, key) for probe in all_probes() for key in probe.yields if not is_known(key)}
    assert unknown == set()


def test_some_probe_or_capture_yields_every_key() -> None:
    yields = {key for probe in all_probes() for key in probe.yields}
    families = {key[:-1] for key in yields if key.endswith("*")}
    for key in KEYS:
        stem = key.name.replace("<port>", "").removesuffix("*")
        assert key.passive or any(stem.startswith(f) for f in families) or any(y.startswith(stem) for y in yields), key


def test_a_family_that_a_probe_spells_out_counts_as_spelt_out() -> None:
    yields = yielded_with(frozenset({"tuya.gw_id"}))
    assert "tuya.gw_id" in yields
    assert "tuya.*" not in yields
    assert {"mac.vendor", "mdns.txt.*", "dhcp.hostname"} <= yields


def test_of_every_key_and_every_spelt_out_member_it_is_decided_whether_it_is_personal() -> None:
    names = {key.name for key in KEYS} | {key for probe in all_probes() for key in probe.yields}
    assert names - DECIDED - {"tcp.*", "udp.*"} == set()


def test_nothing_is_decided_of_keys_that_do_not_exist() -> None:
    assert [key for key in DECIDED if not is_known(key) and "<port>" not in key] == []


@pytest.mark.parametrize(
    ("key", "sort"),
    [
        ("mac.address", "hardware address"),
        ("tuya.gw_id", "serial"),
        ("pppp.uid", "serial"),
        ("upnp.udn", "serial"),
        ("tapo.owner", "account"),
        ("tapo.connect_ssid", "Wi-Fi"),
        ("tapo.last_alarm_time", "time"),
        ("onvif.location", "place"),
        ("dhcp.hostname", "name"),
        ("tls.sni", "look-up"),
        ("http.title", "text"),
        ("mdns.txt.never-seen", "text"),
        ("somebody.new", "text"),
        ("mdns.txt.md", None),
        ("tcp.554", None),
        ("pppp.family", None),
        ("tapo.sd_status", None),
    ],
)
def test_each_personal_key_says_of_which_sort_it_is(key: str, sort: str | None) -> None:
    assert sort_personal(key) == sort


def test_every_sort_has_one_meaning_and_some_key() -> None:
    sorts = {key.personal for key in KEYS if key.personal}
    sorts |= {sort for key in DECIDED if (sort := sort_personal(key))}
    assert sorts == set(MEANS)
