"""Commands of the system, read with an end."""

from __future__ import annotations

import asyncio
import sys

from iotsweep.probes._command import read_command


def read(*command: str) -> str:
    return asyncio.run(read_command(*command, seconds=0.3, most=1000))


def test_what_a_command_prints_is_read() -> None:
    assert asyncio.run(read_command("/usr/bin/echo", "ä", seconds=10, most=1000)) == "ä\n"


def test_a_command_that_hangs_or_floods_is_ended() -> None:
    assert read(sys.executable, "-c", "import time; time.sleep(60)") == ""
    assert len(read("/usr/bin/yes")) <= 1000


def test_a_command_that_is_not_there_prints_nothing() -> None:
    assert read("/nowhere/at/all") == ""
