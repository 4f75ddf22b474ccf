from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.catalogue import cache, data, installed, loading, places
from iotsweep.catalogue.cache import OFF_VARIABLE, SHIPPED, read_shipped, write_shipped
from iotsweep.catalogue.catalogue import Catalogue
from iotsweep.catalogue.compiled import CompiledError, decode, encode
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.matching import fit
from iotsweep.catalogue.places import OVERLAY_VARIABLE
from tests.catalogue.helpers import GOOD, FewVendors, a_folder, seen

FILE = "doorbell/acme-doorcam.yaml"
SAID = {"mdns.service": "_acme._tcp", "mdns.txt.model": "DC-7"}


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = a_folder(tmp_path / "bundled", {FILE: GOOD})
    monkeypatch.setattr(installed, "bundled_folder", lambda: folder)
    monkeypatch.setattr(loading, "bundled_folder", lambda: folder)
    return folder


@pytest.fixture
def kept(_alone: Path) -> Path:
    return _alone / "cache" / "iotsweep" / "catalogue.json"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every time that the files themselves are read."""
    found: list[Path] = []
    real = data.read_data

    def read_data(folder: Path, *, skip: bool = False) -> object:
        found.append(folder)
        return real(folder, skip=skip)

    monkeypatch.setattr(loading, "read_data", read_data)
    return found


def same(one: Catalogue, other: Catalogue) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("kinds", "capabilities", "version", "sha256", "makers", "module_makers", "overlay")
    ) and _worked_out(one) == _worked_out(other)


def _worked_out(one: Catalogue) -> object:
    return tuple(one.fingerprints), one.ports(), json.loads(json.dumps(one.index.plan()))


def test_the_second_load_comes_from_the_cache_and_is_the_same(bundled: Path, kept: Path, reads: list[Path]) -> None:
    first = load_catalogue()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    second = load_catalogue()
    assert len(reads) == 1
    assert same(second, first)
    assert fit(seen(SAID), second, FewVendors()) == fit(seen(SAID), first, FewVendors()) != ()


def test_a_changed_file_is_read_again_even_when_size_and_time_stay(
    bundled: Path, kept: Path, reads: list[Path]
) -> None:
    load_catalogue()
    before = (bundled / FILE).stat()
    (bundled / FILE).write_text(GOOD.replace("Acme DoorCam", "Acme CamDoor"))
    os.utime(bundled / FILE, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load_catalogue().fingerprints[0].name == "Acme CamDoor"
    assert len(reads) == 2


def test_the_users_own_files_count(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[Path]
) -> None:
    load_catalogue()
    own = tmp_path / "mine"
    (own / "doorbell").mkdir(parents=True)
    (own / FILE).write_text(GOOD.replace("name: Acme DoorCam", "name: Ours"))
    monkeypatch.setenv(OVERLAY_VARIABLE, str(own))
    assert [load_catalogue().fingerprints[0].name for _ in range(2)] == ["Ours", "Ours"]
    assert load_catalogue().overlay == {"acme-doorcam"}
    assert load_catalogue().fingerprints[0].path == str(own / FILE)
    assert len(reads) == 2


@pytest.mark.parametrize("damage", ["cut", "byte", "other program", "empty", "link", "writable", "huge number"])
def test_a_cache_that_is_not_ours_or_damaged_is_ignored_and_written_again(
    bundled: Path, kept: Path, reads: list[Path], damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_catalogue()
    data = kept.read_bytes()
    if damage == "cut":
        kept.write_bytes(data[:-20])
    elif damage == "byte":
        kept.write_bytes(data.replace(b"Acme DoorCam", b"Evil DoorCam"))
    elif damage == "other program":
        monkeypatch.setattr(cache, "__version__", "99")
    elif damage == "empty":
        kept.write_bytes(b"")
    elif damage == "link":
        (tmp_path / "elsewhere").write_bytes(data)
        kept.unlink()
        kept.symlink_to(tmp_path / "elsewhere")
    elif damage == "writable":
        kept.chmod(0o666)
    else:
        kept.write_bytes(b"[" * 100_000)
    assert same(load_catalogue(), first)
    assert len(reads) == 2
    assert same(load_catalogue(), first)
    assert len(reads) == 2


def test_a_folder_that_others_may_enter_or_that_is_a_link_is_not_used(
    bundled: Path, kept: Path, reads: list[Path], tmp_path: Path
) -> None:
    kept.parent.mkdir(parents=True, mode=0o755)
    kept.parent.chmod(0o755)
    load_catalogue()
    assert not kept.exists()
    kept.parent.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    kept.parent.symlink_to(tmp_path / "elsewhere")
    load_catalogue()
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert len(reads) == 2


def test_as_administrator_nothing_is_written_into_the_callers_home(
    bundled: Path, kept: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    load_catalogue()
    load_catalogue()
    assert len(reads) == 2
    assert not kept.exists()


@pytest.mark.parametrize("where", ["~/nowhere", "/proc/nothing", "/dev/null"])
def test_without_a_home_there_is_no_cache_and_no_error(
    bundled: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", where)
    monkeypatch.setattr(cache, "encode", lambda *_: b"")
    if where.startswith("~"):
        monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: where)
    assert load_catalogue().fingerprint("acme-doorcam")
    assert len(reads) == 1


def test_it_can_be_turned_off(bundled: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFF_VARIABLE, "1")
    load_catalogue()
    assert not kept.exists()


def test_a_full_disk_is_no_error_and_leaves_nothing(bundled: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert load_catalogue().fingerprint("acme-doorcam")
    assert list(kept.parent.iterdir()) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["ids", "counts", "kinds", "keys", "ports", "makers", "overlay", "skipped"]), _JSON)
def test_any_json_with_the_right_digest_is_refused_or_read_but_never_a_crash(name: str, value: object) -> None:
    catalogue = Catalogue((), {}, {}, "2026.11.22", "0")
    tree = json.loads(encode(catalogue, (Path("/a"), None)).partition(b"\n")[0])
    tree[name] = value
    try:
        decode(json.dumps(tree).encode(), (Path("/a"), None))
    except CompiledError:
        return


def test_an_unchanged_listing_spares_reading_every_file(
    bundled: Path, kept: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_GRAIN", 0)
    load_catalogue()
    monkeypatch.setattr(cache, "sha256_of", lambda _: pytest.fail("every file was read"))
    assert load_catalogue().fingerprint("acme-doorcam")
    assert len(reads) == 1


def test_a_file_written_just_now_is_looked_into(bundled: Path, kept: Path, reads: list[Path]) -> None:
    load_catalogue()
    assert json.loads(kept.read_bytes().partition(b"\n")[0])["listing"] is None
    load_catalogue()
    assert len(reads) == 1


def test_the_listing_is_kept_once_it_can_be_believed(
    bundled: Path, kept: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_catalogue()
    monkeypatch.setattr(places, "_GRAIN", 0)
    load_catalogue()
    assert json.loads(kept.read_bytes().partition(b"\n")[0])["listing"]
    monkeypatch.setattr(cache, "sha256_of", lambda _: pytest.fail("every file was read"))
    load_catalogue()
    assert len(reads) == 1


def test_what_was_compiled_at_build_time_is_used_while_the_files_are_the_same(bundled: Path, reads: list[Path]) -> None:
    write_shipped(load_catalogue(bundled), bundled, bundled / SHIPPED)
    reads.clear()
    assert load_catalogue().fingerprints[0].id == "acme-doorcam"
    assert reads == []
    (bundled / FILE).write_text(GOOD.replace("2026-11-22", "2026-11-21"))
    assert read_shipped([("", bundled)], (bundled, None)) is None


def test_a_damaged_compiled_file_is_passed_over(bundled: Path) -> None:
    (bundled / SHIPPED).write_bytes(b"{}\nnonsense")
    assert read_shipped([("", bundled)], (bundled, None)) is None
