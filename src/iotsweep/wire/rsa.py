"""RSA encryption with OAEP and SHA-1 (RFC 8017), for devices that answer only to whoever brings a public key.

The private half stands in the program for everybody to read: nothing here keeps a secret or is guarded against timing.
"""

from __future__ import annotations

import base64
import textwrap
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from math import prod

from iotsweep.wire.error import WireError

EXPONENT = 65537
_BYTES = 256  # of a modulus of 2048 bits, the only size that is used
_HASH = 20  # bytes of SHA-1
_NO_LABEL = sha1(b"", usedforsecurity=False).digest()
# SubjectPublicKeyInfo (RFC 5280 section 4.1) of a 2048-bit rsaEncryption key, before its modulus and after.
_DER_HEAD = bytes.fromhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
_DER_TAIL = bytes.fromhex("0203010001")
_BEGIN, _END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


@dataclass(frozen=True)
class KeyPair:
    """A key by its primes. More than two are allowed (RFC 8017 section 3.2) and make reading quick."""

    primes: tuple[int, ...]

    @cached_property
    def modulus(self) -> int:
        """The public number."""
        return prod(self.primes)

    @cached_property
    def _steps(self) -> tuple[tuple[int, int, int], ...]:
        """For each prime: itself, its exponent, and the weight of its part (the Chinese remainder theorem)."""
        return tuple(
            (prime, pow(EXPONENT, -1, prime - 1), rest * pow(rest, -1, prime))
            for prime in self.primes
            for rest in (self.modulus // prime,)
        )

    def write_public(self) -> str:
        """The public half as PEM (RFC 7468 section 13)."""
        body = base64.b64encode(_DER_HEAD + self.modulus.to_bytes(_BYTES, "big") + _DER_TAIL).decode()
        return "\n".join([_BEGIN, *textwrap.wrap(body, 64), _END, ""])

    def decrypt(self, data: bytes) -> bytes:
        """What somebody encrypted for this key, RFC 8017 section 7.1.2. Raises WireError when it was another."""
        number = int.from_bytes(data, "big")
        if len(data) != _BYTES or number >= self.modulus:
            raise WireError(f"{len(data)} bytes are nothing that this RSA key could read")
        clear = sum(pow(number, exponent, prime) * weight for prime, exponent, weight in self._steps) % self.modulus
        return _take_off_padding(clear.to_bytes(_BYTES, "big"))


def read_public(pem: str) -> int:
    """The modulus of a PEM public key of 2048 bits. Raises WireError."""
    try:
        der = base64.b64decode(pem.strip().removeprefix(_BEGIN).removesuffix(_END), validate=False)
    except ValueError:
        raise WireError("a public key that is not base64") from None
    if len(der) != len(_DER_HEAD) + _BYTES + len(_DER_TAIL) or not der.startswith(_DER_HEAD):
        raise WireError(f"{len(der)} bytes are no public RSA key of 2048 bits")
    return int.from_bytes(der[len(_DER_HEAD) : -len(_DER_TAIL)], "big")


def encrypt(modulus: int, clear: bytes, seed: bytes) -> bytes:
    """`clear` for the owner of `modulus`, RFC 8017 section 7.1.1; `seed` is 20 bytes that are random elsewhere."""
    gap = _BYTES - len(clear) - 2 * _HASH - 2
    if gap < 0 or len(seed) != _HASH:
        raise WireError(f"{len(clear)} bytes are too many for one RSA block")
    block = _NO_LABEL + bytes(gap) + b"\1" + clear
    masked = _xor(block, _mask(seed, len(block)))
    padded = b"\0" + _xor(seed, _mask(masked, _HASH)) + masked
    return pow(int.from_bytes(padded, "big"), EXPONENT, modulus).to_bytes(_BYTES, "big")


def _take_off_padding(padded: bytes) -> bytes:
    masked = padded[1 + _HASH :]
    seed = _xor(padded[1 : 1 + _HASH], _mask(masked, _HASH))
    block = _xor(masked, _mask(seed, len(masked)))
    label, rest = block[:_HASH], block[_HASH:].lstrip(b"\0")
    if padded[0] or label != _NO_LABEL or rest[:1] != b"\1":
        raise WireError("RSA padding that does not fit: it was meant for another key")
    return rest[1:]


def _mask(seed: bytes, size: int) -> bytes:
    """MGF1 with SHA-1, RFC 8017 appendix B.2.1."""
    rounds = range(-(-size // _HASH))
    return b"".join(sha1(seed + n.to_bytes(4, "big"), usedforsecurity=False).digest() for n in rounds)[:size]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
