"""AES-128 (FIPS 197) and its modes ECB, CBC and GCM (NIST SP 800-38A and 38D), for answers veiled with public keys.

The keys stand in the makers' apps, so nothing here keeps a secret and nothing is guarded against timing.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

from iotsweep.wire.error import WireError

BLOCK = 16
LARGEST = 768  # bytes; the broadcasts that are read stay below 600
_ROUNDS = 10
_FIELD = 0x11B  # x^8 + x^4 + x^3 + x + 1, FIPS 197 section 4.2
_GCM_FIELD = 0xE1 << 120  # SP 800-38D section 6.3
_ORDER = tuple((4 * (column + row) + row) % BLOCK for column in range(4) for row in range(4))
_shift_rows = itemgetter(*_ORDER)  # section 5.1.2
_shift_rows_back = itemgetter(*(_ORDER.index(place) for place in range(BLOCK)))
# Each column turned by 0 to 3 rows, so that its mixing is four multiplications of the whole state.
_TURNED = tuple(itemgetter(*(place - place % 4 + (place + turn) % 4 for place in range(BLOCK))) for turn in range(4))


def _times(a: int, b: int) -> int:
    """Multiplication in the field of FIPS 197 section 4.2."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (_FIELD if a & 0x80 else 0)
        b >>= 1
    return product


def _boxes() -> tuple[bytes, bytes]:
    """The substitution of section 5.1.1 and its inverse, from their definition."""
    box, back = bytearray(256), bytearray(256)
    powers = [1]
    while len(powers) < 255:
        powers.append(_times(powers[-1], 3))  # 3 generates the field
    inverse = {0: 0} | {power: powers[-place % 255] for place, power in enumerate(powers)}
    for value in range(256):
        b = inverse[value]
        spread = b ^ (b << 1) ^ (b << 2) ^ (b << 3) ^ (b << 4)
        box[value] = (spread ^ (spread >> 8) ^ 0x63) & 0xFF
        back[box[value]] = value
    return bytes(box), bytes(back)


@lru_cache(maxsize=1)
def _tables() -> tuple[bytes, bytes, dict[int, bytes]]:
    box, back = _boxes()
    return box, back, {factor: bytes(_times(value, factor) for value in range(256)) for factor in (2, 3, 9, 11, 13, 14)}


