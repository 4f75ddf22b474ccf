"""Homes without a camera: whatever fires there would be a false alarm in somebody's home."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from iotsweep.catalogue.build import as_observation
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import fit
from iotsweep.catalogue.vocabulary import find_key
from iotsweep.model import Observation
from iotsweep.vendors import load_vendors

FOLDER = Path(__file__).parents[1] / "homes" / "innocent"
HOMES = sorted(FOLDER.glob("*.yaml"))
WATCHING = frozenset({"camera", "doorbell", "baby-monitor", "recorder"})


def read_home(path: Path) -> list[tuple[str, list[Observation]]]:
    tree = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    return [
        (
            device["name"],
            [
                as_observation({key: [text] if isinstance(text, str) else text for key, text in reply.items()})
                for reply in device["said"]
            ],
        )
        for device in tree["devices"]
    ]


DEVICES = [pytest.param(seen, id=f"{path.stem}: {name}") for path in HOMES for name, seen in read_home(path)]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_there_are_enough_homes_and_devices() -> None:
    sizes = [len(read_home(path)) for path in HOMES]
    assert len(sizes) >= 6
    assert min(sizes) >= 15


@pytest.mark.parametrize("seen", DEVICES)
def test_nothing_that_watches_is_said_of_it(seen: list[Observation], catalogue: Catalogue) -> None:
    matches = fit(list(enumerate(seen)), catalogue, load_vendors())
    fired = [(match.fingerprint, match.kind, match.confidence.value, match.because) for match in matches]
    assert [one for one in fired if one[1] in WATCHING] == []


@pytest.mark.parametrize("seen", DEVICES)
def test_it_speaks_in_words_that_a_probe_knows(seen: list[Observation]) -> None:
    assert [key for one in seen for key, _ in one.facts if find_key(key) is None] == []
    assert all(one.facts for one in seen)


def test_most_of_them_are_named(catalogue: Catalogue) -> None:
    every = [seen for path in HOMES for _, seen in read_home(path)]
    named = sum(bool(fit(list(enumerate(seen)), catalogue, load_vendors())) for seen in every)
    assert named >= 0.8 * len(every)
