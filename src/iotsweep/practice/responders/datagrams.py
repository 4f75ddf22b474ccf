"""Vendor discovery over UDP: one question, one declared answer. Kasa's is veiled with its autokey XOR."""

from __future__ import annotations

from collections.abc import Iterator

from iotsweep.practice.home import Datagram, PracticeDevice
from iotsweep.practice.listeners import Reply, Sender, UdpListener

_KASA_KEY = 171  # the first key of the TP-Link Smart Home Protocol, as python-kasa documents it


def listeners(device: PracticeDevice) -> Iterator[UdpListener]:
    """One listener per declared datagram."""
    for datagram in device.datagrams:
        yield _listener(datagram)


def respond(datagram: Datagram, question: bytes) -> bytes | None:
    """The answer, or None when this is not the question that the device knows."""
    if datagram.kasa:
        return veil(datagram.answer.encode()) if b"get_sysinfo" in unveil(question[:2048]) else None
    if not question.startswith(bytes.fromhex(datagram.question)):
        return None
    return bytes.fromhex(datagram.answer_hex) + datagram.answer.encode()


def veil(text: bytes) -> bytes:
    """Kasa's autokey XOR: each byte is keyed by the veiled byte before it."""
    veiled, key = bytearray(), _KASA_KEY
    for byte in text:
        key ^= byte
        veiled.append(key)
    return bytes(veiled)


def unveil(data: bytes) -> bytes:
    """The opposite of veil."""
    return bytes(byte ^ key for byte, key in zip(data, bytes([_KASA_KEY]) + data, strict=False))


def _listener(datagram: Datagram) -> UdpListener:
    def answer(data: bytes, sender: Sender) -> list[Reply]:
        found = respond(datagram, data)
        return [Reply(found, sender, 0.02)] if found is not None else []

    return UdpListener(datagram.port, answer, (datagram.group,) if datagram.group else ())
