from __future__ import annotations

from pathlib import Path

import pytest

from iotsweep.catalogue.checking import check_paths
from iotsweep.catalogue.checks import RULES
from tests.catalogue.helpers import GOOD, FewVendors, a_folder

FILE = "doorbell/acme-doorcam.yaml"
CLUE = "    - mdns.service: _acme._tcp\n      mdns.txt.model: '/^(?P<model>DC-\\d+)$/'\n"
MORE = """\
  possible:
    - {clue}
examples:
  - name: more
    saw:
      - {saw}
    expect: {{confidence: possible}}
"""


def problems(folder: Path, files: dict[str, str], yields: frozenset[str] = frozenset()) -> str:
    outcome = check_paths([], FewVendors(), yields, a_folder(folder, files))
    return "\n".join(map(str, outcome.problems))


def with_possible(clue: str, saw: str) -> str:
    return GOOD.replace("examples:\n", MORE.format(clue=clue, saw=saw))


def test_a_good_fingerprint_holds(tmp_path: Path) -> None:
    outcome = check_paths([], FewVendors(), frozenset({"mdns.service", "mdns.txt.*"}), a_folder(tmp_path, {FILE: GOOD}))
    assert (outcome.fingerprints, outcome.examples, outcome.problems) == (1, 2, ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: acme-doorcam", "id: acme-cam", ":1: the id is `acme-cam` but the file is `acme-doorcam.yaml`"),
        ("kind: doorbell", "kind: camera", ":3: the kind is `camera` but the folder is `doorbell`"),
        ("maker: Acme\n", "", "`maker` is missing"),
        ("maker: Acme", "maker: TP Link", "Write `TP-Link`"),
        ("2026-11-22", "22.11.2026", "Write the day as in 2026-11-22"),
        ("2026-11-22", "2026-02-30", "Write the day as in 2026-11-22"),
        ("can: [video]", "can: [video, video]", "stands twice"),
        ("can: [video]", "can: [none_known, video]", "Remove `none_known`"),
        ("Acme support page 12", "Acme", "nobody can follow"),
        ("model: DC-200}", "model: DC-201}", "expected model `DC-201`, got `DC-200`"),
        (
            "confidence: confirmed",
            "confidence: likely",
            ":14: example `it announces itself`: expected `likely`, got `confirmed`",
        ),
        ("WS-1", "DC-1", "expected `none`, got `confirmed`. Narrow the clue"),
        (
            "mdns.service: _acme._tcp\n        mdns.txt.model: WS-1",
            "http.title: WS",
            "the near miss holds none of the keys",
        ),
        (GOOD[GOOD.index("  - name: the same") :], "", "there is no near miss"),
        (
            "  confirmed:\n" + CLUE,
            "  confirmed:\n    - dhcp.hostname: acme-*\n",
            "a host name alone does not make a thing that sees, hears or opens",
        ),
        (
            "  confirmed:\n" + CLUE,
            "  confirmed:\n    - mdns.name: acme-*\n",
            "names that anyone can choose never confirm",
        ),
        ("  confirmed:\n" + CLUE, "  likely:\n    - mac.vendor: Acme*\n", "an address block alone says little"),
        ("  confirmed:\n" + CLUE, "  likely:\n    - tcp.554: open\n", "open ports alone say little"),
        (
            "  confirmed:\n" + CLUE,
            "  likely:\n    - dns.query: api.acme.example\n",
            "what a device asks for is not what it is",
        ),
        ("  confirmed:\n" + CLUE, "  possible:\n    - mac.vendor: Espressif*\n", "makes parts for other makers"),
        (
            "  confirmed:\n" + CLUE,
            "  possible:\n    - mac.prefix: 240AC4\n      tcp.80: open\n",
            "makes parts for other makers",
        ),
        (
            "  confirmed:\n" + CLUE,
            "  possible:\n    - mac.prefix: '000000'\n",
            "the IEEE table has no maker for `000000`",
        ),
        (
            "  confirmed:\n" + CLUE,
            "  possible:\n    - mac.vendor: Acne*\n",
            "no maker in the IEEE table is called `Acne*`",
        ),
        ("  confirmed:\n" + CLUE, "  likely:\n    - http.title: '*'\n", "any value satisfies this clue"),
        ("  confirmed:\n" + CLUE, "  likely:\n" + CLUE, "no example expects `likely`"),
        ("  confirmed:\n" + CLUE, "  confirmed:\n" + CLUE + CLUE, "stands twice in this file"),
        ("clues:\n  confirmed:\n" + CLUE, "clues: {}\n", "there is no clue"),
    ],
)
def test_each_rule_names_the_line_and_the_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in problems(tmp_path, {FILE: GOOD.replace(old, new)})


def test_a_key_that_no_probe_yields_is_named(tmp_path: Path) -> None:
    assert "no probe yields `mdns.txt.model`" in problems(tmp_path, {FILE: GOOD}, frozenset({"mdns.service"}))


def test_one_maker_is_spelt_one_way(tmp_path: Path) -> None:
    other = (
        GOOD.replace("acme-doorcam", "b-cam")
        .replace("DC-", "BC-")
        .replace("DoorCam", "B")
        .replace("maker: Acme", "maker: ACME Inc")
    )
    assert "the maker is written `ACME Inc`. Write `Acme`" in problems(
        tmp_path, {FILE: GOOD, "doorbell/b-cam.yaml": other}
    )


