"""The deep check: everything to one device and to no other, ended by its first answer, and honest about silence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cache

import pytest

from iotsweep.model import Observation
from iotsweep.probes import deep_pppp
from iotsweep.probes.context import Context, Hosts, ProbeSkipped
from iotsweep.probes.deep_pppp import PROBE, RATE, SECONDS
from iotsweep.wire import pppp
from iotsweep.wire.pppp_keys import SEARCHES, UNLISTED, is_search
from iotsweep.wire.pppp_scramble import PHRASES, scramble
from iotsweep.wire.vendor_questions import QUESTIONS
from tests.probes.fake_network import FakeDoor, Sent, at_once, make_context
from tests.wire.test_pppp_keys import answer

SUSPECT = "192.168.7.30"
PHRASE = "gr8-unlisted"
FEW = 400  # searches, in place of all


def _run(door: FakeDoor, *, known: bool = True, seconds: float = 600.0) -> tuple[list[Observation], Context, float]:
    seen: list[Observation] = []
    kept: list[Context] = []

    async def job() -> None:
        hosts = Hosts()
        if known:
            hosts.add(SUSPECT)
        context = replace(make_context(door, seen, seconds, hosts), suspect=SUSPECT)
        kept.append(context)
        await PROBE.run(context)

    took = at_once(job())
    return seen, kept[0], took


@cache
def _all() -> tuple[bytes, ...]:
    return deep_pppp._choose()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, ...]:
    """Only a few searches, that of the unlisted phrase in their middle."""
    wanted = scramble(PHRASE, pppp.SEARCH)
    others = [search for search in _all() if search != wanted][: FEW - 1]
    chosen = (*others[: FEW // 2], wanted, *others[FEW // 2 :])
    monkeypatch.setattr(deep_pppp, "_choose", lambda: chosen)
    monkeypatch.setattr("tests.probes.fake_network.Guard", _Guard)
    return chosen


class _Guard:
    """The guard of a sweep whose suspect was named, made once."""

    def __init__(self, _: object) -> None:
        from iotsweep.network.guard import Guard
        from tests.fakes import SCOPE

        self.check_payload = Guard(SCOPE, SUSPECT).check_payload
        self.check_unicast = Guard(SCOPE, SUSPECT).check_unicast


def _camera(sent: Sent) -> list[tuple[bytes, str]]:
    return [(answer(PHRASE), SUSPECT)] if sent[0] == scramble(PHRASE, pppp.SEARCH) else []


def test_a_camera_with_an_unlisted_phrase_is_found_and_its_answer_ends_the_searches(few: tuple[bytes, ...]) -> None:
    door = FakeDoor(answers=_camera)
    seen, context, _ = _run(door)
    assert [(o.ip, o.first("pppp.uid"), o.first("pppp.phrase")) for o in seen] == [
        (SUSPECT, "QQXX-004711-WONJM", UNLISTED)
    ]
    assert seen[0].sha256
    searched = [data for data, _, port in door.sent if port == pppp.PORT and data in few]
    assert FEW // 2 < len(searched) < FEW // 2 + 20
    assert context.limits == []


def test_every_question_goes_to_the_suspect_and_to_nobody_else(few: tuple[bytes, ...]) -> None:
    door = FakeDoor(answers=_camera)
    _run(door)
    assert {address for _, address, _ in door.sent} == {SUSPECT}
    assert {question.port for question in QUESTIONS if question.datagrams} <= {port for _, _, port in door.sent}
    assert 3702 in {port for _, _, port in door.sent}


def test_the_rate_is_gentle(few: tuple[bytes, ...]) -> None:
    _, _, took = _run(FakeDoor())
    assert took >= FEW / RATE


def test_silence_is_said_as_silence(few: tuple[bytes, ...]) -> None:
    seen, context, _ = _run(FakeDoor())
    assert seen == []
    assert context.limits == [f"{SUSPECT} answered none of {FEW} searches; that does not show that it is no camera"]


def test_what_was_not_sent_any_more_is_said(few: tuple[bytes, ...]) -> None:
    door = FakeDoor()
    kept: list[Context] = []

    async def job() -> None:
        hosts = Hosts()
        hosts.add(SUSPECT)
        kept.append(replace(make_context(door, [], 600.0, hosts), suspect=SUSPECT))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(deep_pppp.LISTEN + 0.4):
                await PROBE.run(kept[0])

    at_once(job())
    assert f"of {FEW} searches and answered none of these; the others were not sent" in kept[0].limits[0]


def test_a_camera_that_answered_a_usual_question_is_not_searched(few: tuple[bytes, ...]) -> None:
    door = FakeDoor(answers=lambda sent: [(answer(PHRASES[0]), SUSPECT)] if sent[0] == pppp.SCRAMBLED[0] else [])
    seen, context, _ = _run(door)
    assert [o.first("pppp.phrase") for o in seen] == [PHRASES[0]]
    assert context.limits == []
    assert not any(is_search(data) for data, _, port in door.sent if data not in pppp.SCRAMBLED and port == pppp.PORT)


def test_answers_of_others_do_not_end_it(few: tuple[bytes, ...]) -> None:
    door = FakeDoor(answers=lambda sent: [(raw, "192.168.7.99") for raw, _ in _camera(sent)])
    seen, context, _ = _run(door)
    assert all(o.ip != SUSPECT for o in seen)
    assert "answered none" in context.limits[0]


def test_an_address_where_nothing_was_found_is_skipped() -> None:
    with pytest.raises(ProbeSkipped, match="nothing was found at"):
        _run(FakeDoor(), known=False)


def test_the_whole_takes_about_five_minutes() -> None:
    assert SEARCHES / RATE < SECONDS < 6 * 60
    assert len(_all()) > 0.999 * SEARCHES
