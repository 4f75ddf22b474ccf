"""Each check of the doctor, on laptops of each system."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iotsweep.doctor.checks import examine
from iotsweep.doctor.facts import LINUX, MACOS, WINDOWS, Facts, Finding
from tests.doctor.laptops import HOME, READY, VPN, laptop


def limiting(facts: Facts) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(facts) if finding.limits}


@pytest.mark.parametrize("facts", READY, ids=lambda facts: facts.system)
def test_on_a_laptop_that_is_ready_nothing_limits_a_check(facts: Facts) -> None:
    assert limiting(facts) == {}
    assert len(examine(facts)) >= 15


@pytest.mark.parametrize(
    ("system", "change", "name", "fix"),
    [
        (LINUX, {"interfaces": ()}, "network interface", "connect this laptop to the home's Wi-Fi"),
        (LINUX, {"interfaces": (HOME, VPN)}, "VPN", "disconnect the VPN"),
        (LINUX, {"privileged": False}, "rights", "sudo setcap cap_net_raw+ep"),
        (MACOS, {"privileged": False}, "rights", "sudo .venv/bin/iotsweep scan"),
        (WINDOWS, {"privileged": False}, "rights", "install Npcap"),
        (WINDOWS, {"npcap": False}, "Npcap", "https://npcap.com"),
        (LINUX, {"firewalls": ("ufw",)}, "firewall", "sudo ufw allow proto udp from any port 1900,3702,5353"),
        (LINUX, {"firewalls": ("firewalld",)}, "firewall", "--add-source-port=5353/udp"),
        (LINUX, {"firewalls": ("nftables",)}, "firewall", "udp sport { 1900, 3702, 5353 } accept"),
        (LINUX, {"firewalls": ("iptables",)}, "firewall", "--sports 1900,3702,5353 -j ACCEPT"),
        (MACOS, {"firewalls": ("macOS firewall",)}, "firewall", "Block all incoming connections"),
        (WINDOWS, {"firewalls": ("Windows firewall",)}, "firewall", "New-NetFirewallRule"),
        (MACOS, {"local_network_denied": None}, "local network permission", "Privacy & Security > Local Network"),
        (WINDOWS, {"antivirus": ("ESET",)}, "antivirus", "allow the folder of iotsweep"),
        (LINUX, {"hostname": "refuge-nord-03"}, "name of this laptop", "hostnamectl set-hostname laptop"),
        (MACOS, {"hostname": "Annas-MacBook"}, "name of this laptop", "General > About > Name"),
        (WINDOWS, {"hostname": "pc.charity.example"}, "name of this laptop", "Rename-Computer"),
        (LINUX, {"clock_synchronised": False}, "clock", "compare this time with a phone's"),
        (LINUX, {"mdns_programs": ("avahi-daemon",)}, "another mDNS responder", "stop avahi-daemon.socket"),
        (WINDOWS, {"mdns_programs": ("chrome",)}, "another mDNS responder", "close the programs named"),
        (LINUX, {"file_sharing": ("Windows file sharing (smbd)",)}, "file sharing", "systemctl stop smbd"),
        (MACOS, {"file_sharing": ("x",)}, "file sharing", "General > Sharing"),
        (WINDOWS, {"file_sharing": ("shared folder Work",)}, "file sharing", "Advanced sharing settings"),
        (LINUX, {"remote_programs": ("Signal",)}, "sync and chat", "quit Signal"),
        (LINUX, {"vendors_date": "2025-01-01"}, "bundled data", "install the newest iotsweep"),
        (LINUX, {"free_bytes": 1000}, "free disk", "make room for at least 0.5 GB"),
        (MACOS, {"disk_encrypted": False}, "disk encryption", "FileVault: switch it on"),
    ],
    ids=str,
)
def test_one_thing_that_is_wrong_is_found_with_its_fix(
    system: str, change: dict[str, Any], name: str, fix: str
) -> None:
    found = limiting(replace(laptop(system), **change))
    assert set(found) == {name}
    assert fix in found[name].fix


@pytest.mark.parametrize(
    ("system", "fix"),
    [(LINUX, "cloned-mac-address random"), (MACOS, "Private Wi-Fi address"), (WINDOWS, "Random hardware addresses")],
)
def test_a_cards_own_hardware_address_is_said_with_how_to_change_it(system: str, fix: str) -> None:
    own = replace(HOME, mac="8c:8c:aa:00:00:01")
    found = limiting(replace(laptop(system), interfaces=(own,)))
    assert set(found) == {"hardware address of this laptop"}
    assert "8c:8c:aa:00:00:01 on wlan0" in found["hardware address of this laptop"].finding
    assert fix in found["hardware address of this laptop"].fix


def test_a_made_up_hardware_address_is_to_be_written_down_and_none_says_nothing() -> None:
    said = {finding.name: finding.finding for finding in examine(laptop(LINUX))}
    assert "write it down" in said["hardware address of this laptop"]
    hidden = replace(laptop(LINUX), interfaces=(replace(HOME, mac=""),))
    assert limiting(hidden) == {}
    assert "hardware address of this laptop" not in {each.name for each in examine(replace(hidden, interfaces=()))}


@pytest.mark.parametrize("system", [LINUX, MACOS, WINDOWS])
def test_what_cannot_be_told_limits_nothing_and_is_said(system: str) -> None:
    unknown = replace(
        laptop(system), clock_synchronised=None, mdns_programs=None, free_bytes=None, disk_encrypted=None, nmap=None
    )
    said = {finding.name: finding.finding for finding in examine(unknown)}
    assert limiting(unknown) == {}
    assert "compare this time with a phone's" in said["clock"]
    assert "cannot be told" in said["another mDNS responder"]
    assert "cannot be told" in said["disk encryption"]


def test_several_networks_name_the_one_that_is_taken_and_the_others() -> None:
    other = replace(HOME, name="eth0", address="10.0.0.9", gateway="10.0.0.1", metric=100)
    (found,) = (each for each in examine(replace(laptop(LINUX), interfaces=(HOME, other))) if "takes" in each.finding)
    assert "192.168.7.0/24 through wlan0; also here: eth0 (choose with --interface)" in found.finding


def test_client_isolation_is_said_with_what_to_do() -> None:
    said = {finding.name: finding.finding for finding in examine(laptop(LINUX))}
    assert "join the home's main Wi-Fi, or plug a cable into the router" in said["client isolation"]


def test_checks_of_another_system_say_nothing() -> None:
    names = {facts.system: {finding.name for finding in examine(facts)} for facts in READY}
    assert "Npcap" not in names[LINUX] | names[MACOS]
    assert "local network permission" not in names[LINUX] | names[WINDOWS]


@pytest.mark.parametrize("name", ["laptop", "PC", "DESKTOP-4F7A1B2", "macbook-pro", "thinkpad-2", "laptop.local", ""])
def test_a_plain_name_tells_nobody_anything(name: str) -> None:
    assert "name of this laptop" not in limiting(replace(laptop(LINUX), hostname=name))


def test_a_system_that_nobody_knows_gets_general_advice() -> None:
    found = limiting(replace(laptop("freebsd13"), privileged=False, hostname="shelter", disk_encrypted=False))
    assert set(found) == {"rights", "name of this laptop", "disk encryption"}
    assert all(finding.fix for finding in found.values())
