"""`iotsweep read FILE...`: the same report from captures and from nmap's output. Nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iotsweep.cli.catalogue.loading import load
from iotsweep.cli.fail import fail
from iotsweep.cli.scan import Plain, Replace, Save
from iotsweep.cli.stopping import Stopping, nothing_sent_yet

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.model import Report


NothingToAsk = Annotated[bool, typer.Option("--no-input", help="For scripts; there is nothing to ask here.")]


def read(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="pcap, pcapng or nmap XML, also gzipped; - for stdin.")
    ],
    save: Save = None,
    replace: Replace = False,
    plain: Plain = False,
    no_input: NothingToAsk = False,
) -> None:
    """Read captures of a network, as one home. Nothing is sent and nothing is asked."""
    from iotsweep.cli.show import check_can_save, keep, leave, show

    with nothing_sent_yet():
        check_can_save(save, replace)
        catalogue = load()
    with Stopping() as stopping:
        report = _read(files, catalogue, stopping)
        keep(report, save, replace)
    if save != Path("-"):
        show(report, catalogue, plain)
    leave(report, stopping)


def _read(files: list[Path], catalogue: Catalogue, stopping: Stopping) -> Report:
    from iotsweep.captures import CaptureError, read_captures
    from iotsweep.stamp import stamp
    from iotsweep.sweep import Moment, Plan, assess
    from iotsweep.vendors import load_vendors

    try:
        heard = read_captures(files, lambda: stopping.asked)
    except CaptureError as error:
        fail(error)
    vendors = load_vendors()
    plan = Plan(heard.scope, catalogue, vendors, (), stamp(catalogue, vendors, sends=False), 0)
    return assess(heard.observations, heard.runs, Moment(heard.started, heard.ended, heard.partial), plan)
