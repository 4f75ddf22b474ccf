"""Ctrl-C, termination and a closed terminal: they end a command before anything is sent, and later only the scan."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import typer

from iotsweep.cli.fail import ExitCode, fail
from iotsweep.cli.signals import heard

if TYPE_CHECKING:
    from types import FrameType, TracebackType

_Handler = Callable[[int, "FrameType | None"], object] | int | None


@contextmanager
def nothing_sent_yet() -> Iterator[None]:
    """Say, when somebody stops the command meanwhile, that nothing was sent."""
    try:
        yield
    except (KeyboardInterrupt, typer.Abort):
        fail("stopped before anything was sent", ExitCode.INTERRUPTED)


class Stopping:
    """While it is open, a wish to stop is kept and handed on, and never cuts off what is being saved."""

    def __init__(self) -> None:
        self.asked = False
        self._before: list[tuple[int, _Handler]] = []
        self._tell: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        for number in heard():
            self._before.append((number, signal.signal(number, self._ask)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._before:
            signal.signal(*self._before.pop())

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Call `tell` as soon as somebody asks to stop, at once when somebody has."""
        self._tell = tell
        if self.asked:
            tell()
        try:
            yield
        finally:
            self._tell = None

    def _ask(self, *_: object) -> None:
        self.asked = True
        if self._tell:
            self._tell()
