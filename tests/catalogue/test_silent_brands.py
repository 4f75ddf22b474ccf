"""What answers nothing and is known by its address block alone is possible, never more, and the answer says why."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from iotsweep.cli.catalogue import catalogue_app

BLOCKS = {
    "Ring": ("64:9a:63", "00:b4:63", "ac:9f:c3"),
    "Blink": ("3c:a0:70", "74:ab:93", "f0:74:c1"),
    "Arlo": ("48:62:64", "a4:11:62", "fc:9c:98"),
    "Google": ("18:b4:30", "64:16:66"),  # Nest
    "August": ("78:9c:85",),
    "Yale": ("b0:44:9c",),
    "Nuki": ("54:d2:72",),
}
NAMES = ("Ring-3a91c2", "Blink-Mini", "VMC4040P-A1B2C", "Nest-Cam-12ab", "august-lock-1a2b", "schlage-be489wb")


def _match(observation: dict[str, str]) -> dict[str, object]:
    line = json.dumps({"id": 1, "observations": [observation]})
    result = CliRunner().invoke(catalogue_app, ["match"], input=line)
    assert result.exit_code == 0
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize(("maker", "block"), [(maker, block) for maker, blocks in BLOCKS.items() for block in blocks])
def test_an_address_block_alone_is_possible_with_its_reason(maker: str, block: str) -> None:
    answer = _match({"mac.address": f"{block}:11:22:33"})
    assert (answer["maker"], answer["confidence"]) == (maker, "possible")
    because = answer["because"]
    assert isinstance(because, list)
    assert {fact["key"] for fact in because} <= {"mac.vendor", "mac.prefix"}


@pytest.mark.parametrize("name", NAMES)
def test_a_host_name_alone_is_possible_too(name: str) -> None:
    answer = _match({"dhcp.hostname": name})
    assert answer["kind"] in {"doorbell", "camera", "lock"}
    assert answer["confidence"] == "possible"
