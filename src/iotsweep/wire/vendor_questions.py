"""The allow-list of makers' discovery questions: exactly these datagrams are sent, nothing is ever built from a reply.

Many of these protocols put "find" and "change" on one port, which is why the bytes are fixed here and why each
decoder names the fields that it keeps. None of the questions logs in, opens a session, pairs, wakes or moves anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from iotsweep.wire.vendor_cameras import CAMERAS
from iotsweep.wire.vendor_question import VendorQuestion
from iotsweep.wire.vendor_things import THINGS

QUESTIONS: tuple[VendorQuestion, ...] = CAMERAS + THINGS

# Ports at which a single datagram starts video, wakes a battery camera or switches a lamp: nothing goes there at all.
NEVER_ASKED = {
    8070: "starts the video of Little Stars cameras (DEEFRAG/A9)",
    8080: "starts the video of Little Stars cameras (DEEFRAG/A9)",
    2026: "wakes Reolink's battery cameras (neolink)",
    4003: "switches Govee lamps (Govee WLAN Guide)",
    32761: "opens TUTK sessions (go2rtc)",
    32100: "the camera clouds' own port (pppp-dissector)",
}


@lru_cache(maxsize=8)
def allowed_datagrams(address: str) -> Mapping[int, frozenset[bytes]]:
    """By port, every datagram that a laptop of `address` may send there: these and no others."""
    by_port: dict[int, set[bytes]] = defaultdict(set)
    for question in QUESTIONS:
        if question.asked(address):
            by_port[question.port].update(question.asked(address))
    return {port: frozenset(datagrams) for port, datagrams in by_port.items()}
