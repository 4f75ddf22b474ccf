"""No test of the catalogue reads or writes this user's own folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from iotsweep.catalogue.cache import OFF_VARIABLE
from iotsweep.catalogue.places import OVERLAY_VARIABLE, UPDATES_VARIABLE


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    monkeypatch.setenv(OVERLAY_VARIABLE, str(place / "own"))
    monkeypatch.setenv(UPDATES_VARIABLE, str(place / "updates"))
    monkeypatch.delenv(OFF_VARIABLE, raising=False)
    return place
