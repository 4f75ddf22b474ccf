"""What a report says about what it did not reach, read from what was seen and sent."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from iotsweep.catalogue.loading import load_catalogue
from iotsweep.concern import judge
from iotsweep.coverage import Seen, cover, leave_out, read_history
from iotsweep.devices import gather
from iotsweep.guidance import load_guidance
from iotsweep.model import (
    Destination,
    Device,
    DeviceRole,
    Finding,
    Observation,
    ProbeRun,
    Profile,
    Sent,
)
from iotsweep.vendors import load_vendors
from tests.fakes import SCOPE

TIME = "2026-11-22T10:00:00.000000Z"
ROUTER = SCOPE.gateway or ""


def arp(passes: int, silent: str = "192.168.7.200") -> ProbeRun:
    return ProbeRun("arp", sent=Sent(passes, 42 * passes, (Destination(silent, "arp", None, passes, 42 * passes),)))


def answer(ip: str, in_pass: int) -> Observation:
    mac = "02:00:00:00:01:" + ip.rpartition(".")[2].zfill(2)[-2:]
    return Observation("arp", TIME, mac, ip, (("arp.pass", str(in_pass)), ("mac.address", mac)))


def device(ip: str, role: DeviceRole = DeviceRole.DEVICE, seen: tuple[int, ...] = (), **more: object) -> Finding:
    thing = replace(Device(f"device-{ip}", role, (), (ip,), (), (), None, seen), **more)  # type: ignore[arg-type]
    return judge(thing, (), (), load_catalogue())


def whys(seen: Seen) -> list[str]:
    return [missed.why for missed in cover(seen, load_guidance())]


def test_only_the_router_answering_may_mean_a_guest_network() -> None:
    alone = Seen(SCOPE, (answer(ROUTER, 1),), (device(ROUTER, DeviceRole.ROUTER),), (arp(3),))
    assert any("keeps devices apart" in why for why in whys(alone))
    several = replace(alone, findings=(*alone.findings, device("192.168.7.9")))
    assert not any("keeps devices apart" in why for why in whys(several))


def test_without_rights_a_guest_network_is_recognised_as_well() -> None:
    poked = ProbeRun("neighbours", sent=Sent(253, 1, (Destination("192.168.7.9", "udp", 9, 1, 42),)))
    alone = Seen(SCOPE, (answer(ROUTER, 1),), (device(ROUTER, DeviceRole.ROUTER),), (poked,))
    assert any("keeps devices apart" in why for why in whys(alone))
    assert any("not even the router" in why for why in whys(replace(alone, observations=(), findings=())))


def test_nobody_answering_names_what_can_hold_answers_back() -> None:
    assert any("not even the router" in why for why in whys(Seen(SCOPE, (), (), (arp(5),))))


def test_where_nothing_was_asked_silence_means_nothing() -> None:
    assert not whys(Seen(SCOPE, (), (), (ProbeRun("arp", skipped="no rights"),)))


def test_the_estimate_is_printed_with_its_interval() -> None:
    prompt = [answer(f"192.168.7.{n}", 1) for n in range(10, 40)]
    late = [answer(f"192.168.7.{n}", n % 4 + 1) for n in range(10, 40)]
    assert any("there were none" in why for why in whys(Seen(SCOPE, prompt, (device("192.168.7.9"),), (arp(4),))))
    slow = Seen(SCOPE, late, (device("192.168.7.9"),), (arp(6),))
    assert any(re.search(r"\d to \d+ more", why) for why in whys(slow))


def test_the_history_counts_passes_from_what_was_sent_and_methods_from_what_was_seen() -> None:
    seen = (
        answer("192.168.7.10", 1),
        answer("192.168.7.11", 3),
        Observation("mdns", TIME, None, "192.168.7.10", (("mdns.service", "_hap._tcp"),)),
        Observation("mdns", TIME, None, "192.168.7.12", (("mdns.service", "_hap._tcp"),)),
        Observation("mdns", TIME, None, "192.168.7.13", (("mdns.from", "192.168.7.12"), ("mdns.host", "x"))),
        Observation("ssdp", TIME, None, "10.9.9.9", (("ssdp.st", "x"),)),
        Observation("ssdp", TIME, None, SCOPE.address, (("ssdp.st", "x"),)),
    )
    history = read_history(Seen(SCOPE, seen, (), (arp(4),)))
    assert history
    assert (history.first, history.overlooked, history.also_otherwise) == ((1, 0, 1, 0), 1, 1)


def test_a_second_router_is_said() -> None:
    told = Observation("upnp", TIME, None, "192.168.7.30", (("upnp.device_type", "urn:x:InternetGatewayDevice:1"),))
    findings = (device("192.168.7.30", seen=(0,)), device(ROUTER, DeviceRole.ROUTER))
    found = [why for why in whys(Seen(SCOPE, (told,), findings, ())) if "router or access point" in why]
    assert len(found) == 1
    assert found[0].startswith("192.168.7.30 ")


def test_what_answers_for_many_addresses_hides_others() -> None:
    proxy = device("192.168.7.31", DeviceRole.PROXY, answers_for=("192.168.7.40", "192.168.7.41"))
    assert any("answers for 2 addresses" in why for why in whys(Seen(SCOPE, (), (proxy,), ())))


def test_addresses_of_another_private_network_are_said_and_made_up_ones_are_not() -> None:
    away = Observation("mdns", TIME, None, "192.168.7.9", (("ip.v4", "10.0.5.3"), ("mdns.host", "x")))
    made_up = Observation("mdns", TIME, None, "192.168.7.9", (("ip.v4", "169.254.5.3"), ("mdns.host", "x")))
    assert any("10.0.5.3" in why for why in whys(Seen(SCOPE, (away,), (), ())))
    assert not whys(Seen(SCOPE, (made_up,), (), ()))


def test_a_quiet_check_says_what_listening_leaves_out() -> None:
    quiet = replace(SCOPE, profile=Profile.QUIET)
    assert any("Nobody was asked" in why for why in whys(Seen(quiet, (), (), ())))


def test_without_rights_the_loss_is_said() -> None:
    poked = ProbeRun("neighbours", sent=Sent(253, 1, (Destination("192.168.7.9", "udp", 9, 1, 42),)))
    assert any("administrator rights" in why for why in whys(Seen(SCOPE, (), (device("192.168.7.9"),), (poked,))))


@pytest.mark.parametrize("text", ["", "x", "999.1.1.1", "fe80::1", "192.168.7.300"])
def test_hostile_addresses_in_saved_evidence_are_passed_over(text: str) -> None:
    seen = (Observation("arp", TIME, None, text, (("arp.pass", "²"), ("ip.v4", text))),)
    assert isinstance(whys(Seen(SCOPE, seen, (), (arp(3),))), list)


@pytest.mark.parametrize(
    ("gateway", "network", "told"),
    [
        ("192.168.169.1", "192.168.169.0/24", "V720"),
        (None, "192.168.4.0/24", "Little Stars"),
        ("192.168.43.1", "192.168.43.0/24", "trail cameras"),
        ("192.168.7.1", "192.168.7.0/24", None),
        ("192.168.4.2", "192.168.4.0/24", None),
    ],
)
def test_a_laptop_on_a_cameras_own_wifi_is_told_so(gateway: str | None, network: str, told: str | None) -> None:
    scope = replace(SCOPE, gateway=gateway, network=network)
    said = [why for why in whys(Seen(scope, (), (), ())) if "own Wi-Fi" in why]
    assert bool(said) == (told is not None)
    assert told is None or any(told in why for why in said)


def test_a_wifi_name_near_here_is_nobody_who_answered() -> None:
    alone = Seen(SCOPE, (answer(ROUTER, 1),), (device(ROUTER, DeviceRole.ROUTER),), (arp(3),))
    nearby = device("192.168.7.9", DeviceRole.NEARBY)
    assert whys(replace(alone, findings=(*alone.findings, nearby))) == whys(alone)


def noted(mac: str, ip: str | None = None, **facts: str) -> Observation:
    pairs = tuple((key.replace("_", "."), value) for key, value in facts.items())
    return Observation("listen", TIME, mac, ip, pairs)


def said(*observations: Observation, findings: tuple[Finding, ...] = (), runs: tuple[ProbeRun, ...] = ()) -> str:
    return " | ".join(whys(Seen(SCOPE, observations, findings, runs)))


def test_two_servers_of_addresses_mean_a_second_router_and_one_does_not() -> None:
    one = noted("02:aa:00:00:00:01", "192.168.7.1", dhcp_server="192.168.7.1")
    two = noted("02:aa:00:00:00:02", "192.168.7.8", dhcp_server="192.168.7.8")
    assert "More than one device gives out addresses here (192.168.7.1, 192.168.7.8)" in said(one, two)
    assert said(one, one) == ""


def test_two_ways_out_by_ipv6_mean_a_second_router_and_one_does_not() -> None:
    one, two = (noted(f"02:aa:00:00:00:0{n}", ndp_router="yes") for n in (1, 2))
    known = device("192.168.7.8", macs=("02:aa:00:00:00:02",))
    assert "way out of this network (192.168.7.8, 02:aa:00:00:00:01)" in said(one, two, findings=(known,))
    assert said(one, one) == ""


def test_a_private_address_on_the_other_side_of_the_router_means_another_network_before_it() -> None:
    told = Observation("port-mappings", TIME, None, ROUTER, (("igd.outside", "192.168.178.20"),))
    assert "is a private one (192.168.178.20), so it stands behind another router" in said(told)
    assert said(replace(told, facts=(("igd.outside", "192.168.7.1"),))) == ""


def test_marked_frames_and_switches_mean_a_network_that_may_be_divided() -> None:
    tag = noted("02:aa:00:00:00:01", vlan_tag="20")
    served = noted("02:aa:00:00:00:02", lldp_vlan="7", lldp_name="switch-1")
    assert "divided into parts were heard (VLAN 7, 20)" in said(tag, served)
    undivided = replace(served, facts=(("lldp.name", "switch-1"), ("lldp.vlan", "1")))
    assert "A switch or access point tells of itself here (switch-1)" in said(undivided)
    assert said(noted("02:aa:00:00:00:01", lldp_vlan="1")) == ""


def test_a_long_list_is_cut_short() -> None:
    many = [noted("02:aa:00:00:00:01", vlan_tag=str(number)) for number in range(20, 40)]
    assert "(VLAN 20, 21, 22, 23 and 16 more)" in said(*many)


def test_the_standard_profile_says_what_it_leaves_out_unless_somebody_listened_on() -> None:
    asked = ProbeRun("arp", sent=Sent(253, 1, ()))
    assert "The standard profile asks quickly" in said(runs=(asked,))
    assert "asks quickly" not in said(runs=(asked, ProbeRun("again")))
    thorough = Seen(replace(SCOPE, profile=Profile.THOROUGH), (), (), (asked,))
    assert not any("asks quickly" in why for why in whys(thorough))


def test_a_check_cut_short_and_every_part_left_out_stand_first_with_their_reasons() -> None:
    runs = (
        ProbeRun("arp", skipped="ARP was left out: run it with sudo."),
        ProbeRun("mdns", failed="it stopped because of an error"),
        ProbeRun("listen", limits=("It listened for 5 seconds.",)),
        ProbeRun("ssdp"),
    )
    assert [(missed.what, missed.why) for missed in leave_out(runs, "it was stopped by hand")] == [
        ("the rest of the check", "it was stopped by hand"),
        ("arp", "ARP was left out: run it with sudo."),
        ("mdns", "it stopped because of an error"),
        ("listen", "It listened for 5 seconds."),
    ]
    assert leave_out((ProbeRun("ssdp"),), None) == ()


def test_a_router_that_answers_for_everybody_is_said_from_what_was_seen() -> None:
    """Private VLANs and repeaters: one hardware address answers for every address (RFC 1027)."""
    answers = tuple(
        replace(answer(f"192.168.7.{n}", 1), mac="02:00:00:00:00:fe", facts=(("arp.pass", "1"),)) for n in range(30, 40)
    )
    (proxy,) = (one for one in gather(answers, SCOPE, load_vendors()) if one.answers_for)
    finding = judge(proxy, (), answers, load_catalogue())
    assert finding.device.role in {DeviceRole.PROXY, DeviceRole.ROUTER}
    assert any("could not be told apart" in why for why in whys(Seen(SCOPE, answers, (finding,), (arp(3),))))