def test_two_families_that_always_fire_together_are_named(tmp_path: Path) -> None:
    twin = GOOD.replace("acme-doorcam", "acme-twin").replace("kind: doorbell", "kind: camera")
    said = problems(tmp_path, {FILE: GOOD, "camera/acme-twin.yaml": twin})
    assert "so both always fire together" in said
    assert "the name `Acme DoorCam` is also that of" in said
    assert "(camera) is as sure of it" in said


def test_a_broken_file_does_not_hide_what_is_wrong_in_others(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        {
            FILE: GOOD.replace("Acme support page 12", "Acme"),
            "camera/x.yaml": "a: [",
            "camera/y.yaml": GOOD.replace("kind: doorbell", "kind: nothing").replace("acme-doorcam", "y"),
        },
    )
    assert "nobody can follow" in said
    assert "this is not YAML" in said
    assert "`nothing` is no kind" in said


@pytest.mark.parametrize(
    ("regex", "said"), [("/^(DC-200$/", "is refused: missing )"), (f"/{'(' * 30}DC-200{')' * 30}/", "nested groups")]
)
def test_an_example_is_never_held_against_a_regular_expression_that_cannot_be_used(
    tmp_path: Path, regex: str, said: str
) -> None:
    broken = GOOD.replace("/^(?P<model>DC-\\d+)$/", regex)
    other = GOOD.replace("acme-doorcam", "acme-camera").replace("can: [video]", "can: [video, video]")
    found = problems(tmp_path, {FILE: broken, "doorbell/acme-camera.yaml": other})
    assert said in found
    assert "stands twice" in found


def test_one_file_is_checked_among_all_others(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "all", {FILE: GOOD})
    mine = tmp_path / "camera" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text(GOOD.replace("acme-doorcam", "mine").replace("kind: doorbell", "kind: camera"))
    outcome = check_paths([mine], FewVendors(), frozenset(), folder)
    assert outcome.fingerprints == 1
    assert {problem.path for problem in outcome.problems} == {str(mine)}
    assert "always fire together" in str(outcome.problems)
    assert check_paths([folder / FILE], FewVendors(), frozenset(), folder).problems == ()


def test_every_rule_says_what_it_holds() -> None:
    assert len(RULES) >= 17
    assert all(rule.__doc__ for rule in RULES)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_review_that_is_still_to_come_is_named(tmp_path: Path) -> None:
    assert "which is still to come. Write today's date" in problems(
        tmp_path, {FILE: changed("2026-11-22", "2999-01-01")}
    )


@pytest.mark.parametrize("words", ["own knowledge", "Public documentation", "product documentation on the internet"])
def test_a_reference_of_empty_words_is_named(tmp_path: Path, words: str) -> None:
    assert "nobody can follow" in problems(tmp_path, {FILE: changed("Acme support page 12", words)})


def test_a_block_of_another_maker_needs_a_reason(tmp_path: Path) -> None:
    amazons = with_possible("mac.vendor: Amazon Technologies*", "mac.address: b85f98000001")
    said = problems(tmp_path / "a", {FILE: amazons})
    assert "the block of `Amazon Technologies*` is not registered to Acme" in said
    assert "list it in block_holders.yaml" in said
    told = amazons.replace("Acme support page 12", "Acme support page 12, made by Amazon")
    assert "not registered to" not in problems(tmp_path / "b", {FILE: told})
    listed = with_possible("mac.vendor: Tiny Maker*", "mac.address: 8c1f64abc001")
    assert "not registered to" not in problems(tmp_path / "c", {FILE: listed})
    prefix = with_possible("mac.prefix: B85F98", "mac.address: b85f98000001")
    assert "the block of `Amazon Technologies Inc.`" in problems(tmp_path / "d", {FILE: prefix})


def test_a_prefix_that_a_device_made_up_is_said_to_be_so(tmp_path: Path) -> None:
    local = with_possible("mac.prefix: DAA119", "mac.address: daa119000001")
    said = problems(tmp_path, {FILE: local})
    assert "`DAA119` is locally administered: a device made it up" in said
    assert "`mac.local: yes` is what such an address tells" in said


def test_two_families_that_agree_on_every_example_are_named_though_their_clues_differ(tmp_path: Path) -> None:
    other = changed("acme-doorcam", "acme-other").replace("Acme DoorCam", "Acme Other")
    other = other.replace("'/^(?P<model>DC-\\d+)$/'", "'/^(?P<model>DC-[0-9]+)$/'")
    said = problems(tmp_path / "a", {FILE: GOOD, "doorbell/acme-other.yaml": other})
    assert "`acme-other` is equally sure of every example here, by the same facts" in said
    exact = other.replace("DC-[0-9]+", "DC-2[0-9]+")
    assert "`acme-other` is equally sure" not in problems(
        tmp_path / "b", {FILE: GOOD, "doorbell/acme-other.yaml": exact}
    )


def test_an_id_that_stands_elsewhere_is_noted_unless_it_is_the_users_own(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "all", {FILE: GOOD})
    mine = tmp_path / "mine" / FILE
    mine.parent.mkdir(parents=True)
    mine.write_text(GOOD)
    noted = check_paths([mine], FewVendors(), frozenset(), folder)
    assert noted.problems == ()
    assert "is also that of" in str(noted.warnings[0])
    assert check_paths([mine], FewVendors(), frozenset(), folder, tmp_path / "mine").warnings == ()
    assert check_paths([folder / FILE], FewVendors(), frozenset(), folder).warnings == ()


def test_a_file_that_needs_a_newer_program_is_named(tmp_path: Path) -> None:
    assert "needs format 9 and this program knows 1" in problems(tmp_path, {FILE: "needs: 9\n" + GOOD})
