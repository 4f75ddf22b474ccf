"""AES against the vectors of its standards."""

from __future__ import annotations

import pytest

from iotsweep.wire import aes
from iotsweep.wire.error import WireError

KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
CLEAR = bytes.fromhex("00112233445566778899aabbccddeeff")
VEILED = bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")


def test_the_example_of_fips_197_appendix_c() -> None:
    assert aes.encrypt_block(KEY, CLEAR) == VEILED
    assert aes.decrypt_block(KEY, VEILED) == CLEAR


def test_the_cipher_example_of_fips_197_appendix_b() -> None:
    key, clear = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes.fromhex("3243f6a8885a308d313198a2e0370734")
    assert aes.encrypt_block(key, clear).hex() == "3925841d02dc09fbdc118597196a0b32"


@pytest.mark.parametrize(
    ("clear", "veiled"),
    [
        ("6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"),
        ("ae2d8a571e03ac9c9eb76fac45af8e51", "f5d3d58503b9699de785895a96fdbaaf"),
        ("30c81c46a35ce411e5fbc1191a0a52ef", "43b1cd7f598ece23881b00e3ed030688"),
        ("f69f2445df4f9b17ad2b417be66c3710", "7b0c785e27e8ad3f8223207104725dd4"),
    ],
)
def test_the_vectors_of_sp_800_38a(clear: str, veiled: str) -> None:
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    assert aes.encrypt_block(key, bytes.fromhex(clear)).hex() == veiled
    assert aes.decrypt_block(key, bytes.fromhex(veiled)).hex() == clear


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 200])
def test_what_is_veiled_comes_back(size: int) -> None:
    clear = bytes(range(size))
    assert aes.decrypt_ecb(KEY, aes.encrypt_ecb(KEY, clear)) == clear


def test_the_gcm_vectors_of_its_first_specification() -> None:
    # McGrew and Viega, The Galois/Counter Mode of Operation, test cases 2 and 4.
    zero, start = bytes(16), bytes(12)
    veiled, tag = aes.encrypt_gcm(zero, start, zero, b"")
    assert (veiled.hex(), tag.hex()) == ("0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf")
    key, start = bytes.fromhex("feffe9928665731c6d6a8f9467308308"), bytes.fromhex("cafebabefacedbaddecaf888")
    clear = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    known = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    veiled, tag = aes.encrypt_gcm(key, start, clear, known)
    assert tag.hex() == "5bc94fbc3221a5db94fae95ae7121a47"
    assert aes.decrypt_gcm(key, start, veiled, known, tag) == clear


def test_the_cbc_vectors_of_sp_800_38a() -> None:
    key, start = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), KEY
    clear = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    veiled = aes.encrypt_cbc(key, start, clear)
    assert veiled[:32].hex() == "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
    assert aes.decrypt_cbc(key, start, veiled) == clear
    with pytest.raises(WireError):
        aes.decrypt_cbc(key, b"short", veiled)


def test_another_key_is_noticed() -> None:
    with pytest.raises(WireError):
        aes.decrypt_ecb(bytes(16), aes.encrypt_ecb(KEY, b"x" * 40))
    veiled, tag = aes.encrypt_gcm(KEY, bytes(12), b"hello", b"")
    with pytest.raises(WireError):
        aes.decrypt_gcm(bytes(16), bytes(12), veiled, b"", tag)


@pytest.mark.parametrize("data", [b"", b"x" * 15, bytes(aes.LARGEST + 16)])
def test_sizes_that_cannot_be_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        aes.decrypt_ecb(KEY, data)


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(WireError):
        aes.encrypt_block(b"short", CLEAR)
