"""A laptop with made-up interfaces, for commands that ask which network they are on. Nothing is ever sent from it.

`python -m tests.cli.laptop NOTE ARGUMENTS` runs the command on it, as in a terminal; in place of a check it writes into
the file NOTE what was agreed.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner, Result

from iotsweep.cli.app import app
from iotsweep.network.interfaces import Interface
from iotsweep.sweep import Plan

HOME = Interface("wlan0", "192.168.7.2", 24, "02:00:00:00:00:02", gateway="192.168.7.1")
OTHER = Interface("eth0", "10.0.0.9", 24, "02:00:00:00:00:09", gateway="10.0.0.1")
PUBLIC = Interface("eth0", "93.184.215.14", 24, "02:00:00:00:00:03", gateway="93.184.215.1")
LARGE = Interface("eth0", "10.1.2.3", 16, "02:00:00:00:00:04", gateway="10.1.0.1")
VPN = Interface("wg0", "10.8.0.2", 24, "", passed_over="it is a VPN or tunnel")


def sit_at(monkeypatch: pytest.MonkeyPatch, *interfaces: Interface) -> None:
    """Let commands see these interfaces, and fail the test if a check begins."""

    def refuse(plan: Plan, plain: bool, stopping: object) -> NoReturn:
        pytest.fail("a check began")

    monkeypatch.setattr("iotsweep.network.interfaces.read_interfaces", lambda: interfaces)
    monkeypatch.setattr("iotsweep.cli.running.run", refuse)
    monkeypatch.setattr("iotsweep.stamp.has_link_rights", lambda: False)  # asking would open a socket


def command(*arguments: str, given: bytes | None = None) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, arguments, input=given)


def _main(note: Path, arguments: list[str]) -> None:
    from iotsweep.__main__ import main
    from iotsweep.cli import running
    from iotsweep.network import interfaces

    def remember(plan: Plan, plain: bool, stopping: object) -> NoReturn:
        note.write_text(json.dumps(asdict(plan.scope)))
        sys.exit(0)

    with suppress(OSError):  # make the terminal ours, so that its Ctrl-C reaches us
        os.close(os.open(os.ttyname(0), os.O_RDWR))
    interfaces.read_interfaces = lambda: (HOME, OTHER) if OTHER.name in arguments else (HOME,)
    running.run = remember
    sys.argv = ["iotsweep", *arguments]
    main()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])
