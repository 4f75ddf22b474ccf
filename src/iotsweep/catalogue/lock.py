"""Keeps catalogue updates and scans apart: an update speaks to the internet, and nothing may while a home is scanned.

Scans share the lock, an update wants it alone. The system lets go of it when a program ends, however it ends.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PLACES = 4096  # Windows has no shared locks: a scan locks one byte of these, an update all of them


class BusyError(RuntimeError):
    """The other one is running; the message is for people."""


@contextmanager
def hold_for_scan() -> Iterator[None]:
    """Hold while a scan runs. Raises BusyError when an update does."""
    with _hold(alone=False, busy="the catalogue is being updated: wait until that has ended"):
        yield


@contextmanager
def hold_for_update() -> Iterator[None]:
    """Hold while an update runs. Raises BusyError when a scan or another update does."""
    with _hold(alone=True, busy="a scan or another update is running on this computer: update when it has ended"):
        yield


@contextmanager
def _hold(*, alone: bool, busy: str) -> Iterator[None]:
    descriptor = _open()
    if descriptor is None:  # nowhere to put a lock: better unlocked than unable to scan
        if alone:
            raise BusyError("no lock can be made in the folder for temporary files: check that it may be written")
        yield
        return
    try:
        if not _lock(descriptor, alone=alone):
            raise BusyError(busy)
        yield
    finally:
        os.close(descriptor)


def _open() -> int | None:
    """The lock file, one per person: whoever called sudo shares it with the administrator that sudo made of them."""
    person = os.environ.get("SUDO_UID") or str(os.getuid() if hasattr(os, "getuid") else "")
    path = Path(tempfile.gettempdir()) / f"iotsweep{person if person.isdecimal() else ''}.lock"
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    how = os.O_RDWR if os.name == "nt" else os.O_RDONLY
    for attempt in (how | flags, how | flags | os.O_CREAT):  # an existing file of another owner may not be "created"
        with suppress(OSError):
            descriptor = os.open(path, attempt, 0o644)
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return descriptor
            os.close(descriptor)
    return None


def _lock(descriptor: int, *, alone: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        return _lock_bytes(descriptor, alone=alone)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_bytes(descriptor: int, *, alone: bool) -> bool:
    import msvcrt

    os.lseek(descriptor, 0 if alone else os.getpid() % _PLACES, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, _PLACES if alone else 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
