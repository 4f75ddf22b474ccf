"""The allow-list of makers' questions."""

from __future__ import annotations

import hashlib

import pytest

from iotsweep.network.guard import NEVER_PORTS
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_questions import NEVER_ASKED, QUESTIONS, allowed_datagrams

# Every datagram that may be sent, by port and SHA-256 (16 digits): a change here has to be made on purpose.
ALLOWED = frozenset(
    {
        (80, "c7a79693fda342e3"),
        (1757, "beb439bc86446c7a"),
        (1982, "73e91f4fe8303269"),
        (2000, "b31c7cada9f1c546"),
        (2015, "268f299912774111"),
        (2380, "93990068c4cb7328"),
        (3600, "0ab4b246fc74d80d"),
        (4001, "8bd6814ad898f8a0"),
        (5050, "84f13188820445e2"),
        (5050, "c5b9d9bee29128cf"),
        (6445, "1a14e849cbf4524c"),
        (7000, "817f59680e0cf6ce"),
        (7000, "b236592540a97112"),
        (7701, "c701c590179f0eba"),
        (8600, "d383151a6c2cba82"),
        (9999, "1bd4c2601996e241"),
        (10000, "041e0e0015c4ec4d"),
        (10000, "d2af01c451122e2d"),
        (10000, "de95e0b60158b1ca"),
        (10001, "67abdd721024f0ff"),
        (10001, "d0b5531299e0b6e4"),
        (10008, "1f71c59774ac622c"),
        (10670, "89379277ceb93fb0"),
        (20002, "009c8883bba92ece"),
        (20002, "6fde970af0ac6d9c"),
        (20004, "6fde970af0ac6d9c"),
        (20086, "1a14e849cbf4524c"),
        (23456, "9b43d4583230d78a"),
        (32108, "2cefb799871bce07"),
        (32108, "3f20b902e6f116d9"),
        (32108, "4396375f801c0929"),
        (32108, "4f13f3c920b9cda3"),
        (32108, "7b556fb32a27c4ae"),
        (32108, "7d7220f42de38cff"),
        (32108, "8af630ba3f107a32"),
        (32108, "93d7f1c7eb7568bd"),
        (32108, "a194e5ca1c6bdce0"),
        (32108, "aa51c21c25fdb3b6"),
        (32108, "ac4cf18b40510c2f"),
        (32108, "b1c989c035e805e0"),
        (32108, "cf1ae9bf5d05cafa"),
        (32108, "d6131b42316e8fdd"),
        (32108, "f22ed837876d11b2"),
        (32108, "f718394a68712fa7"),
        (32108, "f78f91204e1d1642"),
        (34569, "db9b42bc7440f1f9"),
        (37020, "ad3a0c0efd86a460"),
        (37810, "60562cdfdc43a48f"),
        (38899, "2a28680e410b6ee2"),
        (48899, "cdfa5b1625531e7f"),
        (54321, "9af1cf439fd18123"),
        (56700, "ead7db93fa784a48"),
    }
)


LAPTOP = "192.168.7.2"


def _listed() -> set[tuple[int, str]]:
    allowed = allowed_datagrams(LAPTOP)
    return {(port, hashlib.sha256(data).hexdigest()[:16]) for port in allowed for data in allowed[port]}


def test_exactly_the_listed_datagrams_can_be_sent() -> None:
    assert _listed() == ALLOWED


def test_no_question_goes_to_a_port_that_is_never_touched() -> None:
    assert not {question.port for question in QUESTIONS} & NEVER_PORTS


def test_nothing_that_changes_or_opens_a_device_is_in_the_list() -> None:
    every = b"\n".join(data for question in QUESTIONS for data in question.asked(LAPTOP)).lower()
    for word in (
        b"setconfig",
        b"registration",
        b"setpilot",
        b"devinit",
        b"passwdfind",
        b"getcode",
        b"reset",
        b"activate",
    ):
        assert word not in every
    assert not any(data[:2] in {b"\xf1\x41", b"\xf1\x42"} for question in QUESTIONS for data in question.asked(LAPTOP))


def test_nothing_but_this_laptops_own_address_differs_between_two_homes() -> None:
    ours, theirs = allowed_datagrams(LAPTOP), allowed_datagrams("10.1.2.3")
    assert {port for port in ours if ours[port] != theirs[port]} == {7000, 10670}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.name} {question.port}")
def test_every_row_says_who_describes_it_and_what_it_tells(question: VendorQuestion) -> None:
    assert question.source
    assert question.keys
    assert not (question.asked(LAPTOP) and question.port in NEVER_ASKED)
    assert question.asked(LAPTOP) or question.answers_to, "neither asked nor heard"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.name} {question.port}")
def test_every_question_is_sent_three_to_five_times_to_the_network(question: VendorQuestion) -> None:
    places = 2 * question.broadcast + bool(question.group)
    assert 3 <= question.times * places <= 9
    assert question.times >= 2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.name} {question.port}")
def test_our_own_question_is_no_answer(question: VendorQuestion) -> None:
    for data in question.asked(LAPTOP):
        with pytest.raises(WireError):
            question.decode(data)
