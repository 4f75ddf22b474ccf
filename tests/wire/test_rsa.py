"""RSA-OAEP against another implementation, in both directions."""

from __future__ import annotations

import pytest

from iotsweep.wire import rsa, tapo
from iotsweep.wire.error import WireError

SEED = bytes(range(20))


@pytest.fixture(scope="module")
def pair() -> rsa.KeyPair:
    """A fresh pair, made by cryptography: two primes, as most keys have."""
    made = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    numbers = made.generate_private_key(public_exponent=65537, key_size=2048).private_numbers()
    return rsa.KeyPair((numbers.p, numbers.q))


def _oaep() -> object:
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    padding = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.padding")
    return padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


@pytest.mark.parametrize("which", ["a fresh one", "the one of the question"])
def test_what_another_program_encrypts_for_the_written_key_is_read(pair: rsa.KeyPair, which: str) -> None:
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    chosen = pair if which == "a fresh one" else tapo.KEY_PAIR
    public = serialization.load_pem_public_key(chosen.write_public().encode())
    assert (
        chosen.decrypt(public.encrypt(b"sixteen and more bytes of secret", _oaep()))
        == b"sixteen and more bytes of secret"
    )
    assert public.public_numbers().n == chosen.modulus == rsa.read_public(chosen.write_public())


def test_what_we_encrypt_another_program_reads() -> None:
    made = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    private = made.generate_private_key(public_exponent=65537, key_size=2048)
    veiled = rsa.encrypt(private.public_key().public_numbers().n, b"from a practice camera", SEED)
    assert private.decrypt(veiled, _oaep()) == b"from a practice camera"


@pytest.mark.parametrize("size", [0, 1, 32, 214])
def test_what_is_encrypted_comes_back(size: int) -> None:
    clear = bytes(range(size))
    assert tapo.KEY_PAIR.decrypt(rsa.encrypt(tapo.KEY_PAIR.modulus, clear, SEED)) == clear


@pytest.mark.parametrize("data", [b"", bytes(255), bytes(257), bytes(256), b"\xff" * 256, b"\x01" + bytes(255)])
def test_what_was_not_meant_for_the_key_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        tapo.KEY_PAIR.decrypt(data)


@pytest.mark.parametrize("pem", ["", "-----BEGIN PUBLIC KEY-----", "A", "A" * 392, "é"])
def test_what_is_no_public_key_is_refused(pem: str) -> None:
    with pytest.raises(WireError):
        rsa.read_public(pem)


def test_too_much_for_one_block_is_refused() -> None:
    with pytest.raises(WireError):
        rsa.encrypt(tapo.KEY_PAIR.modulus, bytes(215), SEED)
