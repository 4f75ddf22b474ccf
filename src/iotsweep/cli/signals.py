"""The signals by which somebody asks to stop: Ctrl-C, termination, a closed terminal. Imports nothing slow."""

from __future__ import annotations

import signal

_ALL = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def heard() -> tuple[int, ...]:
    """Those to obey. Under nohup a closed terminal ends nothing; a shell's background job still hears the others."""
    always = (signal.SIGINT, signal.SIGTERM)
    return tuple(number for number in _ALL if number in always or signal.getsignal(number) is not signal.SIG_IGN)


def raise_interrupt() -> None:
    """Let each of them end the command as Ctrl-C does, by a KeyboardInterrupt."""
    for number in heard():
        signal.signal(number, signal.default_int_handler)
