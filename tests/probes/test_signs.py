"""Signs of other networks in what is heard: told once each, with who gave them, and never a crash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.model import Observation
from iotsweep.network.ear import put_tag_back
from iotsweep.probes._signs import Signs
from iotsweep.probes.listen import PROBE
from tests.network.laboratory import context, home, in_lab, scope, shared
from tests.probes.fake_network import FakeDoor, at_once, make_context
from tests.probes.unasked import ALL, BOX, PHONE, PRINTER, advertisement, arp, dhcp_offer, ethernet, play, tagged
from tests.wire.test_switches import MAC as SWITCH
from tests.wire.test_switches import cdp, lldp

LLDP = ethernet(bytes.fromhex("0180c200000e"), BOX, 0x88CC, lldp())
CDP = (
    (bytes.fromhex("01000ccccccc") + bytes.fromhex(BOX.replace(":", "")))
    + bytes.fromhex("0040aaaa0300000c2000")
    + cdp()
)
FRAMES = (
    LLDP,
    CDP,
    dhcp_offer(BOX, "10.77.0.1", "10.77.0.40"),
    dhcp_offer(PRINTER, "10.77.0.2", "10.77.0.41", message=5),
    advertisement(BOX, "fe80::1"),
    tagged(arp(PHONE, "10.99.0.9", "10.99.0.1"), 20),
)


def take(*frames: bytes) -> list[Observation]:
    """What is observed of these frames."""
    seen: list[Observation] = []

    async def go() -> None:
        signs = Signs(make_context(FakeDoor(), seen))
        for frame in frames:
            signs.take_frame(frame)

    at_once(go())
    return seen


def test_a_switch_is_told_under_its_own_address() -> None:
    (seen,) = take(LLDP, LLDP)
    assert (seen.mac, seen.ip, seen.first("lldp.name")) == (SWITCH, "192.168.7.250", "switch-1")
    assert seen.values("lldp.vlan") == ("20", "30")
    (seen,) = take(CDP)
    assert (seen.mac, seen.first("cdp.platform")) == (BOX, "cisco AIR")


def test_who_gives_out_addresses_is_told_and_who_asks_for_one_is_not() -> None:
    (seen,) = take(dhcp_offer(BOX, "192.168.7.1", "192.168.7.40"))
    assert (seen.mac, seen.ip, seen.facts) == (BOX, "192.168.7.1", (("dhcp.server", "192.168.7.1"),))
    assert take(dhcp_offer(BOX, "192.168.7.1", "192.168.7.40", message=6)) == []


def test_a_router_that_leads_nowhere_is_no_way_out() -> None:
    (seen,) = take(advertisement(BOX, "fe80::1"))
    assert (seen.mac, seen.facts) == (BOX, (("ip.v6", "fe80::1"), ("ndp.router", "yes")))
    assert take(advertisement(BOX, "fe80::1", lifetime=0)) == []


def test_a_marked_frame_tells_its_network_and_a_priority_tells_none() -> None:
    (seen,) = take(tagged(arp(PHONE, "10.9.9.9", "10.9.9.1"), 20 | 3 << 13))
    assert (seen.mac, seen.facts) == (PHONE, (("vlan.tag", "20"),))
    assert take(tagged(arp(PHONE, "10.9.9.9", "10.9.9.1"), 5 << 13)) == []


def test_our_own_frames_are_no_sign() -> None:
    assert take(tagged(arp("02:00:00:00:00:02", "10.9.9.9", "10.9.9.1"), 20), ethernet(ALL, BOX, 0x88CC, lldp())) == []


@given(st.binary(max_size=120), st.sampled_from(FRAMES), st.integers(0, 119))
def test_no_frame_makes_it_fail(noise: bytes, frame: bytes, place: int) -> None:
    take(noise, frame[:place] + noise, frame[: 14 + place % 40] + noise + frame[40:])


@pytest.mark.parametrize("data", [b"", b"x" * 19])
def test_what_the_kernel_hands_over_beside_a_frame_may_be_nothing(data: bytes) -> None:
    assert put_tag_back(LLDP, [(263, 8, data), (1, 2, b"y" * 20)]) == LLDP


async def check_signs() -> dict[str, Any]:
    async with home([], far=lambda: play(FRAMES)) as recorder:
        own = scope()
        seen = context("listen", own, shared(own), seconds=2)
        await PROBE.run(seen.context)
        facts = [(one.mac, key, value) for one in seen.observations for key, value in one.facts]
        return {"facts": sorted(facts), "sent": len(recorder.frames())}


@pytest.mark.lab
def test_on_a_wire_every_sign_is_heard_and_nothing_is_sent() -> None:
    result = in_lab("tests.probes.test_signs:check_signs")
    found = {tuple(fact) for fact in result["facts"]}
    assert (PHONE, "vlan.tag", "20") in found, "the kernel takes the tag out of the frame"
    assert (SWITCH, "lldp.name", "switch-1") in found
    assert (BOX, "cdp.name", "ap-1") in found
    assert {value for _, key, value in found if key == "dhcp.server"} == {"10.77.0.1", "10.77.0.2"}
    assert (BOX, "ndp.router", "yes") in found
    assert result["sent"] == 0
