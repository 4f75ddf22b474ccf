"""IPv6 discovery on a wire of its own: who is found, what leaves, and what the guard holds back."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

import pytest

from iotsweep.network.guard import Guard, GuardError
from iotsweep.network.tap import open_tap
from iotsweep.probes import Probe
from iotsweep.probes.context import ProbeSkipped
from iotsweep.probes.ipv6 import PROBE, ROUNDS
from iotsweep.wire.ndp import encode_echo
from tests.network.laboratory import FAR_MAC, context, home, in_lab, run, scope, shared, wait_until

LINK_LOCAL = "fe80::ff:fe00:99"  # FAR_MAC as RFC 4291 appendix A makes an address of it


def test_it_is_a_probe() -> None:
    assert isinstance(PROBE, Probe)


def play_ipv6_home() -> None:
    """A device without any IPv4 address; it answers pings to all nodes, as Linux does."""
    import signal

    run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.h0.accept_dad=0")
    run("sysctl", "-qw", "net.ipv6.conf.h0.disable_ipv6=0")
    signal.pause()


def _somebody_answers() -> bool:
    """Ask by the system's own ping until the far end is up: it answers from another address than ours."""
    subprocess.run(["ping", "-6", "-c1", "-W1", "ff02::1%eth0"], capture_output=True, check=False)
    known = subprocess.run(["ip", "-6", "neigh", "show", "dev", "eth0"], capture_output=True, text=True, check=False)
    return FAR_MAC in known.stdout


async def check_ipv6_only() -> dict[str, Any]:
    async with home([], far=play_ipv6_home):
        run("sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=0")
        run("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0")
        await asyncio.to_thread(wait_until, _somebody_answers)
        own = scope()
        common = shared(own)
        seen = context("ipv6", own, common)
        async with open_tap(own, common):
            await PROBE.run(seen.context)
        return {
            "pairs": seen.pairs(),
            "facts": [observation.facts for observation in seen.observations],
            "sent": [(place.address, place.packets) for place in common.ledger.sent("ipv6").destinations],
            "counted": common.ledger.counted,
            "hosts": seen.context.hosts.known(),
        }


async def check_no_ipv6() -> str:
    async with home([]):
        own = scope()
        try:
            await PROBE.run(context("ipv6", own, shared(own)).context)
        except ProbeSkipped as reason:
            return str(reason)
        return ""


@pytest.mark.lab
def test_a_device_without_ipv4_is_found_and_tied_to_its_mac() -> None:
    result = in_lab(f"{__name__}:check_ipv6_only")
    assert result["pairs"] == [[LINK_LOCAL, FAR_MAC]]
    assert result["facts"] == [[["ip.v6", LINK_LOCAL], ["mac.address", FAR_MAC]]]
    assert result["sent"] == [["ff02::1", len(ROUNDS)]]
    assert result["counted"] == "on the wire"
    assert result["hosts"] == []  # nothing else is ever asked over IPv6


@pytest.mark.lab
def test_where_ipv6_is_off_it_is_left_out_with_the_reason() -> None:
    assert "IPv6" in in_lab(f"{__name__}:check_no_ipv6")


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("ff05::1", encode_echo(1, 1)),
        ("fe80::1", encode_echo(1, 1)),
        ("ff02::1", encode_echo(1, 1) + b"more"),
        ("ff02::1", b"\x88" + encode_echo(1, 1)[1:]),
    ],
)
def test_nothing_but_an_empty_echo_to_all_nodes_may_leave(address: str, data: bytes) -> None:
    with pytest.raises(GuardError):
        Guard(scope()).check_echo(address, data)
