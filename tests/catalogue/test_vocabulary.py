from __future__ import annotations

import pytest

from iotsweep.catalogue.vocabulary import KEYS, find_key, is_known, suggest
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
