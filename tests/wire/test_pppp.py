"""PPPP search answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import pppp
from iotsweep.wire.error import WireError
from iotsweep.wire.pppp_scramble import PHRASES, scramble, unscramble

ANSWERS = {
    "f14100144241544400000000000262ca574f4e4a4d000000": ("BATD", "BATD-156362-WONJM"),
    "f14100145848410000000000000003e24b4d4d4542000000": ("XHA", "XHA-000994-KMMEB"),
    "f14100144c42435300000000000000004343434a4a000000": ("LBCS", "LBCS-000000-CCCJJ"),
}


@pytest.mark.parametrize(("answer", "told"), list(ANSWERS.items()))
def test_the_id_reads_as_on_the_label(answer: str, told: tuple[str, str]) -> None:
    assert pppp.decode_reply(bytes.fromhex(answer)) == {
        "pppp.prefix": told[0],
        "pppp.uid": told[1],
        "pppp.family": "CS2",
    }


# What each phrase makes of the two searches (pppp-dissector).
SEARCHES = {
    "camera": ("2cba5f5d", "2cb8c415"),
    "SHIX": ("9fa1eeb9", "9fa38f2d"),
    "@@@@....": ("5d782818", "5d7a23a1"),
    "VMSV": ("d19e23ab", "d19c32f4"),
    "FERRY@88": ("a92a6297", "a9280e81"),
    "mycamera": ("aa66af5c", "aa64659a"),
    "Deng123abc": ("5bd2e68e", "5bd023a5"),
    "Duncom": ("a5938099", "a5910579"),
    "JX20130716": ("2b2b1b15", "2b29166a"),
    "hyWHzyhtzH": ("faa80fd1", "faaa9c8f"),
    "JYDGAOZHANP2P": ("9d65825c", "9d67f55a"),
    "SZGMBESTER": ("2d310517", "2d3338f0"),
    "vstarcam2018": ("49b573d5", "49b7ed6c"),
    "SSD@cs2-network.": ("b1a6bb9a", "b1a4cc94"),
}
SCRAMBLED_ANSWER = bytes.fromhex("49c4ea367ffdd4340ec9e030477ab3151b92319585f1a08d")


def test_every_known_phrase_is_asked_with() -> None:
    assert set(SEARCHES) == set(PHRASES)


@pytest.mark.parametrize("phrase", SEARCHES)
def test_the_searches_of_every_phrase_are_those_of_its_cameras(phrase: str) -> None:
    plain, extended = SEARCHES[phrase]
    assert scramble(phrase, pppp.SEARCH).hex() == plain
    assert scramble(phrase, pppp.SEARCH_EXTENDED).hex() == extended
    assert unscramble(phrase, bytes.fromhex(plain)) == pppp.SEARCH


def test_a_scrambled_answer_of_a_real_camera_is_read() -> None:
    assert pppp.decode_reply(SCRAMBLED_ANSWER) == {
        "pppp.prefix": "VSTH",
        "pppp.uid": "VSTH-378138-WVLKX",
        "pppp.family": "CS2",
        "pppp.phrase": "vstarcam2018",
    }


@pytest.mark.parametrize("phrase", PHRASES)
def test_an_answer_under_any_phrase_names_the_phrase(phrase: str) -> None:
    clear = bytes.fromhex(next(iter(ANSWERS)))
    assert pppp.decode_reply(scramble(phrase, clear))["pppp.phrase"] == phrase


def test_ilnk_cameras_are_told_by_prefix_or_check_letters() -> None:
    clear = bytes.fromhex("f1410014") + b"VSTD\0\0\0\0" + bytes(4) + b"WVLKX\0\0\0"
    assert pppp.decode_reply(clear)["pppp.family"] == "iLnkP2P"
    clear = bytes.fromhex("f1410014") + b"ZZZ\0\0\0\0\0" + bytes(4) + b"ABCDEF\0\0"
    assert pppp.decode_reply(clear)["pppp.family"] == "iLnkP2P"


@pytest.mark.parametrize("data", [b"", pppp.SEARCH, b"\xf1\x42" + bytes(22), b"\xf1\x41\0\x14" + bytes(20)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        pppp.decode_reply(data)
