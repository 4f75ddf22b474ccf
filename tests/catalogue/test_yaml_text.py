from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.catalogue import yaml_text
from iotsweep.catalogue.errors import CatalogueError
from iotsweep.catalogue.yaml_text import LARGEST, read_yaml


def problems(text: str | bytes) -> str:
    with pytest.raises(CatalogueError) as caught:
        read_yaml(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    return str(caught.value)


@pytest.mark.parametrize("value", ["00:11:22", "no", "1e5", "001122", "12:34:56", "~", "2026-11-22", "0x1F", "on"])
def test_a_value_stays_what_was_typed(value: str) -> None:
    assert read_yaml(f"a: {value}\nb: [{value}]\n".encode(), "x.yaml").tree == {"a": value, "b": [value]}


def test_every_value_keeps_its_line() -> None:
    document = read_yaml(b"a: 1\nb:\n  - c: 2\n    d: 3\n  - e\n", "x.yaml")
    assert [document.line(p) for p in (("a",), ("b", 0, "d"), ("b", 1), ("b", 0, "not there"))] == [1, 4, 5, 3]


def test_a_repeated_key_is_refused_and_both_lines_are_named() -> None:
    assert "x.yaml:3: `a` stands here a second time (first in line 1)" in problems("a: 1\nb: 2\na: 3\n")


def test_the_same_key_in_two_entries_of_a_list_is_fine() -> None:
    assert read_yaml(b"- {a: 1}\n- {a: 2}\n", "x.yaml").tree == [{"a": "1"}, {"a": "2"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x\n", "is an anchor"),
        ("a: *star\n", "in quotes if it begins with *"),
        ("a: !!int 1\n", "is a tag"),
        ("a: !!python/object/apply:os.system [x]\n", "is a tag"),
        ("<<: {a: 1}\n", "merge key"),
        ("a: 1\n--- \nb: 2\n", "second document"),
        ("a:\n\t- 1\n", "never with tabs"),
        ("a: [1\n", "this is not YAML"),
        ("[a]: 1\n", "where a name should be"),
        ("? {a: b}\n: c\n", "where a name should be"),
        ('a: "\\e[31m"\n', "control or invisible"),
        ("a: 'x\u202ey'\n", "control or invisible"),
        ("a: " + "x" * 3000, "longer than 2000"),
        (b"a: \xff\n", "not UTF-8"),
        (b"a" * (LARGEST + 1), "larger than 256 KiB"),
        ("[" * 100_000, "nested more than 12 deep"),
        ("a: " * 1000, "this is not YAML"),
        ("- " * 100_000, "nested more than 12 deep"),
    ],
)
def test_tricks_and_slips_are_refused_with_a_remedy(text: str | bytes, said: str) -> None:
    assert said in problems(text)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    assert "is an alias" in problems(bomb)


def test_all_problems_of_a_file_come_at_once() -> None:
    assert len(problems("a: &x 1\na: *x\n").splitlines()) == 3


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in problems('"\\e[31mred": 1\n"\\e[31mred": 2\n')


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: 1\n", "x.yaml").tree == {"a": "1"}


@pytest.fixture(params=["compiled", "plain"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "plain":
        monkeypatch.setattr(yaml_text, "_LOADER", yaml.BaseLoader)
    return str(request.param)


def test_the_plain_loader_refuses_the_same(loader: str) -> None:
    assert "second time" in problems("a: 1\na: 2\n")
    assert "control or invisible" in problems('a: "\\uD800"\n') or loader == "compiled"
    problems('a: "\\UFFFFFFFF"\n')


_PIECES = st.sampled_from(
    ["a", "b: ", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "'", '"', "&x ", "*x ", "!!", "|\n", "#", "\t", "? "]
)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode),
        st.lists(_PIECES).map("".join).map(str.encode),
    )
)
def test_whatever_the_bytes_only_a_catalogue_error_comes_out(data: bytes) -> None:
    with suppress(CatalogueError):
        assert isinstance(read_yaml(data, "x.yaml").tree, str | list | dict)
