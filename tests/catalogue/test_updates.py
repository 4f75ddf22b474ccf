"""Updates end to end: signed by the release tool, fetched from a folder and over http on loopback, attacked."""

from __future__ import annotations

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotsweep.catalogue import installed, loading
from iotsweep.catalogue.installed import POINTER
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.lock import BusyError, hold_for_scan, hold_for_update
from iotsweep.catalogue.updates import update as updating
from iotsweep.catalogue.updates.bundle import pack, unpack
from iotsweep.catalogue.updates.errors import UpdateError
from iotsweep.catalogue.updates.fetching import refuse_plain
from iotsweep.catalogue.updates.update import update
from iotsweep.cli.catalogue import catalogue_app
from tests.catalogue.helpers import GOOD, a_folder
from tools import release_catalogue as release

FILE = "doorbell/acme-doorcam.yaml"
BELOW = ("targets", "snapshot", "timestamp")


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = a_folder(tmp_path / "bundled", {FILE: GOOD})
    monkeypatch.setattr(installed, "bundled_folder", lambda: folder)
    monkeypatch.setattr(loading, "bundled_folder", lambda: folder)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return folder


@pytest.fixture
def place(_alone: Path) -> Path:
    return _alone / "updates"


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    release.make_keys(folder)
    return folder


@pytest.fixture
def repository(tmp_path: Path, keys: Path) -> Path:
    folder = tmp_path / "repository"
    release.start(folder, release.read_keys(keys, release.ROLES))
    publish(folder, keys, "2026.12.01", "Acme December")
    return folder


@pytest.fixture
def root(repository: Path) -> bytes:
    return (repository / "metadata" / "1.root.json").read_bytes()


def publish(
    repository: Path, keys: Path, version: str, name: str, now: datetime | None = None, **more: str | bytes
) -> None:
    texts: dict[str, str | bytes] = {
        "VERSION": f"{version}\n",
        FILE: GOOD.replace("name: Acme DoorCam", f"name: {name}"),
        **{path.replace("__", "/") + ".yaml": text for path, text in more.items()},
    }
    catalogue = a_folder(repository.parent / version, texts)
    release.add(repository, release.read_keys(keys, BELOW), catalogue, now)


def in_use() -> str:
    return load_catalogue().fingerprints[0].name


def refused(source: object, root: bytes | None = None, **given: bool) -> str:
    """The reason for a refusal that left the catalogue as it was."""
    before = in_use()
    with pytest.raises(UpdateError) as caught:
        update(str(source), root, **given)
    assert in_use() == before
    return str(caught.value)


@pytest.fixture
def served(repository: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(repository))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if "elsewhere" in self.path:
            self.send_response(302)
            self.send_header("Location", "http://localhost/metadata/")
            self.end_headers()
            return
        super().do_GET()


def test_an_update_from_a_folder_is_put_to_use(repository: Path, root: bytes, place: Path) -> None:
    assert in_use() == "Acme DoorCam"
    done = update(str(repository), root)
    assert (done.version, done.before, done.fingerprints, done.skipped) == ("2026.12.01", "2026.11.22", 1, ())
    assert in_use() == "Acme December"
    assert load_catalogue().version == "2026.12.01"
    assert place.stat().st_mode & 0o777 == 0o700
    assert not list(place.glob(".part-*"))


def test_the_root_is_given_once_and_the_next_update_follows(repository: Path, root: bytes, keys: Path) -> None:
    update(str(repository), root)
    publish(repository, keys, "2026.12.05", "Acme Fifth")
    assert update(str(repository)).version == "2026.12.05"
    assert in_use() == "Acme Fifth"
    assert update(str(repository)).before == "2026.12.05"
    assert "another root is trusted already" in refused(repository, b"{}")


def test_an_update_over_http_works_on_loopback_for_tests_and_nowhere_else(served: str, root: bytes) -> None:
    assert "begins with https://" in refused(served, root)
    assert update(served, root, loopback=True).version == "2026.12.01"
    assert in_use() == "Acme December"
    assert "https" in refused(f"{served}/elsewhere", None, loopback=True)
    assert "cannot be reached" in refused("http://127.0.0.1:9", None, loopback=True)


@pytest.mark.parametrize(
    "address", ["http://example.org/", "ftp://example.org/", "https://user@example.org/", "file:///"]
)
def test_only_https_is_an_address(address: str) -> None:
    with pytest.raises(UpdateError, match="https"):
        refuse_plain(address)
    refuse_plain("https://example.org/catalogue/")


def test_without_a_root_nothing_is_trusted(repository: Path) -> None:
    assert "does not know yet whose catalogues to trust" in refused(repository)


