"""The four Linux calls that make a private place: unshare, setns, and two prctl options. No program is needed.

Python has os.unshare and os.setns only from 3.12 on, so libc is called directly.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# linux/sched.h and linux/prctl.h
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1

_OWN_NETWORK = Path("/proc/thread-self/ns/net")
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_NO_NAMESPACES = "this system does not let programs make private networks"


class PracticeError(Exception):
    """The practice home cannot be built here; the message is a phrase that says why."""


def enter_private_network() -> None:
    """Move this process into a network of its own, as root or, with a user namespace, as anybody.

    Files that are written afterwards still belong to the user who started the program.
    Raises PracticeError; then nothing has changed, or only the (empty) user namespace was made.
    """
    if not sys.platform.startswith("linux"):
        raise PracticeError("private networks need Linux")
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        with suppress(OSError):
            _unshare(_CLONE_NEWNET)
            return
    try:
        _unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        _map_to_root(user, group)
    except OSError as error:
        raise PracticeError(f"{why_not()} ({error.strerror})") from error


def new_network() -> int:
    """Put this thread into a new network namespace and return a descriptor that keeps it alive."""
    _unshare(_CLONE_NEWNET)
    return own_network()


def own_network() -> int:
    """A descriptor of the network namespace that this thread is in."""
    return os.open(_OWN_NETWORK, os.O_RDONLY | os.O_CLOEXEC)


def enter_network(descriptor: int) -> None:
    """Put this thread into the network namespace of `descriptor`: sockets opened now stay there."""
    _call("setns", descriptor, _CLONE_NEWNET)


@contextmanager
def inside(descriptor: int, back: int) -> Iterator[None]:
    """Enter the network namespace of `descriptor`, and go to that of `back` afterwards."""
    enter_network(descriptor)
    try:
        yield
    finally:
        enter_network(back)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process the moment that `parent` is gone, whatever ended it."""
    _call("prctl", _PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def why_not() -> str:
    """The likely reason when this system refuses a private network, as a phrase."""
    with suppress(OSError):
        if _APPARMOR.read_text().strip() == "1":
            return "AppArmor on this system keeps ordinary users from making private networks"
    return _NO_NAMESPACES


def _unshare(flags: int) -> None:
    _call("unshare", flags)


def _call(name: str, *arguments: int) -> None:
    try:
        function = getattr(ctypes.CDLL(None, use_errno=True), name)
    except AttributeError as error:
        raise PracticeError(_NO_NAMESPACES) from error
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        full = number == errno.ENOSPC  # namespaces(7): a limit in /proc/sys/user is reached, often one of zero
        raise OSError(number, "the limit of namespaces is reached" if full else os.strerror(number))


def _map_to_root(user: int, group: int) -> None:
    """Let the invoking user be root inside (user_namespaces(7): setgroups has to be denied before gid_map)."""
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"0 {user} 1")
    (own / "gid_map").write_text(f"0 {group} 1")
