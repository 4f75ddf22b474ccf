"""A measurement of the unknown must not be helped by what was written for the maker that is asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.truth import ask, is_same_maker, is_written_for
from iotsweep.model import Confidence, Match


def a_match(maker: str, name: str, *, generic: bool = False) -> Match:
    return Match("some-id", name, "plug", maker, Confidence.LIKELY, (), generic=generic)


MAKERS = ["Belkin WeMo", "belkin"]


def test_what_was_written_for_the_maker_of_a_line_does_not_count() -> None:
    assert is_written_for(a_match("Belkin", "Smart plug"), MAKERS)
    assert is_written_for(a_match("Linksys", "Belkin WeMo plug"), MAKERS)


def test_what_was_written_for_others_or_for_nobody_counts() -> None:
    assert not is_written_for(a_match("Meross", "Meross plug"), MAKERS)
    assert not is_written_for(a_match("Belkin", "Any UPnP plug", generic=True), MAKERS)


@pytest.mark.parametrize(("unseen", "kind"), [(False, "plug"), (True, None)])
def test_a_line_of_a_maker_that_nobody_listed_is_asked_without_its_fingerprints(
    tmp_path: Path, *, unseen: bool, kind: str | None
) -> None:
    line = {
        "id": "one",
        "observations": [{"upnp.device_type": "urn:Belkin:device:controllee:1"}],
        "expect": {"kind": "plug", "maker": "Belkin WeMo"},
    }
    (tmp_path / "lines.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (answer,) = ask(tmp_path / "lines.jsonl", unseen=unseen)
    assert answer.kind == kind


def test_a_maker_is_the_same_however_much_of_its_name_is_said() -> None:
    assert is_same_maker("Belkin International Inc.", "Belkin WeMo")
    assert is_same_maker("TP-Link", "TP-LINK Technologies")
    assert not is_same_maker("Home Connect", "Home Assistant")
    assert not is_same_maker(None, "Belkin")
