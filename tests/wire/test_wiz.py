"""WiZ replies."""

from __future__ import annotations

import pytest

from iotsweep.wire import wiz
from iotsweep.wire.error import WireError

REPLY = (
    b'{"method":"getSystemConfig","env":"pro","result":{"mac":"a8bb5006033d","homeId":653906,"roomId":989983,'
    b'"moduleName":"ESP01_SHRGB_03","fwVersion":"1.25.0","groupId":0,"drvConf":[30,1],"ping":0}}'
)


def test_a_lamp_gives_its_module_and_not_the_accounts_home() -> None:
    assert wiz.decode_reply(REPLY) == {
        "wiz.module_name": "ESP01_SHRGB_03",
        "wiz.fw_version": "1.25.0",
        "wiz.mac": "a8:bb:50:06:03:3d",
    }


@pytest.mark.parametrize("data", [b"", wiz.QUESTION, b'{"result":{}}', b"[]", b"[" * 100_000])
def test_a_question_or_nothing_is_no_reply(data: bytes) -> None:
    with pytest.raises(WireError):
        wiz.decode_reply(data)
