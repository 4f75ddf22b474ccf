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
    "aes.encrypt_block": "encrypts",
    "aes.encrypt_cbc": "encrypts",
    "aes.encrypt_ecb": "encrypts",
    "aes.encrypt_gcm": "encrypts",
    "aes.decrypt_block": "one block, for those below",
    "aes.decrypt_gcm": "the parts of a frame, for tuya.decode_broadcast",
    "ethernet.is_device": "one address",
    "ethernet.raw_ethertype": "one byte",
    "ip.is_fresh": "one byte of a header that was read",
    "ip.is_host": "one address",
    "ip.is_link_local": "one address",
    "ip.is_private": "one address",
    "ip.text_of": "one address",
    "kasa.encode": "encodes",
    "layout.field": "a place in a message, for those who know it",
    "layout.ipv4": "a place in a message",
    "layout.mac": "a place in a message",
    "layout.number": "a place in a message",
    "layout.text": "a place in a message",
    "page.is_page": "looks for a word",
    "pcap.is_pcap": "four bytes",
    "pcapng.is_pcapng": "twelve bytes",
    "pppp.is_answer_size": "the length",
    "pppp_keys.is_search": "four bytes that are about to be sent",
    "pppp_keys.means_something_else": "four bytes that are about to be sent",
    "tls.is_alert": "two bytes",
    "tls_hello.is_client_hello": "six bytes",
    "tls_hello.is_server_hello": "six bytes",
    "wifi.find_hotspots": "addresses of this laptop's own network",
}
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
    readers = set(_public_readers())
    assert readers - _NO_DECODERS.keys() - listed == set(), (
        "add a row with good messages to tests/wire/decoders.py or decoders_of_makers.py"
    )
    assert _NO_DECODERS.keys() <= readers, "an exception that is there no more"
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
