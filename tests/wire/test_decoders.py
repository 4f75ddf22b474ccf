"""What every decoder of the wire promises: an answer or a WireError, whatever comes in, and in no time."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import pkgutil
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import iotsweep.wire
from iotsweep.wire.error import WireError
from tests.wire.decoders import DECODERS
from tests.wire.decoders_of_makers import Decoder
from tests.wire.hostile_messages import SIZES, hostile_messages

CASES = int(os.environ.get("IOTSWEEP_FUZZ", "10000"))
LONGEST = 0.010  # seconds of processor time for one message of up to 64 KiB

# Public functions that take bytes and are no decoders, or read no more than what the decoder before them has read.
_NO_DECODERS = {
    "encrypt_block": "encrypts", "encrypt_ecb": "encrypts", "encrypt_gcm": "encrypts", "encode": "encodes",
    "decrypt_block": "takes one block, of decrypt_ecb", "decrypt_gcm": "takes a frame's parts, of decode_broadcast",
    "field": "a place in a message", "text": "a place in a message", "number": "a place in a message",
    "ipv4": "a place in a message", "mac": "a place in a message", "text_of": "an address of the right length",
    "is_device": "an address", "is_private": "an address", "is_link_local": "an address", "is_host": "an address",
    "raw_ethertype": "looks at one byte", "is_pcap": "looks at four bytes", "is_pcapng": "looks at twelve bytes",
    "is_alert": "looks at two bytes", "is_client_hello": "looks at six bytes", "is_server_hello": "looks at six bytes",
    "is_page": "looks for a word", "is_answer_size": "looks at the length",
    "is_search": "four bytes, which we are about to send", "means_something_else": "four bytes, as is_search",
}  # fmt: skip
_READS = ("decode", "read_", "parse_", "find_")


def _public_readers() -> Iterator[str]:
    """Every public function of iotsweep.wire that begins like a reader, or whose first argument is bytes."""
    for module in pkgutil.iter_modules(iotsweep.wire.__path__):
        found = importlib.import_module(f"iotsweep.wire.{module.name}")
        for name, function in vars(found).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != found.__name__:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if name.startswith(_READS) or (first is not None and first.annotation == "bytes"):
                yield f"{module.name}.{name}"


def test_every_decoder_of_the_wire_is_in_the_table() -> None:
    listed = {decoder.name.split()[0] for decoder in DECODERS}
    missing = {name for name in _public_readers() if name.partition(".")[2] not in _NO_DECODERS} - listed
    assert missing == set(), "add a row with good messages to tests/wire/decoders.py or decoders_of_makers.py"
    assert len({decoder.name for decoder in DECODERS}) == len(DECODERS)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.name)
def test_a_good_message_of_the_table_is_good(decoder: Decoder) -> None:
    """The first of each, that is. Otherwise the noise would never get further than the first line of a decoder."""
    decoder.read(decoder.samples[0])


_DAMAGES = st.tuples(
    st.integers(0, 3),  # 0: nothing but noise; else a good message with a piece cut out and noise put in its place
    st.integers(0, 4095),  # where
    st.integers(0, 72),  # how much is cut out; beyond 64, all that follows
    st.binary(max_size=200),
)


def _damage(samples: tuple[bytes, ...], way: int, start: int, length: int, noise: bytes) -> bytes:
    if not way or not samples:
        return noise
    sample = samples[(start + way) % len(samples)]
    start %= len(sample) + 1
    return sample[:start] + noise[:40] + (sample[start + length :] if length <= 64 else b"")


def test_noise_makes_no_decoder_do_more_than_refuse() -> None:
    """CASES hypothesis examples; each is one damage, done to one good message of every decoder in the table.

    So every decoder gets CASES messages, each of its own protocol, while the costly drawing is done once for all.
    """
    cases = dict.fromkeys((decoder.name for decoder in DECODERS), 0)

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(_DAMAGES)
    def check(damage: tuple[int, int, int, bytes]) -> None:
        for decoder in DECODERS:
            data = _damage(decoder.samples, *damage)
            cases[decoder.name] += 1
            try:
                decoder.read(data)
            except WireError:
                continue
            except Exception as error:
                error.add_note(f"{decoder.name} got {data.hex()}")
                raise

    check()
    assert min(cases.values()) >= CASES


@pytest.mark.parametrize("decoder", [d for d in DECODERS if d.timed], ids=lambda decoder: decoder.name)
def test_no_message_however_long_keeps_a_decoder_busy(decoder: Decoder) -> None:
    decoder.read(decoder.samples[0])  # whatever is made on first use
    for size in SIZES:
        for what, data in hostile_messages(size, decoder.samples):
            assert _spent(decoder.read, data) <= LONGEST, f"{what}, {len(data)} bytes, {data[:40]!r}"


def _spent(read: Callable[[bytes], object], data: bytes) -> float:
    """The best of three in processor time, so that others on the machine do not count."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        with contextlib.suppress(WireError):
            read(data)
        best = min(best, time.process_time() - started)
        if best <= LONGEST:
            break
    return best
