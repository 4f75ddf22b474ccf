from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iotsweep.catalogue.errors import CatalogueError
from iotsweep.catalogue.loading import load_catalogue
from iotsweep.catalogue.places import OVERLAY_VARIABLE
from iotsweep.model import Confidence
from tests.catalogue.helpers import GOOD, a_folder

FILE = "doorbell/acme-doorcam.yaml"


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(a_folder(folder, {FILE: text}))
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_file_becomes_a_fingerprint(tmp_path: Path) -> None:
    catalogue = load_catalogue(a_folder(tmp_path, {FILE: GOOD}), examples=True)
    (fingerprint,) = catalogue.fingerprints
    (level, (clue,)) = fingerprint.clues[0]
    assert (fingerprint.id, fingerprint.kind, fingerprint.can) == ("acme-doorcam", "doorbell", ("video",))
    assert level is Confidence.CONFIRMED
    assert clue.facts == (("mdns.service", ("_acme._tcp",)), ("mdns.txt.model", ("/^(?P<model>DC-\\d+)$/",)))
    assert clue.line == 11
    assert fingerprint.examples[0].fields == (("model", "DC-200"),)
    assert fingerprint.examples[1].confidence is Confidence.NONE
    assert catalogue.gentle_ports() == {"plug": (80,)}
    assert catalogue.version == "2026.11.22"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: doorbell", "kind: dorbell", f"{FILE}:3: `dorbell` is no kind. Write one of camera, doorbell, plug."),
        ("can: [video]", "can: [vidoe]", f"{FILE}:5: `vidoe` is no capability"),
        ("can: [video]", "can: []", f"{FILE}:5: `can` is empty"),
        ("status: draft", "status: done", f"{FILE}:6: `status` is `done`. Write one of 'draft', 'tested' or 'stable'."),
        ("maker: Acme", "makers: Acme", f"{FILE}:4: `makers` is not a known field. Did you mean `maker`."),
        ("id: acme-doorcam", "id: Acme DoorCam", f"{FILE}:1: `id` is `Acme DoorCam`. Use lower-case letters"),
        ("name: Acme DoorCam\n", "", f"{FILE}:1: `name` is missing"),
        ("  confirmed:", "  certain:", f"{FILE}:10: `clues.certain` is not a known field"),
        (
            "- mdns.service: _acme._tcp\n      mdns.txt",
            "- mdns.sevice: _acme._tcp\n      mdns.txt",
            "Did you mean `mdns.service`",
        ),
        ("(?P<model>DC-\\d+)", "(?=DC)", "look-around"),
        ("model: DC-200}", "modell: DC-200}", "Did you mean `model`"),
        ("references: [Acme support page 12]", "references: [a: b]", "in quotes if it holds a colon"),
        (
            "- mdns.service: _acme._tcp\n      mdns.txt",
            "- tcp.99999: open\n      mdns.txt",
            "nothing yields `tcp.99999`",
        ),
        ("- mdns.service: _acme._tcp\n      mdns.txt", "- tcp.80: yes\n      mdns.txt", "a port is never `yes`"),
        ("- mdns.service: _acme._tcp\n      mdns.txt", "- mac.prefix: B85F\n      mdns.txt", "no address block"),
    ],
)
def test_a_slip_is_named_with_file_line_and_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert any(said in problem for problem in refused(tmp_path, GOOD.replace(old, new, 1)))


def test_all_slips_of_all_files_come_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("draft", "done").replace("can: [video]", "can: []")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(a_folder(tmp_path, {FILE: broken, "camera/a.yaml": "a: 1\na: 2\n", "camera/b.yml": GOOD}))
    assert [
        (Path(p.path).name, p.line) for p in caught.value.problems if p.path.endswith(("doorcam.yaml", "a.yaml"))
    ] == [
        ("a.yaml", 2),
        ("acme-doorcam.yaml", 5),
        ("acme-doorcam.yaml", 6),
    ]
    assert any("Name it <id>.yaml" in str(p) for p in caught.value.problems)


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is already that of"):
        load_catalogue(a_folder(tmp_path, {FILE: GOOD, "camera/acme-doorcam.yaml": GOOD}))


def test_the_users_own_fingerprint_wins_and_is_known_as_theirs(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "bundled", {FILE: GOOD})
    own = tmp_path / "own"
    (own / "doorbell").mkdir(parents=True)
    (own / FILE).write_text(GOOD.replace("name: Acme DoorCam", "name: Ours"))
    catalogue = load_catalogue(folder, own)
    assert [f.name for f in catalogue.fingerprints] == ["Ours"]
    assert catalogue.overlay == {"acme-doorcam"}
    assert catalogue.sha256 != load_catalogue(folder).sha256


def test_the_users_folder_is_read_with_the_bundled_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "doorbell").mkdir()
    (tmp_path / FILE).write_text(GOOD)
    monkeypatch.setenv(OVERLAY_VARIABLE, str(tmp_path))
    assert load_catalogue().overlay == {"acme-doorcam"}
    monkeypatch.setenv(OVERLAY_VARIABLE, str(tmp_path / "nowhere"))
    assert load_catalogue().overlay == frozenset()


def test_the_digest_follows_content_and_names_only(tmp_path: Path) -> None:
    one = load_catalogue(a_folder(tmp_path / "one", {FILE: GOOD})).sha256
    same = load_catalogue(a_folder(tmp_path / "two", {FILE: GOOD})).sha256
    other = load_catalogue(a_folder(tmp_path / "three", {FILE: GOOD + "# more\n"})).sha256
    assert one == same != other


def test_a_folder_that_is_no_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"kinds.yaml: the file cannot be read"):
        load_catalogue(tmp_path)


def test_the_bundled_catalogue_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OVERLAY_VARIABLE, "/nonexistent")
    catalogue = load_catalogue()
    assert len(catalogue.kinds) == 34
    assert len(catalogue.capabilities) == 29
    assert {"camera", "lock", "network-monitor", "other"} <= catalogue.kinds.keys()
    assert all(name in catalogue.capabilities for kind in catalogue.kinds.values() for name in kind.can)
    assert {"tv", "printer", "plug"} == catalogue.gentle_ports().keys()
    assert catalogue.fingerprint("tapo-camera")


_LINES = GOOD.splitlines()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.integers(0, len(_LINES) - 1),
    st.sampled_from(["", "- x", "clues: 1", "saw: {a: {b: c}}", "  expect: [1]", "id: [x]"]),
    st.integers(0, 8),
)
def test_whatever_a_line_says_only_a_catalogue_error_comes_out(tmp_path: Path, at: int, line: str, indent: int) -> None:
    text = "\n".join([*_LINES[:at], " " * indent + line, *_LINES[at + 1 :]])
    folder = a_folder(tmp_path, {FILE: text})
    with suppress(CatalogueError):
        load_catalogue(folder)
