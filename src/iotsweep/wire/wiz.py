"""WiZ lights over UDP 38899: JSON (pywizlight). Never "registration" or "setPilot", which change the lamp."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import member, pick, read_json
from iotsweep.wire.layout import mac_text

PORT = 38899
QUESTION = b'{"method":"getSystemConfig","params":{}}'
_FIELDS = {"moduleName": "wiz.module_name", "fwVersion": "wiz.fw_version", "typeId": "wiz.type_id"}
KEYS = (*_FIELDS.values(), "wiz.mac")


def decode_reply(data: bytes) -> dict[str, str]:
    """The facts of a getSystemConfig reply. The account's home and room numbers are never among them."""
    result = member(read_json(data), "result")
    facts = pick(result, _FIELDS)
    if mac_text(str(result.get("mac", ""))):
        facts["wiz.mac"] = mac_text(str(result["mac"]))
    if "wiz.mac" not in facts:
        raise WireError("no WiZ reply")
    return facts
