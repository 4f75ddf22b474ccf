"""The searches that any phrase can make: exactly how many there are, none missing, and what their answers say."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.wire import pppp
from iotsweep.wire.pppp_keys import (
    SEARCHES,
    UNLISTED,
    decode_unlisted,
    is_search,
    means_something_else,
    searches,
)
from iotsweep.wire.pppp_scramble import PHRASES, TABLE, scramble, scramble_by_key

_ROW = 768 * 3  # room for the sum of 16 letters, 2,032 at most
_LONGEST = 16
REAL = bytes.fromhex("49c4ea367ffdd4340ec9e030477ab3151b92319585f1a08d")  # vstarcam2018
PHRASE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=_LONGEST)


def answer(phrase: str, prefix: bytes = b"QQXX", serial: int = 4711, check: bytes = b"WONJM") -> bytes:
    """What a camera of a phrase answers."""
    clear = pppp.ANSWER_HEADER + prefix.ljust(8, b"\0") + struct.pack("!I", serial) + check.ljust(8, b"\0")
    return scramble(phrase, clear)


def reachable(letters: range) -> dict[int, int]:
    """By exclusive or, the sums and roundings of all phrases of 1 to 16 of these letters, a letter at a time.

    One big number per exclusive or: the bit at row * _ROW + sum says that some phrase has this sum and, as the row,
    this much taken away by rounding. Adding a letter shifts it.
    """
    now, ever = {0: 1}, dict.fromkeys(range(128), 0)
    for _ in range(_LONGEST):
        grown = dict.fromkeys(range(128), 0)
        for mixed, bits in now.items():
            for letter in letters:
                grown[mixed ^ letter] |= bits << (letter % 3 * _ROW + letter)
        now = {mixed: bits for mixed, bits in grown.items() if bits}
        for mixed, bits in now.items():
            ever[mixed] |= bits
    return ever


def test_the_two_rules_name_exactly_the_numbers_that_phrases_have() -> None:
    """A sum modulo 3 * 256 and its row make e0 and e2: each such pair that the rules allow has a phrase."""
    ever = reachable(range(ord("!"), ord("~") + 1))
    for mixed, bits in ever.items():
        assert bits >> (2 * _LONGEST + 1) * _ROW == 0  # rounding takes at most 2 from each letter
        for row in range(2 * _LONGEST + 1):
            sums = bits >> row * _ROW & (1 << _ROW) - 1
            folded = 0
            while sums:
                folded |= sums & (1 << 768) - 1
                sums >>= 768
            assert folded == sum(1 << total for total in range(768) if total % 3 == row % 3 and total % 2 == mixed % 2)


def test_there_are_157_092_different_searches_and_each_is_made_by_some_phrase() -> None:
    found = list(searches())
    assert len(found) == len(set(found)) == SEARCHES == 157_092
    made = {
        scramble_by_key((e0, -e0 & 0xFF, e2, e3), pppp.SEARCH)
        for e2 in range(256)
        for taken in range(2 * _LONGEST + 1)
        for e0 in [(3 * e2 + taken) & 0xFF]
        for e3 in range(e0 & 1, 128, 2)
    }
    assert made == set(found)


@settings(max_examples=200, deadline=None, database=None)
@given(PHRASE)
def test_the_search_of_any_phrase_is_one_of_them(phrase: str) -> None:
    assert is_search(scramble(phrase, pppp.SEARCH))


@pytest.mark.parametrize("kind", [0x10, 0x41, 0x42, 0xD0, 0xE0, 0xF0])
def test_no_other_message_in_the_clear_or_under_a_listed_phrase_is_let_through(kind: int) -> None:
    message = bytes([0xF1, kind, 0, 0])
    for data in (message, *(scramble(phrase, message) for phrase in PHRASES)):
        assert means_something_else(data) or not is_search(data)


def test_the_few_that_mean_something_else_to_a_listed_phrase_are_known_and_few() -> None:
    found = [search for search in searches() if means_something_else(search)]
    assert 0 < len(found) < SEARCHES / 1000
    assert not any(means_something_else(search) for search in pppp.SCRAMBLED)


def test_the_table_is_a_permutation_so_that_no_search_is_made_twice() -> None:
    assert sorted(TABLE) == list(range(256))


def test_a_real_answer_is_read_without_its_phrase() -> None:
    assert decode_unlisted(REAL) == {
        "pppp.uid": "VSTH-378138-WVLKX",
        "pppp.prefix": "VSTH",
        "pppp.family": "CS2",
        "pppp.phrase": UNLISTED,
    }


@settings(max_examples=60, deadline=None, database=None)
@given(PHRASE)
def test_an_answer_under_any_phrase_is_known_as_one_and_never_read_wrongly(phrase: str) -> None:
    facts = decode_unlisted(answer(phrase))
    assert facts["pppp.phrase"] == UNLISTED
    assert facts.get("pppp.uid", "QQXX-004711-WONJM") == "QQXX-004711-WONJM"
