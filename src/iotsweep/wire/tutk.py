"""TUTK (Kalay), the link behind Wyze, Owlet and many baby monitors: only recognised, never asked (go2rtc).

Its search needs the camera's own id, so a device that answers none of our questions can still be one of these.
What is recognised is somebody's app that looks for its camera.
"""

from __future__ import annotations

from iotsweep.wire.error import WireError

PORT = 32761
KEYS = ("tutk.searching",)
# The scrambled start of every search: the same 16 bytes whatever the camera's id is.
_SEARCHES = {
    bytes.fromhex("6e4c9d8c40d140ca3d2da82d00e7cada"): "TUTK",
    bytes.fromhex("6e4c9d8c40d140ca2d2d882dc0e6cadc"): "TUTK, Wyze",
}


def decode_search(data: bytes) -> dict[str, str]:
    """Which kind of camera somebody's app is looking for; it says nothing about the sender itself."""
    if data[:16] not in _SEARCHES:
        raise WireError("no TUTK search")
    return {"tutk.searching": _SEARCHES[data[:16]]}
