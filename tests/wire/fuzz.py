"""What every decoder promises: whatever comes in, an answer or a WireError."""

from __future__ import annotations

import os
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.wire.error import WireError

# Few by default, so that nobody waits; IOTSWEEP_FUZZ=10000 is for continuous integration.
EXAMPLES = int(os.environ.get("IOTSWEEP_FUZZ", "150"))


def never_raises_but_wire_error(decode: Callable[[bytes], object], *samples: bytes, examples: int = EXAMPLES) -> None:
    """Feed noise, and good messages with a piece cut out, replaced or appended."""

    def damaged(parts: tuple[bytes, int, int, bytes]) -> bytes:
        sample, start, length, noise = parts
        start %= len(sample) + 1
        return sample[:start] + noise + sample[start + length :]

    mutated = st.tuples(
        st.sampled_from(samples or (b"",)), st.integers(0, 4096), st.integers(0, 64), st.binary(max_size=24)
    ).map(damaged)

    @settings(max_examples=examples, deadline=None, database=None)
    @given(st.binary(max_size=300) | mutated)
    def check(data: bytes) -> None:
        try:
            decode(data)
        except WireError:
            return

    check()
