"""What the check sent, in words."""

from __future__ import annotations

import pytest

from iotsweep.model import Destination, ProbeRun, Sent
from iotsweep.reports.sending import say_size, write_sent, write_sent_rows


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_000_000, "2.0 MB")]
)
def test_a_size_is_said_as_people_read_it(size: int, words: str) -> None:
    assert say_size(size) == words


def test_an_address_that_two_probes_asked_is_counted_once() -> None:
    to = Destination("192.168.1.2", "tcp", 80, 3, 180)
    runs = [ProbeRun(name, sent=Sent(3, 180, (to,), "on the wire")) for name in ("ports", "http")]

    assert write_sent(runs).sentences[0] == "In total 6 packets (360 bytes) to 1 address, counted on the wire."


def test_the_probe_that_sent_most_comes_first_and_silent_ones_are_left_out() -> None:
    runs = [ProbeRun("a"), ProbeRun("b", saw=2), ProbeRun("c", sent=Sent(5, 300)), ProbeRun("d", sent=Sent(9, 540))]

    assert [row.probe for row in write_sent_rows(runs)] == ["d", "c", "b"]
