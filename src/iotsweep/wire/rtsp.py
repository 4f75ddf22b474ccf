"""RTSP: OPTIONS asks what a stream server is; DESCRIBE, SETUP and PLAY are never sent (RFC 2326 section 10.1)."""

from __future__ import annotations

from iotsweep.wire.head import Head, decode_head


def encode_options(host: str, port: int) -> bytes:
    """Asks for the methods of the server itself, not of a stream: nothing starts to play."""
    place = host if port == 554 else f"{host}:{port}"
    return f"OPTIONS rtsp://{place}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Mozilla/5.0\r\n\r\n".encode("ascii")


def decode_rtsp(data: bytes) -> Head:
    """The reply's status and headers. Raises WireError."""
    return decode_head(data, b"RTSP")


def is_complete(data: bytes) -> bool:
    """True once the head is whole; a reply to OPTIONS has nothing more to say."""
    return b"\r\n\r\n" in data or b"\n\n" in data


def rtsp_facts(head: Head) -> dict[str, str | tuple[str, ...]]:
    """What the reply says, in the vocabulary."""
    facts: dict[str, str | tuple[str, ...]] = {
        "rtsp.status": str(head.status),
        "rtsp.server": head.values("server"),
        "rtsp.realm": head.realms(),
        "rtsp.public": head.first("public"),
    }
    return {key: value for key, value in facts.items() if value}