def test_another_root_is_refused(repository: Path, tmp_path: Path) -> None:
    release.make_keys(tmp_path / "evil")
    release.start(tmp_path / "other", release.read_keys(tmp_path / "evil", release.ROLES))
    wrong = (tmp_path / "other" / "metadata" / "1.root.json").read_bytes()
    assert "not signed by those who are trusted" in refused(repository, wrong)
    assert "was refused" in refused(repository, b"not json")


def test_a_changed_catalogue_is_refused(repository: Path, root: bytes) -> None:
    (target,) = (repository / "targets").iterdir()
    target.write_bytes(target.read_bytes().replace(b"Acme December", b"Evil December"))
    assert "changed or half copied" in refused(repository, root)


def test_changed_signed_words_are_refused(repository: Path, root: bytes) -> None:
    path = repository / "metadata" / "timestamp.json"
    path.write_bytes(path.read_bytes().replace(b'"version": 2', b'"version": 9'))
    assert "not signed" in refused(repository, root)


@pytest.mark.parametrize("missing", ["metadata/timestamp.json", "metadata/2.snapshot.json", "metadata/2.targets.json"])
def test_a_half_copied_repository_is_refused(repository: Path, root: bytes, missing: str) -> None:
    (repository / missing).unlink()
    assert "the copy is not whole" in refused(repository, root)
    assert "has no folder `metadata`" in refused(repository / "targets", root)


def test_a_cut_off_catalogue_is_refused(repository: Path, root: bytes) -> None:
    (target,) = (repository / "targets").iterdir()
    target.write_bytes(target.read_bytes()[:-100])
    assert "half copied" in refused(repository, root)


def test_an_expired_timestamp_is_refused(tmp_path: Path, keys: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=60)
    repository = tmp_path / "old"
    release.start(repository, release.read_keys(keys, release.ROLES), long_ago)
    publish(repository, keys, "2026.12.01", "Acme December", long_ago)
    root = (repository / "metadata" / "1.root.json").read_bytes()
    assert "has expired" in refused(repository, root)
    release.refresh(repository, release.read_keys(keys, ("timestamp",)))
    assert update(str(repository), root).version == "2026.12.01"


def test_what_was_seen_before_is_not_rolled_back(repository: Path, root: bytes, keys: Path, tmp_path: Path) -> None:
    shutil.copytree(repository, tmp_path / "kept")
    publish(repository, keys, "2026.12.05", "Acme Fifth")
    update(str(repository), root)
    assert "something older than what was seen before" in refused(tmp_path / "kept")
    assert in_use() == "Acme Fifth"


def test_an_older_version_is_refused_even_when_it_is_signed(repository: Path, root: bytes, keys: Path) -> None:
    update(str(repository), root)
    publish(repository, keys, "2026.11.30", "Acme November")
    assert "older than the one in use (2026.12.01)" in refused(repository)


def test_new_keys_are_followed_when_the_old_root_signs_them(
    repository: Path, root: bytes, keys: Path, tmp_path: Path
) -> None:
    update(str(repository), root)
    release.make_keys(tmp_path / "new")
    new = release.read_keys(tmp_path / "new", release.ROLES)
    release.rotate(repository, release.read_keys(keys, ("root",)), new)
    publish(repository, tmp_path / "new", "2026.12.09", "Acme Ninth")
    assert update(str(repository)).version == "2026.12.09"


def test_a_newer_catalogue_is_used_and_what_is_too_new_is_named(repository: Path, root: bytes, keys: Path) -> None:
    newer = GOOD.replace("acme-doorcam", "acme-next")
    publish(
        repository,
        keys,
        "2026.12.02",
        "Acme Second",
        doorbell__needs=newer.replace("acme-next", "needs").replace("id: ", "needs: 2\nshape: new\nid: ", 1),
        doorbell__field=newer.replace("acme-next", "field").replace("id: ", "smell: sweet\nid: ", 1),
        camera__key=newer.replace("acme-next", "key").replace("mdns.txt", "smellnet.txt").replace("doorbell", "camera"),
        robot__kind=newer.replace("acme-next", "kind").replace("kind: doorbell", "kind: robot"),
        kinds="camera: {name: Camera, can: [video]}\ndoorbell: {name: Doorbell, can: [video]}\n"
        "robot: {name: Robot, can: [video], legs: 2}\n",
    )
    done = update(str(repository), root)
    catalogue = load_catalogue()
    assert [one.id for one in catalogue.fingerprints] == ["acme-doorcam"]
    assert set(catalogue.kinds) == {"camera", "doorbell"}
    said = "\n".join(map(str, catalogue.skipped))
    assert len(done.skipped) >= 5
    for reason in (
        "needs format 2",
        "`smell` is not a known field",
        "nothing yields",
        "`robot` is no kind",
        "robot.legs",
    ):
        assert reason in said
    assert load_catalogue().skipped == catalogue.skipped


