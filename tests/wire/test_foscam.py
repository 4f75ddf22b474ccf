"""Foscam answers, plain and XORed."""

from __future__ import annotations

import pytest

from iotsweep.wire import foscam
from iotsweep.wire.error import WireError

PLAIN = bytes.fromhex(
    "4d4f5f490100000000000000000000400000000000000030313233343536373839000000"
    "5669727475616c2064657669636500000000000000f0001400ffffff00f0001400080808080800000001000000010000000050"
)
XORED = bytes.fromhex(
    "4d4f5f490100015f466f7363616d5f40000000000000006f775d4057545b68677f6f73634b3b362d321a120f41093a292f0c1649616d5f5f46"
    "9f73776092a0a0469f7377606557574e677363616c5f5f466e7363616d0f"
)


@pytest.mark.parametrize(
    ("reply", "name", "address"),
    [(PLAIN, "Virtual device", "240.0.20.0"), (XORED, "*Virtual device*", "240.0.20.1")],
    ids=["plain", "xored"],
)
def test_both_forms_are_read(reply: bytes, name: str, address: str) -> None:
    facts = foscam.decode_reply(reply)
    assert facts["foscam.name"] == name
    assert facts["foscam.serial"] == "0123456789"
    assert facts["foscam.ip"] == address
    assert facts["foscam.port"] == "80"
    assert set(facts) <= set(foscam.KEYS)


@pytest.mark.parametrize("data", [b"", *foscam.QUESTIONS, PLAIN[:60]])
def test_a_question_or_a_piece_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        foscam.decode_reply(data)
