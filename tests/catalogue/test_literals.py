from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.catalogue.literals import is_anchored, required
from iotsweep.catalogue.patterns import PatternError, compiled


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("Hikvision", {"hikvision"}),
        ("^ab(cde)?fghi$", {"fghi"}),
        ("(?:alpha|beta)x", {"alpha", "beta"}),
        ("one|two", {"one", "two"}),
        ("one|t?", set()),
        ("abc*d", {"ab"}),
        ("abc{0,3}d", {"ab"}),
        ("abc{2}d", {"abc"}),
        (r"a\.b\d+cdef", {"cdef"}),
        (r"[abc]+x{3}[]y]z", {"x"}),
        (r"\x41bcd", {"bcd"}),
        (r"(?P<model>C\d+)-cam(?i)era", {"-cam"}),
        ("[[:alpha:]]xyz", {"xyz"}),
        (r"\p{Greek}abc\pLd", {"abc"}),
        ("a{x}", {"a{x}"}),
        (r"C\d{3}\w*", {"c"}),
    ],
)
def test_the_longest_required_text_is_found(pattern: str, texts: set[str]) -> None:
    assert required(pattern) == texts


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [("^a$", True), ("^a|b$", False), ("^(a|b)$", True), ("a$", False), (r"^a\$", False), ("(?P<model>.+)", True)],
)
def test_a_pattern_knows_whether_it_describes_the_whole_value(pattern: str, whole: bool) -> None:
    assert is_anchored(pattern) is whole


_PIECES = st.sampled_from(
    [
        "a",
        "Bc",
        "def",
        "k",
        ".",
        "\\.",
        "\\d",
        "[a-c]",
        "[^x]",
        "(",
        "(?:",
        ")",
        "|",
        "?",
        "*",
        "+",
        "{2}",
        "{0,1}",
        "^",
        "$",
        "\\x61",
        "-",
    ]
)


@given(
    st.lists(_PIECES, max_size=10).map("".join),
    st.lists(st.sampled_from("aBcdefkK.x1-\u212a"), max_size=12).map("".join),
)
def test_no_value_that_matches_lacks_the_required_texts(pattern: str, value: str) -> None:
    try:
        machine = compiled(pattern)
    except PatternError:
        return
    texts = required(pattern)
    if texts and machine.search(value):
        assert any(text in value.casefold() for text in texts)
