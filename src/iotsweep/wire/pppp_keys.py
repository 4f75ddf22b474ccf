"""Every PPPP search that any phrase can make, and what an answer under an unlisted phrase says (pppp-dissector).

A phrase of ASCII letters comes down to four numbers: e0, the sum of its bytes; e1 = -e0; e2, the sum of their thirds,
rounded down; e3, their exclusive or, all modulo 256. They hang together: what rounding takes away, e0 - 3 * e2, is at
most 2 for each letter, and the last bits of sum and exclusive or are the same. Each number is only looked at when the
byte before asks for it, so few different searches are left: 157,092 for phrases of up to 16 letters.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache

from iotsweep.wire.error import WireError
from iotsweep.wire.pppp import ANSWER_HEADER, SEARCH, SEARCH_EXTENDED, is_answer_size, read_answer
from iotsweep.wire.pppp_scramble import PHRASES, TABLE, Key, scramble, unscramble_by_key

SEARCHES = 157_092  # as counted by a public pull request to pmarrapese/iot, and by our own test
UNLISTED = "not a listed one"
_LONGEST_PHRASE = 16  # letters
_MOST_ROUNDED = 2 * _LONGEST_PHRASE
_ASCII = 128
_WHERE = {value: place for place, value in enumerate(TABLE)}  # a permutation, so every value has one place
_OPEN = -1  # a number of the key that nothing has asked for yet
# A prefix with its padding, a number, and check letters with theirs, as every published answer has them.
_ID = re.compile(rb"(?=[A-Z]{3,8}\0*.{12}$)[A-Z\0]{8}.{4}(?=[A-Z]{5,8}\0*$)[A-Z\0]{8}", re.DOTALL)
_ANSWER = 24  # bytes
_State = tuple[int, int, int]  # e0, e2, e3, the last two maybe open


def searches() -> Iterator[bytes]:
    """Each different scrambled search once, those of phrases of the usual length first."""
    found = [(_unusual(state), search) for state, search in _grow(SEARCH)]
    yield from (search for _, search in sorted(found))


def is_search(data: bytes) -> bool:
    """Whether some phrase makes exactly this search. Nothing is enumerated for it."""
    return len(data) == len(SEARCH) and _read_key(SEARCH, data) is not None


def means_something_else(data: bytes) -> bool:
    """Whether cameras without a phrase, or with a listed one, would read another message of the protocol."""
    return data in _other_messages()


@cache
def _other_messages() -> frozenset[bytes]:
    kinds = set(range(256)) - {SEARCH[1], SEARCH_EXTENDED[1]}
    messages = [bytes([SEARCH[0], kind, 0, 0]) for kind in kinds]
    return frozenset(messages) | {scramble(phrase, message) for phrase in PHRASES for message in messages}


def decode_unlisted(data: bytes) -> dict[str, str]:
    """The facts of an answer under any phrase: the four numbers are read off its known bytes, the rest are tried.

    Only what every fitting set of numbers reads alike is told; without any the answer is stated as scrambled.
    Raises WireError for what is no PPPP answer.
    """
    if not is_answer_size(data):
        raise WireError("no PPPP answer")
    start = _read_key(ANSWER_HEADER, data[: len(ANSWER_HEADER)])
    if start is None:
        raise WireError("no PPPP answer")
    read = [facts for key in _complete(start) for facts in _try(unscramble_by_key(key, data))]
    agreed = set.intersection(*read) if read else set()
    return dict(agreed) | {"pppp.phrase": UNLISTED}


def _try(clear: bytes) -> Iterator[set[tuple[str, str]]]:
    if _ID.fullmatch(clear[len(ANSWER_HEADER) : _ANSWER]):
        with contextlib.suppress(WireError):
            yield set(read_answer(clear).items())


def _read_key(clear: bytes, data: bytes) -> _State | None:
    """What the four numbers have to be for `clear` to become `data`; None when no phrase gives them."""
    state: _State | None = (_WHERE[clear[0] ^ data[0]], _OPEN, _OPEN)
    for before, byte, scrambled in zip(data, clear[1:], data[1:], strict=False):
        if state is not None:
            state = _bind(state, before & 3, (_WHERE[byte ^ scrambled] - before) & 0xFF)
    return state


def _bind(state: _State, which: int, value: int) -> _State | None:
    """The state with one number known; None when it contradicts the others."""
    e0, e2, e3 = state
    if which < 2:
        return state if value == (-e0 if which else e0) & 0xFF else None
    if which == 2:
        fits = e2 in {_OPEN, value} and (e0 - 3 * value) & 0xFF <= _MOST_ROUNDED
        return (e0, value, e3) if fits else None
    fits = e3 in {_OPEN, value} and value < _ASCII and not (value ^ e0) & 1
    return (e0, e2, value) if fits else None


@cache
def _thirds(e0: int) -> tuple[int, ...]:
    """Every e2 that goes with this e0."""
    return tuple(e2 for e2 in range(256) if (e0 - 3 * e2) & 0xFF <= _MOST_ROUNDED)


def _values(state: _State, which: int) -> tuple[int, ...] | range:
    e0, e2, e3 = state
    if which < 2:
        return ((-e0 if which else e0) & 0xFF,)
    if which == 2:
        return (e2,) if e2 != _OPEN else _thirds(e0)
    return (e3,) if e3 != _OPEN else range(e0 & 1, _ASCII, 2)


def _grow(clear: bytes) -> Iterator[tuple[_State, bytes]]:
    """Each scrambled form of `clear` once: the table is a permutation, so other numbers give another byte."""
    begun: list[tuple[_State, bytes]] = [((e0, _OPEN, _OPEN), b"") for e0 in range(256)]
    while begun:
        state, data = begun.pop()
        if len(data) == len(clear):
            yield state, data
            continue
        before = data[-1] if data else 0
        for value in _values(state, before & 3):
            bound = _bind(state, before & 3, value)
            if bound is not None:
                byte = clear[len(data)] ^ TABLE[(value + before) & 0xFF]
                begun.append((bound, data + bytes([byte])))


def _complete(state: _State) -> Iterator[Key]:
    e0 = state[0]
    for e2 in _values(state, 2):
        for e3 in _values(state, 3):
            yield e0, -e0 & 0xFF, e2, e3


def _unusual(state: _State) -> int:
    """How far a phrase's length is from the usual one: a letter rounds off one, on average."""
    e0, e2, _ = state
    usual = 10
    return 0 if e2 == _OPEN else abs(((e0 - 3 * e2) & 0xFF) - usual)
