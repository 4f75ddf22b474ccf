from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from iotsweep.catalogue.listing import choose, describe, write_supported
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.cli.catalogue import catalogue_app
from tests.catalogue.helpers import GOOD, a_folder

SUPPORTED = Path(__file__).parents[2] / "SUPPORTED.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    other = (
        GOOD.replace("acme-doorcam", "acme-cam").replace("kind: doorbell", "kind: camera").replace("draft", "tested")
    )
    files = {"doorbell/acme-doorcam.yaml": GOOD, "camera/acme-cam.yaml": other.replace("Acme DoorCam", "Acme | Cam")}
    return a_folder(tmp_path, files)


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(catalogue_app, ["list", *arguments, "--folder", str(folder)])


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ([], ["acme-cam", "acme-doorcam"]),
        (["--kind", "camera"], ["acme-cam"]),
        (["--maker", "ACME"], ["acme-cam", "acme-doorcam"]),
        (["--can", "video", "--status", "tested"], ["acme-cam"]),
        (["--can", "none_known"], []),
    ],
)
def test_filters_narrow_the_list(folder: Path, arguments: list[str], ids: list[str]) -> None:
    result = run(folder, *arguments)
    assert [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")] == ids
    assert f"{len(ids)} fingerprints" in result.stderr


def test_counts_are_by_kind(folder: Path) -> None:
    lines = run(folder, "--counts").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["camera", "1", "families", "1", "makers"],
        ["doorbell", "1", "families", "1", "makers"],
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "cam"], "no kind called 'cam'"),
        (["--can", "see"], "no capability called 'see'"),
        (["--status", "done"], "choose one of draft, tested, stable"),
        (["--maker", "Acne"], "did you mean Acme?"),
    ],
)
def test_an_unknown_word_is_refused_with_the_known_ones(folder: Path, arguments: list[str], said: str) -> None:
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_page_of_what_is_known_escapes_names(folder: Path) -> None:
    page = run(folder, "--markdown").stdout
    assert "| Acme \\| Cam | Acme | tested |" in page
    assert "| Camera | 1 | 1 |" in page


def test_supported_md_is_current() -> None:
    catalogue = load_catalogue()
    everything = choose(catalogue, kind=None, maker=None, can=None, status=None)
    page = write_supported(everything, catalogue)
    assert describe(everything) in page
    assert SUPPORTED.read_text(encoding="utf-8") == page, (
        "write it again with: iotsweep catalogue list --markdown > SUPPORTED.md"
    )