@lru_cache(maxsize=16)
def _round_keys(key: bytes) -> tuple[bytes, ...]:
    """Section 5.2."""
    if len(key) != BLOCK:
        raise WireError(f"an AES-128 key of {len(key)} bytes")
    box = _tables()[0]
    words = [key[i : i + 4] for i in range(0, BLOCK, 4)]
    constant = 1
    for number in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if number % 4 == 0:
            word = bytes(box[byte] for byte in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _times(constant, 2)
        words.append(_xor(words[number - 4], word))
    return tuple(b"".join(words[4 * i : 4 * i + 4]) for i in range(_ROUNDS + 1))


def _xor(a: bytes, b: bytes) -> bytes:
    size = min(len(a), len(b))
    return (int.from_bytes(a[:size], "big") ^ int.from_bytes(b[:size], "big")).to_bytes(size, "big")


def _mix(state: bytes, factors: tuple[int, int, int, int]) -> bytes:
    """MixColumns of section 5.1.3, or its inverse, by the first row of its matrix."""
    times = _tables()[2]
    total = 0
    for turned, factor in zip(_TURNED, factors, strict=True):
        part = state if factor == 1 else state.translate(times[factor])
        total ^= int.from_bytes(bytes(turned(part)), "big")
    return total.to_bytes(BLOCK, "big")


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """One block of 16 bytes, section 5.1."""
    box, keys = _tables()[0], _round_keys(key)
    state = _xor(block, keys[0])
    for number in range(1, _ROUNDS + 1):
        state = bytes(_shift_rows(state.translate(box)))
        state = _xor(_mix(state, (2, 3, 1, 1)) if number < _ROUNDS else state, keys[number])
    return state


def decrypt_block(key: bytes, block: bytes) -> bytes:
    """One block of 16 bytes, section 5.3."""
    back, keys = _tables()[1], _round_keys(key)
    state = _xor(block, keys[_ROUNDS])
    for number in range(_ROUNDS - 1, -1, -1):
        state = _xor(bytes(_shift_rows_back(state.translate(back))), keys[number])
        state = _mix(state, (14, 11, 13, 9)) if number else state
    return state


def encrypt_ecb(key: bytes, clear: bytes) -> bytes:
    """PKCS #7 padding (RFC 5652 section 6.3), then block by block."""
    size = BLOCK - len(clear) % BLOCK
    padded = clear + bytes([size]) * size
    return b"".join(encrypt_block(key, padded[i : i + BLOCK]) for i in range(0, len(padded), BLOCK))


def decrypt_ecb(key: bytes, data: bytes) -> bytes:
    """The clear text. Raises WireError for a size that cannot be, and for padding that shows another key."""
    return _take_off_padding(b"".join(decrypt_block(key, block) for block in _blocks(data)))


def encrypt_cbc(key: bytes, start: bytes, clear: bytes) -> bytes:
    """PKCS #7 padding, then each block joined to the one before; `start` is the IV of 16 bytes."""
    size = BLOCK - len(clear) % BLOCK
    veiled, before = b"", start
    for block in _blocks(clear + bytes([size]) * size):
        before = encrypt_block(key, _xor(block, before))
        veiled += before
    return veiled


def decrypt_cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    """The clear text. Raises WireError for a size that cannot be, and for padding that shows another key."""
    blocks = _blocks(data)
    if len(start) != BLOCK:
        raise WireError(f"an AES-CBC start of {len(start)} bytes")
    clear = (_xor(decrypt_block(key, block), before) for block, before in zip(blocks, [start, *blocks], strict=False))
    return _take_off_padding(b"".join(clear))


def _blocks(data: bytes) -> list[bytes]:
    if not data or len(data) % BLOCK or len(data) > LARGEST:
        raise WireError(f"{len(data)} bytes are no AES blocks that would be read")
    return [data[i : i + BLOCK] for i in range(0, len(data), BLOCK)]


def _take_off_padding(clear: bytes) -> bytes:
    size = clear[-1]
    if not 1 <= size <= BLOCK or clear[-size:] != bytes([size]) * size:
        raise WireError("AES padding that does not fit: another key was used")
    return clear[:-size]


def encrypt_gcm(key: bytes, start: bytes, clear: bytes, known: bytes) -> tuple[bytes, bytes]:
    """Ciphertext and tag; `start` is the 12-byte IV, `known` what is authenticated but not veiled."""
    veiled = _count(key, start, clear)
    return veiled, _tag(key, start, veiled, known)


def decrypt_gcm(key: bytes, start: bytes, data: bytes, known: bytes, tag: bytes) -> bytes:
    """The clear text. Raises WireError when the tag does not fit."""
    if len(start) != 12 or len(data) > LARGEST or len(known) > LARGEST:
        raise WireError(f"{len(data)} bytes of AES-GCM that would not be read")
    if _tag(key, start, data, known) != tag:
        raise WireError("an AES-GCM tag that does not fit: another key was used")
    return _count(key, start, data)


def _count(key: bytes, start: bytes, data: bytes) -> bytes:
    """Counter mode from 2 on, SP 800-38D section 6.5 and 7.1."""
    blocks = range(0, len(data), BLOCK)
    stream = (encrypt_block(key, start + (2 + i // BLOCK).to_bytes(4, "big")) for i in blocks)
    return b"".join(_xor(data[i : i + BLOCK], pad) for i, pad in zip(blocks, stream, strict=True))


def _tag(key: bytes, start: bytes, veiled: bytes, known: bytes) -> bytes:
    """GHASH of section 6.4 over both parts and their lengths, veiled with the first counter."""
    factor = int.from_bytes(encrypt_block(key, bytes(BLOCK)), "big")
    lengths = (8 * len(known)).to_bytes(8, "big") + (8 * len(veiled)).to_bytes(8, "big")
    total = 0
    for part in (known, veiled, lengths):
        for i in range(0, len(part), BLOCK):
            total = _gcm_times(total ^ int.from_bytes(part[i : i + BLOCK].ljust(BLOCK, b"\0"), "big"), factor)
    return _xor(total.to_bytes(BLOCK, "big"), encrypt_block(key, start + b"\0\0\0\1"))


def _gcm_times(a: int, b: int) -> int:
    """Multiplication in the field of SP 800-38D section 6.3, first bit lowest power."""
    product = 0
    for place in range(127, -1, -1):
        if a >> place & 1:
            product ^= b
        b = (b >> 1) ^ (_GCM_FIELD if b & 1 else 0)
    return product
