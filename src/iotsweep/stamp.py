"""What made a report: versions, catalogue and vendor table, so that somebody else can make it again."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from iotsweep import __version__
from iotsweep.model import Tool
from iotsweep.network.link import has_link_rights

if TYPE_CHECKING:
    from iotsweep.catalogue.catalogue import Catalogue
    from iotsweep.vendors import Vendors

_WORTH_NAMING = (
    "scapy",
    "zeroconf",
    "python-nmap",
    "pydantic",
    "pyyaml",
    "google-re2",
    "defusedxml",
    "mac-vendor-lookup",
)


def stamp(catalogue: Catalogue, vendors: Vendors, *, sends: bool = True) -> Tool:
    """The exact tool, catalogue and tables in use now. The rights that this process has count only if it `sends`."""
    return Tool(
        version=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        dependencies=tuple((name, _version(name)) for name in _WORTH_NAMING),
        catalogue_version=catalogue.version,
        catalogue_sha256=catalogue.sha256,
        catalogue_fingerprints=len(catalogue.fingerprints),
        vendors_date=vendors.date,
        vendors_sha256=vendors.sha256,
        privileged=sends and has_link_rights(),
        overlay=tuple(sorted(catalogue.overlay)),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
