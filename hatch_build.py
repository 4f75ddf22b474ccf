"""Compiles the catalogue into the wheel, so that the first check in a home starts as quickly as every other."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface[Any]):
    """Adds `fingerprints/compiled.json` to the wheel; the program reads the YAML files where it does not fit them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Read and check every fingerprint: a wheel with one that cannot be read is not built."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from iotsweep.catalogue.cache import SHIPPED, write_shipped
        from iotsweep.catalogue.loading import load_catalogue

        target = Path(tempfile.mkdtemp()) / SHIPPED
        write_shipped(load_catalogue(root / "fingerprints"), root / "fingerprints", target)
        build_data["force_include"][str(target)] = f"iotsweep/fingerprints/{SHIPPED}"