def test_an_update_damaged_on_the_disk_gives_way_to_the_bundled_catalogue(
    repository: Path, root: bytes, place: Path
) -> None:
    update(str(repository), root)
    folder = place / json.loads((place / POINTER).read_text())["folder"]
    (folder / FILE).unlink()
    catalogue = load_catalogue()
    assert catalogue.version == "2026.11.22"
    assert "is not as it was installed" in str(catalogue.skipped[0])
    assert update(str(repository)).version == "2026.12.01"
    assert in_use() == "Acme December"


@pytest.mark.parametrize("pointer", ["", "[]", '{"folder": "../../etc", "sha256": ""}', '{"folder": 1}', "[" * 9999])
def test_a_bad_pointer_means_the_bundled_catalogue(place: Path, pointer: str) -> None:
    place.mkdir(mode=0o700)
    (place / POINTER).write_text(pointer)
    assert in_use() == "Acme DoorCam"


def test_updates_that_others_may_write_are_not_used(repository: Path, root: bytes, place: Path) -> None:
    update(str(repository), root)
    place.chmod(0o777)
    assert in_use() == "Acme DoorCam"
    assert "may be written by others" in refused(repository)


def test_a_newer_program_uses_its_own_catalogue(repository: Path, root: bytes, bundled: Path) -> None:
    update(str(repository), root)
    (bundled / "VERSION").write_text("2027.01.01\n")
    assert in_use() == "Acme DoorCam"


def test_a_switch_that_fails_leaves_the_old_catalogue(
    repository: Path, root: bytes, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(str(repository), root)
    publish(repository, keys, "2026.12.05", "Acme Fifth")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(updating, "_write_whole", full)
        assert "could not be written (No space left on device)" in refused(repository)
    assert update(str(repository)).version == "2026.12.05"


def test_never_during_a_scan(repository: Path, root: bytes) -> None:
    with hold_for_scan(), hold_for_scan(), pytest.raises(BusyError, match="a scan or another update is running"):
        update(str(repository), root)
    with hold_for_update(), pytest.raises(BusyError, match="the catalogue is being updated"), hold_for_scan():
        pass
    assert update(str(repository), root).version == "2026.12.01"


def bundle(**change: object) -> bytes:
    files = {"kinds.yaml": "", "capabilities.yaml": "", "VERSION": "2026.12.01"}
    return json.dumps({"format": 1, "version": "2026.12.01", "files": files} | change).encode()


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "/etc/x.yaml", "a/../b.yaml", "a\\b.yaml", "camera/x.yaml/y", "camera/X.yaml", ".x/y.yaml", "a/b.py"],
)
def test_no_file_climbs_out_of_its_folder(tmp_path: Path, name: str) -> None:
    files = {"kinds.yaml": "", "capabilities.yaml": "", "VERSION": "2026.12.01", name: "x"}
    with pytest.raises(UpdateError, match="a name that is not allowed"):
        unpack(bundle(files=files), tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"[" * 99_999, bundle(format=2), bundle(version="../1"), bundle(files={}), bundle(files=[])),
        bundle(version="2026.12.02"),
        bundle(files={"kinds.yaml": 1, "capabilities.yaml": "", "VERSION": "2026.12.01"}),
        bundle(files={"kinds.yaml": "x" * 300_000, "capabilities.yaml": "", "VERSION": "2026.12.01"}),
    ],
)
def test_a_bundle_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UpdateError):
        unpack(data, tmp_path)


def test_a_bundle_holds_what_was_packed(tmp_path: Path, bundled: Path) -> None:
    (tmp_path / "out").mkdir()
    assert unpack(pack(bundled), tmp_path / "out") == "2026.11.22"
    assert (tmp_path / "out" / FILE).read_bytes() == (bundled / FILE).read_bytes()
    assert pack(tmp_path / "out") == pack(bundled)


def test_the_command_says_what_is_in_use_or_why_not(repository: Path, root: bytes, tmp_path: Path) -> None:
    def run(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(catalogue_app, ["update", *map(str, arguments)])
        return done.exit_code, done.output

    (tmp_path / "root.json").write_bytes(root)
    code, said = run(repository)
    assert (code, "The catalogue in use stays as it was." in said) == (2, True)
    code, said = run(repository, "--root", tmp_path / "root.json")
    assert (code, said) == (0, "Catalogue 2026.12.01 is in use (before: 2026.11.22): 1 fingerprints.\n")


def test_python_tuf_missing_is_said(repository: Path, root: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tuf.api", None)
    assert "pip install 'iotsweep[update]'" in refused(repository, root)


def test_the_program_ships_no_private_key() -> None:
    source = Path(__file__).parents[2]
    keys = [path for part in ("src", "tools", "fingerprints") for path in (source / part).rglob("*.pem")]
    assert [path for path in keys if "practice" not in path.parts] == []
