"""A device that was known and speaks after a silence: told each time, but not of one that never stops talking."""

from __future__ import annotations

import asyncio

from iotsweep.model import Observation
from iotsweep.probes._hearsay import Hearsay
from iotsweep.probes._silences import EVERY, LONG, Silences
from tests.probes.fake_network import FakeDoor, at_once, make_context
from tests.probes.unasked import CAMERA, PHONE, arp, dhcp_request, mdns_announcement, udp

IP = "192.168.7.23"
ASKS = arp(CAMERA, IP, "192.168.7.1")
JOINS = dhcp_request(CAMERA, [(12, b"front-door")])
ANNOUNCES = udp(CAMERA, IP, "224.0.0.251", 5353, 5353, mdns_announcement("_ring._tcp", "Bell", "bell", IP))


Step = float | bytes | str


def take(*script: Step, table: tuple[str, str] | None = None) -> list[Observation]:
    """What is observed; a number is a silence of that many seconds, a text the address of who speaks to a group."""
    seen: list[Observation] = []

    async def go() -> None:
        now = asyncio.get_running_loop().time()
        hearsay = Hearsay(make_context(FakeDoor(), seen), silences=Silences(now))
        if table:
            hearsay.tell_address(*table)
        for each in script:
            if isinstance(each, bytes):
                hearsay.take_frame(each)
            elif isinstance(each, str):
                hearsay.take_sender(each)
            else:
                await asyncio.sleep(each)

    at_once(go())
    return seen


def silences(seen: list[Observation]) -> list[str]:
    return [value for one in seen for value in one.values("heard.silence")]


def test_a_camera_that_speaks_again_after_a_silence_is_told_again() -> None:
    seen = take(ASKS, 125, ASKS)
    assert [one.facts for one in seen] == [
        (("mac.address", CAMERA),),
        (("heard.silence", "125"), ("mac.address", CAMERA)),
    ]
    assert (seen[1].mac, seen[1].ip) == (CAMERA, IP)
    assert seen[1].sha256


def test_each_way_of_waking_counts() -> None:
    for frame in (ASKS, JOINS, ANNOUNCES):
        assert silences(take(ASKS, 61, frame)) == ["61"]


def test_a_device_that_only_the_system_knew_is_told_when_it_is_heard_for_the_first_time() -> None:
    assert silences(take(30, ASKS, table=(CAMERA, IP))) == ["30"]
    assert silences(take(3, ASKS, table=(CAMERA, IP))) == ["3"]


def test_a_device_that_goes_on_talking_is_no_waking() -> None:
    steps: list[Step] = [LONG - 1, ASKS]
    assert silences(take(ASKS, *steps * 30)) == []


def test_a_device_is_told_at_most_once_a_minute() -> None:
    steps: list[Step] = [EVERY / 2, ASKS]
    assert len(silences(take(ASKS, *steps * 60))) == 30


def test_a_device_that_is_not_of_this_network_is_not_told() -> None:
    other = udp(PHONE, "8.8.8.8", "255.255.255.255", 68, 6666, b"x")
    assert take(other, 60, other) == []


def test_without_rights_who_speaks_to_a_group_is_told_again_too() -> None:
    seen = take(IP, 5, IP, 100, IP)
    assert [dict(one.facts) for one in seen] == [{"ip.v4": IP}, {"ip.v4": IP, "heard.silence": "100"}]


def test_what_is_told_is_bounded_and_the_bound_is_said() -> None:
    silences = Silences(0.0)
    told = 0
    for minute in range(1, 40):
        for who in range(400):
            told += silences.hear(str(who), minute * 61.0, known=True) is not None
    assert told == 5_000
    assert silences.full


def test_after_the_first_pass_where_nobody_listens_all_the_time_nothing_is_called_a_silence() -> None:
    seen: list[Observation] = []

    async def go() -> None:
        hearsay = Hearsay(make_context(FakeDoor(), seen))
        hearsay.take_frame(ASKS)
        await asyncio.sleep(90)
        hearsay.take_frame(ASKS)

    at_once(go())
    assert len(seen) == 1
