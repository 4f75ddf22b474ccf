"""LLMNR (RFC 4795): which name goes with an address, asked of everybody on UDP 5355."""

from __future__ import annotations

import struct

from iotsweep.wire.dns import Answer, decode_answer, encode_ptr_query
from iotsweep.wire.error import WireError

GROUP, PORT = "224.0.0.252", 5355
KEYS = ("llmnr.name",)


def encode_question(address: str, id: int) -> bytes:
    """Who is `address`? RFC 4795 section 2.1.1 has no flag for recursion."""
    query = encode_ptr_query(address, id)
    return query[:2] + b"\0\0" + query[4:]


def decode_reply(data: bytes) -> Answer:
    """The names of an answer. Raises WireError for a question, and for a name in conflict."""
    if len(data) >= 4 and struct.unpack_from("!H", data, 2)[0] & 0x0400:
        raise WireError("an LLMNR answer that is in conflict")
    return decode_answer(data)
