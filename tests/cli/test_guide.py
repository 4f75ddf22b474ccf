"""`iotsweep guide KIND`: a page for every kind."""

from __future__ import annotations

import pytest

from iotsweep.catalogue.loading import load_catalogue
from tests.cli.laptop import command

KINDS = sorted(load_catalogue().kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_that_fits_a_terminal(kind: str) -> None:
    result = command("guide", kind)
    assert result.exit_code == 0, result.output
    for title in ("What it can do", "You could ask", "Options", "Take care", "What a network check cannot show"):
        assert f"\n{title}\n- " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 78


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    result = command("guide", "webcam")
    assert result.exit_code == 2
    assert (
        result.stderr
        == f"iotsweep: there is no kind called 'webcam': choose one of {', '.join(KINDS)}, not-identified\n"
    )


def test_what_could_not_be_named_has_a_page_too() -> None:
    result = command("guide", "not-identified")
    assert result.exit_code == 0, result.output
    assert "walk through the home together" in " ".join(result.stdout.split())
