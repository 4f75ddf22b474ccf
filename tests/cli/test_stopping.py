"""Asking to stop: heard at every moment, told once, and never in the way of what is being saved."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
import typer

from iotsweep.cli.signals import heard, raise_interrupt
from iotsweep.cli.stopping import Stopping, nothing_sent_yet

ASKS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _handlers_restored() -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in ASKS]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ASKS)
def test_a_wish_to_stop_is_kept_and_does_not_cut_off_what_runs(number: signal.Signals) -> None:
    told = []
    with Stopping() as stopping:
        os.kill(os.getpid(), number)
        assert stopping.asked
        with stopping.telling(lambda: told.append("before")):
            os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
    assert told == ["before", "before"]


def test_afterwards_the_handlers_are_those_of_before() -> None:
    before = [signal.getsignal(number) for number in ASKS]
    with Stopping():
        assert [signal.getsignal(number) for number in ASKS] != before
    assert [signal.getsignal(number) for number in ASKS] == before


def test_under_nohup_a_closed_terminal_ends_nothing() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert signal.SIGHUP not in heard()
    with Stopping() as stopping:
        os.kill(os.getpid(), signal.SIGHUP)
        assert not stopping.asked


def test_a_background_job_hears_what_its_shell_lets_it_ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Stopping() as stopping:
        os.kill(os.getpid(), signal.SIGINT)
        assert stopping.asked


@pytest.mark.parametrize("number", ASKS)
def test_before_anything_is_sent_it_ends_the_command_and_says_so(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    raise_interrupt()
    with pytest.raises(typer.Exit) as left, nothing_sent_yet():
        os.kill(os.getpid(), number)
    assert left.value.exit_code == 130
    assert capsys.readouterr().err == "iotsweep: stopped before anything was sent\n"
