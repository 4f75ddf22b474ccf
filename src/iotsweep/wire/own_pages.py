"""What Rokus and Shellies tell about themselves over plain HTTP without a login (Roku ECP, Shelly API)."""

from __future__ import annotations

from iotsweep.wire.error import WireError
from iotsweep.wire.hostile import child_texts, local_name, pick, read_json, read_xml
from iotsweep.wire.layout import filled, mac_text

ROKU_PORT, ROKU_PATH = 8060, "/query/device-info"
SHELLY_PORT, SHELLY_PATH = 80, "/shelly"
_ROKU = {
    "model-name": "roku.model",
    "model-number": "roku.model_number",
    "user-device-name": "roku.name",
    "software-version": "roku.version",
    "is-tv": "roku.is_tv",
    "vendor-name": "roku.vendor",
}
_SHELLY = {
    "type": "shelly.type",
    "model": "shelly.type",
    "app": "shelly.app",
    "name": "shelly.name",
    "fw": "shelly.version",
    "ver": "shelly.version",
    "auth": "shelly.auth",
    "gen": "shelly.gen",
}
ROKU_KEYS = (*_ROKU.values(), "roku.mac")
SHELLY_KEYS = (*dict.fromkeys(_SHELLY.values()), "shelly.mac")


def decode_roku(body: bytes) -> dict[str, str]:
    """The facts of a device-info document; ids and the name of the Wi-Fi are never among them."""
    root = read_xml(body)
    if local_name(root) != "device-info":
        raise WireError("no Roku description")
    said = child_texts(root)
    address = mac_text(said.get("wifi-mac", "")) or mac_text(said.get("ethernet-mac", ""))
    return filled({key: said.get(name, "") for name, key in _ROKU.items()} | {"roku.mac": address})


def decode_shelly(body: bytes) -> dict[str, str]:
    """The facts of /shelly, of both generations."""
    said = read_json(body)
    facts = pick(said, {name: key for name, key in _SHELLY.items() if name in said})
    address = mac_text(str(said.get("mac", "")))
    if not address or "shelly.type" not in facts:
        raise WireError("no Shelly description")
    return facts | {"shelly.mac": address}
