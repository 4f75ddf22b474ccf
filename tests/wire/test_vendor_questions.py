"""The allow-list of makers' questions."""

from __future__ import annotations

import hashlib

import pytest

from iotsweep.network.guard import NEVER_PORTS
from iotsweep.wire.error import WireError
from iotsweep.wire.vendor_questions import QUESTIONS, VendorQuestion

# Every datagram that may be sent, by port and SHA-256 (16 digits): a change here has to be made on purpose.
ALLOWED = frozenset(
    {
        (1982, "73e91f4fe8303269"),
        (2000, "b31c7cada9f1c546"),
        (2015, "268f299912774111"),
        (7701, "c701c590179f0eba"),
        (8600, "d383151a6c2cba82"),
        (9999, "1bd4c2601996e241"),
        (10000, "041e0e0015c4ec4d"),
        (10000, "de95e0b60158b1ca"),
        (10001, "67abdd721024f0ff"),
        (10001, "d0b5531299e0b6e4"),
        (10008, "1f71c59774ac622c"),
        (20002, "009c8883bba92ece"),
        (20002, "9c9152c883965e3b"),
        (20004, "9c9152c883965e3b"),
        (23456, "9b43d4583230d78a"),
        (32108, "4f13f3c920b9cda3"),
        (32108, "a194e5ca1c6bdce0"),
        (32108, "cf1ae9bf5d05cafa"),
        (34569, "db9b42bc7440f1f9"),
        (37020, "ad3a0c0efd86a460"),
        (37810, "60562cdfdc43a48f"),
        (38899, "2a28680e410b6ee2"),
        (54321, "9af1cf439fd18123"),
        (56700, "ead7db93fa784a48"),
    }
)


def _listed() -> set[tuple[int, str]]:
    return {(q.port, hashlib.sha256(data).hexdigest()[:16]) for q in QUESTIONS for data in q.datagrams}


def test_exactly_the_listed_datagrams_can_be_sent() -> None:
    assert _listed() == ALLOWED


def test_no_question_goes_to_a_port_that_is_never_touched() -> None:
    assert not {question.port for question in QUESTIONS} & NEVER_PORTS


def test_nothing_that_changes_or_opens_a_device_is_in_the_list() -> None:
    every = b"\n".join(data for question in QUESTIONS for data in question.datagrams).lower()
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
    assert not any(data[:2] in {b"\xf1\x41", b"\xf1\x42"} for question in QUESTIONS for data in question.datagrams)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.name} {question.port}")
def test_our_own_question_is_no_answer(question: VendorQuestion) -> None:
    for data in question.datagrams:
        with pytest.raises(WireError):
            question.decode(data)
