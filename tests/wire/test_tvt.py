"""TVT answers."""

from __future__ import annotations

import pytest

from iotsweep.wire import tvt
from iotsweep.wire.error import WireError

SHORT = bytes.fromhex(
    "4d48454408000100020000006c6f6262790000000000000000000000000000000200000000010000"
    "c0a80145ffffff00c0a8010100000000bfb3340150002a02"
)


def test_a_recorder_gives_name_address_and_ports() -> None:
    assert tvt.decode_reply(SHORT) == {
        "tvt.name": "lobby",
        "tvt.mac": "02:00:00:00:00:01",
        "tvt.ip": "192.168.1.69",
        "tvt.build_date": "20231103",
        "tvt.http_port": "80",
        "tvt.rtsp_port": "554",
    }


def test_a_whole_answer_gives_model_and_vendor_too() -> None:
    whole = bytearray(SHORT + bytes(240 - len(SHORT)))
    whole[196:202] = b"TD-300"
    whole[212:215] = b"TVT"
    facts = tvt.decode_reply(bytes(whole))
    assert (facts["tvt.model"], facts["tvt.vendor"]) == ("TD-300", "TVT")


@pytest.mark.parametrize("data", [b"", tvt.QUESTION, SHORT[:40]])
def test_a_question_or_a_piece_is_no_answer(data: bytes) -> None:
    with pytest.raises(WireError):
        tvt.decode_reply(data)
