"""Other programs in the same home, and what kinds their output tells to somebody who reads it generously."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.lab.node import NETWORK, Layout

# A peer prints services, titles and makers, not kinds. It is taken to name a kind when one of these words stands in
# what it printed about a device; a maker counts where that is mainly what it makes.
TELLS = {
    "router": r"domain|dnsmasq|miniupnp|router|archer",
    "audio": r"airtunes|airplay|shairport|raop|sonos",
    "speaker": r"airtunes|airplay|sonos",
    "printer": r"\bipp\b|printer|officejet|jetdirect",
    "nas": r"synology|qnap|diskstation|microsoft-ds|netbios-ssn|minidlna|samba",
    "computer": r"wsdapi|microsoft-ds|netbios-ssn|minidlna|\bdell\b",
    "camera": r"rtsp|hikvision|dahua|reolink|axis|camera|netsurveillance|uc-httpd|mjpg|webcam|wyze",
    "recorder": r"rtsp|dahua|hikvision|\bnvr\b|\bdvr\b|netsurveillance|uc-httpd",
    "board": r"raspberry|raspbian|dropbear",
    "hub": r"home assistant|mqtt|mosquitto|\bhue\b",
    "doorbell": r"doorbell",
    "lock": r"\block|august|nuki",
    "thermostat": r"thermostat|ecobee",
    "sensor": r"sensor|aqara",
    "plug": r"\bplug|outlet|kasa",
    "light": r"lightbulb|\bbulb|nanoleaf|lifx",
    "garage": r"garage|chamberlain|myq",
    "alarm": r"alarm|security system",
    "tv": r"googlecast|chromecast|bravia|\btv\b",
    "phone": r"iphone|android|\bphone",
}


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program: its name as it is reported, and its command."""

    name: str
    command: tuple[str, ...]


ARP_SCAN = Peer("arp-scan", ("arp-scan", "--interface=eth0", "--localnet"))
NMAP_FAST = Peer("nmap -F -T4", ("nmap", "-F", "-T4", NETWORK))
NMAP_FAST_NUMERIC = Peer("nmap -F -T4 -n", ("nmap", "-F", "-T4", "-n", NETWORK))
NMAP_SERVICES = Peer("nmap -sV --version-light", ("nmap", "-sV", "--version-light", "-T4", NETWORK))


def told(output: str) -> dict[str, str]:
    """Per address, everything that a peer printed about it, in lower case."""
    found: dict[str, str] = {}
    address = ""
    for line in output.lower().splitlines():
        if started := re.match(r"(?:nmap scan report for .*?)?\(?(\d+\.\d+\.\d+\.\d+)\)?(?:\s|$)", line):
            address = started[1]
        if address:
            found[address] = found.get(address, "") + line + "\n"
    return found


def score_peer(layout: Layout, output: str) -> tuple[int, int]:
    """How many devices a peer found, and how many kinds its words tell."""
    words = told(output)
    found = [node for node in layout.nodes if node.address in words]
    right = [node for node in found if any(_tells(kind, words[node.address]) for kind in node.kinds)]
    return len(found), len(right)


def _tells(kind: str, words: str) -> bool:
    return re.search(TELLS.get(kind, rf"\b{kind}"), words) is not None
