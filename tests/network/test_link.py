"""The link layer opens without leaving anything in the user's folders, and says what it lacks."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from iotsweep.network import link
from iotsweep.network.link import LinkError
from tests.network.laboratory import home, in_lab, scope


async def check_folders() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder, TMPDIR=folder)
        os.environ.pop("XDG_CACHE_HOME", None)
        async with home(["10.77.0.10"]):
            found = link.open_socket(scope())
            kind = type(found).__module__
            found.close()
        return {"left": [str(path) for path in Path(folder).rglob("*") if path.name != "frames.pcap"], "kind": kind}


@pytest.mark.lab
def test_scapys_socket_opens_and_leaves_nothing_in_the_users_folders() -> None:
    result = in_lab(f"{__name__}:check_folders")
    assert result["kind"].startswith("scapy.")
    assert result["left"] == []


def test_without_rights_the_remedy_is_said_and_scapy_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "has_link_rights", lambda: False)
    monkeypatch.setattr(link, "_load_scapy", lambda: pytest.fail("loaded"))
    with pytest.raises(LinkError, match="administrator rights"):
        link.open_socket(scope())
