"""`iotsweep demo`: the practice home, scanned for real where the system allows it, replayed where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.catalogue.loading import load
from iotsweep.cli.fail import fail
from iotsweep.cli.read import NothingToAsk
from iotsweep.cli.scan import Plain, Replace, Save
from iotsweep.cli.stopping import Stopping, nothing_sent_yet

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Report, Scope
    from iotsweep.practice.home import Home


def demo(
    home: Annotated[
        str | None, typer.Argument(metavar="HOME", help="A practice home (see --list), or a .yaml file.")
    ] = None,
    list_homes: Annotated[bool, typer.Option("--list", help="List the practice homes and stop.")] = False,
    replay: Annotated[bool, typer.Option("--replay", help="Replay a recording instead of scanning.")] = False,
    save: Save = None,
    replace: Replace = False,
    plain: Plain = False,
    no_input: NothingToAsk = False,
) -> None:
    """Check a practice home of simulated devices. Nothing is sent on any real network."""
    from iotsweep.cli.show import check_can_save, keep, leave, show

    if list_homes:
        _list_homes()
        return
    with nothing_sent_yet():
        check_can_save(save, replace)
        chosen, catalogue = _load_home(home), load()
    with Stopping() as stopping:
        if replay:
            report = _replay(chosen, catalogue, "A replay was asked for.")
        else:
            report = _scan(chosen, catalogue, plain, stopping)
        keep(report, save, replace)
    if save != Path("-"):
        show(report, catalogue, plain)
    leave(report, stopping)


def _scan(home: Home, catalogue: Catalogue, plain: bool, stopping: Stopping) -> Report:
    from iotsweep.practice.demo import run
    from iotsweep.practice.kernel import PracticeError
    from iotsweep.practice.replay import mark

    def scan(scope: Scope) -> Report:
        from iotsweep.cli.running import run as run_scan
        from iotsweep.plan import make_plan

        typer.echo(f"{home.title}: {len(home.devices)} simulated devices are answering on {scope.network}.", err=True)
        return run_scan(make_plan(scope, catalogue), plain, stopping)

    try:
        return mark(run(home, scan), home)
    except PracticeError as reason:
        why = f"The practice home cannot be built here: {reason}."
        typer.echo(why, err=True)
        return _replay(home, catalogue, why)


def _replay(home: Home, catalogue: Catalogue, why: str) -> Report:
    from iotsweep.practice.replay import RecordingError, load_recording, replay

    try:
        recording = load_recording(home)
    except RecordingError as error:
        fail(error)
    typer.echo(f"{home.title}: a replay of what was recorded on {recording.started[:10]}; nothing is sent.", err=True)
    return replay(recording, home, catalogue, why)


def _load_home(name: str | None) -> Home:
    from iotsweep.practice.loading import DEFAULT_HOME, HomeError, find_home, load_home

    try:
        return load_home(find_home(name or DEFAULT_HOME))
    except HomeError as error:
        fail(error)


def _list_homes() -> None:
    from iotsweep.practice.loading import bundled_homes

    for name in bundled_homes():
        home = _load_home(name)
        typer.echo(f"{name}: {home.title}, {len(home.devices)} devices. {home.story}")
