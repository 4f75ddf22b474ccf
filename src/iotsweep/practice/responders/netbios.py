"""NetBIOS node status (RFC 1002 section 4.2.18): one name, one workgroup, a MAC."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.practice.home import PracticeDevice
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_PORT = 137
_STATUS = b"\0\x21\0\1"  # NBSTAT, IN
_NAME = b"\x20CK" + b"A" * 30 + b"\0"


def answer(device: PracticeDevice, question: bytes) -> bytes | None:
    """The status of a device, or None when this is no question for it."""
    if question[12:] != _NAME + _STATUS:
        return None
    names = ((device.netbios, 0x0400), ("WORKGROUP", 0x8400))
    entries = b"".join(name.upper().encode()[:15].ljust(15) + b"\0" + flags.to_bytes(2, "big") for name, flags in names)
    body = bytes([len(names)]) + entries + bytes.fromhex(device.mac.replace(":", "")) + bytes(40)
    head = question[:2] + bytes.fromhex("84000000000100000000") + _NAME + _STATUS
    return head + bytes(4) + len(body).to_bytes(2, "big") + body


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """Port 137, when the device has a NetBIOS name."""
    if not device.netbios:
        return

    def say(data: bytes, sender: Sender) -> list[Reply]:
        said = answer(device, data)
        return [Reply(said, sender, 0.02)] if said else []

    yield UdpListener(_PORT, say)
