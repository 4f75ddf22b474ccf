"""`iotsweep demo`: one process plays the devices, this one becomes the laptop among them and runs the real scan."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from iotsweep.clock import utc_now
from iotsweep.model import Consent, ConsentRole, RouterRunBy, Scope
from iotsweep.practice.home import Home
from iotsweep.practice.kernel import (
    PracticeError,
    die_with_parent,
    enter_network,
    enter_private_network,
    own_network,
    why_not,
)
from iotsweep.practice.serving import READY, play
from iotsweep.practice.wiring import INTERFACE

Result = TypeVar("Result")
_READY_WITHIN = 10.0  # seconds; about 0.2 is usual


def run(home: Home, scan: Callable[[Scope], Result]) -> Result:
    """Build the home, run `scan` on its network and return what it returns; nothing is left afterwards.

    Raises PracticeError, before `scan` is called, when the home cannot be built here.
    """
    with open_home(home) as scope:
        return scan(scope)


@contextmanager
def open_home(home: Home) -> Iterator[Scope]:
    """This process becomes the laptop in the practice home; the devices end with the block, or with this process."""
    with _own_network_restored():
        enter_private_network()
        try:
            devices, alive = _start_devices(home)
        except OSError as error:
            raise PracticeError(f"{why_not()} ({error.strerror})") from error
        try:
            yield scope_of(home)
        finally:
            os.close(alive)
            _end(devices)


@contextmanager
def _own_network_restored() -> Iterator[None]:
    """Go back to where we were, as far as the kernel lets us: only root can; for anybody else the process ends soon."""
    try:
        before = own_network()
    except OSError:  # no such place: not Linux, or no /proc
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            enter_network(before)
        os.close(before)


def scope_of(home: Home) -> Scope:
    """The practice network, consented to by whoever started the demo: it is their own."""
    consent = Consent(ConsentRole.OWNER, utc_now(), "by option", RouterRunBy.OURSELVES)
    laptop = home.laptop
    return Scope(home.network, INTERFACE, laptop.address, laptop.mac, home.gateway, consent=consent)


def _start_devices(home: Home) -> tuple[int, int]:
    """The process of the devices, and the pipe that keeps it alive."""
    laptop, parent = own_network(), os.getpid()
    ready, say_ready = os.pipe()
    watched, alive = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ready)
            os.close(alive)
            _detach(parent)
            play(home, laptop, say_ready, watched)
        finally:
            os._exit(0)
    for descriptor in (laptop, say_ready, watched):
        os.close(descriptor)
    try:
        _await_ready(ready)
    except BaseException:
        os.close(alive)
        _end(child)
        raise
    finally:
        os.close(ready)
    return child, alive


def _detach(parent: int) -> None:
    """The devices hear no Ctrl-C, write to no terminal, and die with the scan."""
    die_with_parent(parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _await_ready(ready: int) -> None:
    readable, _, _ = select.select([ready], [], [], _READY_WITHIN)
    if not readable:
        raise PracticeError(f"the devices were not ready within {_READY_WITHIN:g} seconds")
    said = os.read(ready, 512).decode("utf-8", "replace")
    if said != READY:
        raise PracticeError(f"{why_not()} ({said or 'the devices ended before they were ready'})")


def _end(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
