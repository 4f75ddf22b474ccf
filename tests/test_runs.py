"""Parts of one probe's work become one."""

from __future__ import annotations

from iotsweep.model import Destination, ProbeRun, Sent
from iotsweep.runs import add_sent, join_runs


def sent(*places: tuple[str, int], counted: str = "on the wire") -> Sent:
    destinations = tuple(Destination(address, "udp", 5353, packets, packets * 100) for address, packets in places)
    total = sum(packets for _, packets in places)
    return Sent(total, total * 100, destinations, counted)


def test_parts_of_one_probe_are_added_up() -> None:
    one = ProbeRun("mdns", "10", "20", sent(("a", 2)), saw=3, limits=("x",))
    other = ProbeRun("mdns", "30", "40", sent(("a", 1), ("b", 4)), saw=1, limits=("x", "y"))
    (joined,) = join_runs([one, other])
    assert (joined.started, joined.ended, joined.saw, joined.limits) == ("10", "40", 4, ("x", "y"))
    assert joined.sent == sent(("a", 3), ("b", 4))


def test_a_part_that_could_not_work_takes_nothing_from_one_that_did() -> None:
    worked, skipped = ProbeRun("arp", saw=5), ProbeRun("arp", skipped="no rights")
    assert join_runs([worked, skipped])[0].skipped is None
    assert join_runs([skipped, skipped])[0].skipped == "no rights"


def test_different_probes_stay_apart_in_their_order() -> None:
    runs = [ProbeRun("b"), ProbeRun("a")]
    assert join_runs(runs) == runs


def test_parts_that_were_counted_differently_count_at_the_socket() -> None:
    assert add_sent(sent(("a", 1)), sent(("a", 1), counted="at the socket")).counted == "at the socket"
    assert add_sent(Sent(), sent(("a", 1))) == sent(("a", 1))
