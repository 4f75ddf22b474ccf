"""A user's own fingerprint wins, and whoever reads the report later can see that it did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iotsweep import stamp as stamping
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.guidance import load_guidance
from iotsweep.reports.plain import render
from iotsweep.vendors import load_vendors
from tests.catalogue.helpers import GOOD, a_folder
from tests.reports.sample import make_report

FILE = "doorbell/acme-doorcam.yaml"


def test_the_report_names_the_fingerprints_that_came_from_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "has_link_rights", lambda: False)
    folder = a_folder(tmp_path / "bundled", {FILE: GOOD})
    (tmp_path / "own" / "doorbell").mkdir(parents=True)
    (tmp_path / "own" / FILE).write_text(GOOD.replace("name: Acme DoorCam", "name: Ours"))
    tool = stamping.stamp(load_catalogue(folder, tmp_path / "own"), load_vendors())
    assert tool.overlay == ("acme-doorcam",)
    said = "The user's own fingerprints were used and win over bundled ones (1): acme-doorcam."
    catalogue, guidance = load_catalogue(), load_guidance()
    assert said in render(replace(make_report(), tool=tool), catalogue, guidance)
    assert "own fingerprints" not in render(make_report(), catalogue, guidance)
