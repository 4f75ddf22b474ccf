from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.catalogue import patterns
from iotsweep.catalogue.patterns import PatternError, check_regex, read_pattern


def fits(key: str, written: str, value: str) -> bool:
    return read_pattern(key, written).match(value, value.casefold()) is not None


@pytest.mark.parametrize(
    ("written", "value", "right"),
    [
        ("Acme", "ACME", True),
        ("Acme", "Acme Inc", False),
        ("Acme*", "acme inc", True),
        ("*inc", "Acme INC", True),
        ("a*c*e", "abcde", True),
        ("a*c*e", "abde", False),
        ("ab*ba", "aba", False),
        ("*", "anything", True),
        ("a.c", "abc", False),
        ("/acme \\d+/", "The ACME 12", True),
        ("/acme \\d+/", "The ACME", False),
        ("/", "/", True),
    ],
)
def test_text_star_and_regular_expression_compare_case_blind(written: str, value: str, right: bool) -> None:
    assert fits("http.title", written, value) is right


def test_named_groups_fill_fields_with_cleaned_text() -> None:
    pattern = read_pattern("http.title", "/^Cam (?P<model>\\w+)( v(?P<firmware>.+))?$/")
    assert pattern.match("Cam X1", "cam x1") == (("model", "X1"),)
    assert pattern.match("Cam X1 v2\u202e3", "cam x1 v2\u202e3") == (("firmware", "23"), ("model", "X1"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("/(?=abc)abc/", "refused"),
        ("/(abc)\\1/", "refused"),
        ("/abc(/", "refused"),
        ("/(a+)+$/", "almost anything"),
        ("/ab\\d/", "almost anything"),
        ("/^a|b$/", "almost anything"),
        ("/.*/", "empty text"),
        ("/^(?P<colour>abc)$/", "fills no field"),
        ("/(?P<maker>abcd)/", "fills no field"),
        ("/" + "a" * 501 + "/", "longer than 500"),
        ("/" + "(" * 30 + "a" + ")" * 30 + "/", "nested groups"),
        (r"/\Qabc\E/", r"\Q"),
    ],
)
def test_a_bad_regular_expression_is_refused_with_a_remedy(written: str, said: str) -> None:
    with pytest.raises(PatternError, match=said.replace("\\", "\\\\")) as caught:
        check_regex(written, may_name_maker=False)
    assert caught.value.remedy


@pytest.mark.parametrize("written", ["/^(?P<model>.+)$/", "/(?P<model>.+)/", "/^C\\d{3}\\w*$/", "/(HS100|HS110)/"])
def test_a_good_regular_expression_passes(written: str) -> None:
    check_regex(written, may_name_maker=False)


def test_only_a_generic_fingerprint_may_name_the_maker() -> None:
    check_regex("/^(?P<maker>.+)$/", may_name_maker=True)


def test_a_runaway_expression_cannot_hang_a_scan() -> None:
    start = time.process_time()
    assert not fits("http.title", "/^(a+)+$/", "a" * 4000 + "!")
    assert time.process_time() - start < 1


def test_without_re2_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    patterns._engine.cache_clear()
    patterns.compiled.cache_clear()
    with pytest.raises(RuntimeError, match="pip install google-re2"):
        check_regex("/abcd/", may_name_maker=False)
    monkeypatch.undo()
    patterns._engine.cache_clear()


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("mac.address", "50-C7-BF-01-02-03", "50:c7:bf:01:02:03"),
        ("mac.prefix", "b8:5f:98", "B85F98"),
        ("mac.prefix", "B85F98*", "B85F98"),
        ("mdns.service", "_hap._tcp.local.", "_hap._tcp"),
        ("mdns.host", "Cam.local", "Cam"),
        ("mdns.name", "Cam._hap._tcp.local.", "Cam"),
    ],
)
def test_spellings_of_one_fact_are_one(key: str, written: str, value: str) -> None:
    assert fits(key, written, value)


@given(st.lists(st.sampled_from(["a", "b", "*", "ab"]), max_size=6).map("".join), st.text("ab", max_size=8))
def test_a_star_means_what_it_means_in_a_shell(written: str, value: str) -> None:
    import fnmatch

    if "*" in written:
        assert fits("http.title", written, value) is fnmatch.fnmatchcase(value, written)
