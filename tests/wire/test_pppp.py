"""PPPP search answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import pppp
from iotsweep.wire.error import WireError
from tests.wire.fuzz import never_raises_but_wire_error

ANSWERS = {
    "f14100144241544400000000000262ca574f4e4a4d000000": ("BATD", "BATD-156362-WONJM"),
    "f14100145848410000000000000003e24b4d4d4542000000": ("XHA", "XHA-000994-KMMEB"),
    "f14100144c42435300000000000000004343434a4a000000": ("LBCS", "LBCS-000000-CCCJJ"),
}


@pytest.mark.parametrize(("answer", "told"), list(ANSWERS.items()))
def test_the_id_reads_as_on_the_label(answer: str, told: tuple[str, str]) -> None:
    assert pppp.decode_reply(bytes.fromhex(answer)) == {"pppp.prefix": told[0], "pppp.uid": told[1]}


@pytest.mark.parametrize("data", [b"", pppp.SEARCH, b"\xf1\x42" + bytes(22), b"\xf1\x41\0\x14" + bytes(20)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        pppp.decode_reply(data)


def test_noise_never_does_more_than_be_refused() -> None:
    never_raises_but_wire_error(pppp.decode_reply, *map(bytes.fromhex, ANSWERS))
